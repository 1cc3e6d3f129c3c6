import { H5TracksError, invalidArgument } from '../../base/errors.js'
import type { NativeOperations } from '../../native/native.js'
import { call, type Operation, runSync } from '../../native/operation.js'
import { type AttributeValue, inferred, simple, type WritableAttributeValue } from '../values/attribute-value.js'
import { product } from '../values/decode.js'
import { encode, rawBytes } from '../values/encode.js'
import { memoryType, memoryTypeToWrite } from '../values/memory-type.js'
import { refuseRaw } from '../values/raw.js'
import { Reference } from '../values/reference.js'
import { type BigintOption, narrowed, shapeOfValues, valuesOf } from '../values/shaped-values.js'
import { fromNative, isNamed, sizeOf, toNative, toType } from '../values/type-spec.js'
import type { Type, TypeSpec, Values, WritableData } from '../values/types.js'
import { names } from './names.js'
import type { OpenObject } from './open-object.js'

export interface AttributeOptions {
  /** The type in the file; absent: found from the value. */
  type?: TypeSpec
  /** [] for one value; null for a null dataspace, which holds none; absent: found from the value. */
  shape?: readonly number[] | null
  /** The value is a Uint8Array of what is to stand in the file. */
  raw?: boolean
}

type Found = ReturnType<NativeOperations['attributes.get']>

/** Attributes of one object. Names are told in the order of names, or of making, where the object tracks that. */
export class Attributes {
  readonly #owner: OpenObject

  /** @internal Comes with its object. */
  constructor(owner: OpenObject) {
    this.#owner = owner
  }

  keys(options: { order?: 'name' | 'creation' } = {}): Promise<string[]> {
    return this.#owner.later(this.#keys(options))
  }

