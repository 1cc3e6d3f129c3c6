/** Attributes of an object. */
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

/** Options for writing an attribute. */
export interface AttributeOptions {
  /** The type in the file. Default: derived from the value, see {@link Attributes.set}. */
  type?: TypeSpec
  /** The shape: [] for a scalar, null for a null dataspace, which holds no value. Default: the shape of the value. */
  shape?: readonly number[] | null
  /** The value is a Uint8Array with the bytes to store in the file. */
  raw?: boolean
}

type Found = ReturnType<NativeOperations['attributes.get']>

/** The attributes of an object. */
export class Attributes {
  readonly #owner: OpenObject

  /** @internal Made together with its object. */
  constructor(owner: OpenObject) {
    this.#owner = owner
  }

  /** The names of the attributes. Throws ERR_FORMAT for the order 'creation' if the object does not track it. */
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
   * Reads the value in its simplest form: a single value for a scalar, an array for one dimension, `{ data, shape }` for more, null
   * for a null dataspace. 64-bit integers are numbers if all of them are safe integers, else bigints. Throws ERR_NOT_FOUND.
   */
  get(name: string): Promise<AttributeValue> {
    return this.#owner.later(this.#get(name))
  }

  getSync(name: string): AttributeValue {
    return runSync(this.#get(name))
  }

  /** Reads the values as `Dataset.read` does, with type and shape. Throws ERR_NOT_FOUND, and ERR_FORMAT for a null dataspace. */
  read(name: string, options: BigintOption & { raw?: boolean } = {}): Promise<Values> {
    return this.#owner.later(this.#read(name, options))
  }

  readSync(name: string, options: BigintOption & { raw?: boolean } = {}): Values {
    return runSync(this.#read(name, options))
  }

  /** The type and shape of an attribute; the shape of a null dataspace is null. Throws ERR_NOT_FOUND. */
  info(name: string): Promise<{ type: Type; shape: number[] | null }> {
    return this.#owner.later(this.#info(name))
  }

  infoSync(name: string): { type: Type; shape: number[] | null } {
    return runSync(this.#info(name))
  }

  /**
   * Writes an attribute, replacing one of the same name. Without a type, strings are written as variable-length UTF-8, safe integers
   * and bigints as int64, other numbers as float64, booleans as h5py's bool, and typed arrays with the type of their elements.
   *
   * Throws ERR_TOO_LARGE for 64 KiB or more (a variable-length string counts as 16 bytes) in an object of the oldest format. Newer
   * objects have no such limit: all objects of a file with `libver: ['v108', 'latest']`, and groups and datasets created with
   * `trackOrder: true`.
   */
  async set(name: string, value: WritableAttributeValue | WritableData, options: AttributeOptions = {}): Promise<void> {
    await this.#owner.later(this.#set(name, value, options))
  }

  setSync(name: string, value: WritableAttributeValue | WritableData, options: AttributeOptions = {}): void {
    runSync(this.#set(name, value, options))
  }

  /** Makes a reference to an attribute, for values of type `{ class: 'reference', to: 'any' }`. Throws ERR_NOT_FOUND. */
  reference(name: string): Promise<Reference> {
    return this.#owner.later(this.#reference(name))
  }

  referenceSync(name: string): Reference {
    return runSync(this.#reference(name))
  }

  /** Throws ERR_NOT_FOUND. */
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

  /** @internal The values of all attributes by name, in the order of their names. */
  allSync(): Map<string, AttributeValue> {
    return runSync(this.#all())
  }

  *#all(): Operation<Map<string, AttributeValue>> {
    const all = new Map<string, AttributeValue>()
    for (const { name, ...found } of yield* call('attributes.all', this.#owner.handle)) {
      all.set(name, found.shape === null ? null : simple(yield* this.#values(name, found, found.shape, false)))
    }
    return all
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