  keysSync(options: { order?: 'name' | 'creation' } = {}): string[] {
    return runSync(this.#keys(options))
  }

  has(name: string): Promise<boolean> {
    return this.#owner.later(call('attributes.exists', this.#owner.handle, name))
  }

  hasSync(name: string): boolean {
    return runSync(call('attributes.exists', this.#owner.handle, name))
  }

  /**
   * The value in the simplest form: one value for a scalar, a list for one axis, `{ data, shape }` for more; 64-bit integers
   * as numbers where all of them are safe integers; null for a null dataspace. Throws ERR_NOT_FOUND.
   */
  get(name: string): Promise<AttributeValue> {
    return this.#owner.later(this.#get(name))
  }

  getSync(name: string): AttributeValue {
    return runSync(this.#get(name))
  }

  /** The values as they are, as `Dataset.read` gives them. A null dataspace is an ERR_FORMAT. */
  read(name: string, options: BigintOption & { raw?: boolean } = {}): Promise<Values> {
    return this.#owner.later(this.#read(name, options))
  }

  readSync(name: string, options: BigintOption & { raw?: boolean } = {}): Values {
    return runSync(this.#read(name, options))
  }

  /** Type and shape; the shape of a null dataspace is null. */
  info(name: string): Promise<{ type: Type; shape: number[] | null }> {
    return this.#owner.later(this.#info(name))
  }

  infoSync(name: string): { type: Type; shape: number[] | null } {
    return runSync(this.#info(name))
  }

  /**
   * Makes the attribute, in place of one by that name. Without a type, strings are written variable-length UTF-8, safe
   * integers and bigints int64, other numbers float64, booleans as h5py's, typed arrays as what they are. ERR_TOO_LARGE: 64 KiB
   * (16 bytes for each string of any length) and more stand only in objects of a newer format, which are those of a file with
   * `libver: ['v108', 'latest']`, and groups and datasets with `trackOrder: true`.
   */
  async set(name: string, value: WritableAttributeValue | WritableData, options: AttributeOptions = {}): Promise<void> {
    await this.#owner.later(this.#set(name, value, options))
  }

  setSync(name: string, value: WritableAttributeValue | WritableData, options: AttributeOptions = {}): void {
    runSync(this.#set(name, value, options))
  }

  /** A reference to an attribute, for values of type `{ class: 'reference', to: 'any' }`. Throws ERR_NOT_FOUND. */
  reference(name: string): Promise<Reference> {
    return this.#owner.later(this.#reference(name))
  }

  referenceSync(name: string): Reference {
    return runSync(this.#reference(name))
  }

  async delete(name: string): Promise<void> {
    await this.#owner.later(call('attributes.delete', this.#owner.handle, name))
  }

  deleteSync(name: string): void {
    runSync(call('attributes.delete', this.#owner.handle, name))
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#owner.later(call('attributes.rename', this.#owner.handle, from, to))
  }

  renameSync(from: string, to: string): void {
    runSync(call('attributes.rename', this.#owner.handle, from, to))
  }

  *#keys({ order = 'name' }: { order?: 'name' | 'creation' }): Operation<string[]> {
    return names(yield* call('attributes.names', this.#owner.handle, order))
  }

  *#reference(name: string): Operation<Reference> {
    yield* call('attributes.info', this.#owner.handle, name)
    const owner = yield* call('reference.object', this.#owner.handle)
    return new Reference('attribute', Buffer.concat([new Uint8Array(owner), Buffer.from(name)]))
  }

  *#info(name: string): Operation<{ type: Type; shape: number[] | null }> {
    const { type, shape } = yield* call('attributes.info', this.#owner.handle, name)
    return { type: fromNative(type), shape }
  }

  *#get(name: string): Operation<AttributeValue> {
    const found = yield* call('attributes.get', this.#owner.handle, name)
    return found.shape === null ? null : simple(yield* this.#values(name, found, found.shape, false))
  }

  /** @internal */
  naming(): Operation<string[]> {
    return this.#keys({})
  }

  /** @internal */
  getting(name: string): Operation<AttributeValue> {
    return this.#get(name)
  }

  /** @internal */
  reading(name: string): Operation<Values> {
    return this.#read(name, {})
  }

  /** @internal */
  setting(name: string, value: WritableData, options: AttributeOptions): Operation<void> {
    return this.#set(name, value, options)
  }

  *#read(name: string, { raw = false, bigint }: BigintOption & { raw?: boolean }): Operation<Values> {
    const found = yield* call('attributes.get', this.#owner.handle, name)
    const { filename } = this.#owner.file
    if (found.shape === null) {
      throw new H5TracksError(
        `attribute '${name}' of '${this.#owner.path}' has a null dataspace, which holds no values`,
        {
          code: 'ERR_FORMAT',
          path: filename,
        },
      )
    }
    const values = yield* this.#values(name, found, found.shape, raw)
    return bigint === 'number' ? narrowed(values, `attribute '${name}'`) : values
  }

  *#values(name: string, found: Found, shape: readonly number[], raw: boolean): Operation<Values> {
    const type = fromNative(found.type)
    if (raw) refuseRaw(type, `attribute '${name}' of '${this.#owner.path}' of ${this.#owner.file.filename}`)
    const memory = toNative(memoryType(type, raw))
    const column = found.column ?? (yield* call('attributes.read', this.#owner.handle, name, memory, raw))
    return valuesOf(type, column, shape, raw)
  }

  *#set(name: string, value: WritableAttributeValue | WritableData, options: AttributeOptions): Operation<void> {
    if (typeof name !== 'string' || name === '') throw invalidArgument('name', name, 'a non-empty string')
    const guess = options.type === undefined ? inferred(name, value) : undefined
    const type = guess?.type ?? toType(options.type as TypeSpec)
    const data = guess?.data ?? (value as WritableData)
    const shape = options.shape === undefined ? (guess?.shape ?? shapeOfValues(type, data)) : options.shape
    if (options.raw) refuseRaw(type, `attribute '${name}'`)
    const count = shape === null ? 0 : product(shape)
    const column = options.raw
      ? rawBytes(data, count * sizeOf(type), name)
      : encode(type, count === 0 ? [] : data, count, name)
    yield* call(
      'attributes.write',
      this.#owner.handle,
      name,
      isNamed(options.type) ? options.type.handle : toNative(type),
      shape === null ? null : [...shape],
      toNative(memoryTypeToWrite(type, options.raw)),
      column,
    )
  }
}
