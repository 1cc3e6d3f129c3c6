/** Reads and writes the values of a dataset. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { type Column, type NativeExtent, type NativeHandle, type NativeType, native } from '../../native/native.js'
import { call, callEither, type Operation } from '../../native/operation.js'
import { product, valuesPerElement } from '../values/decode.js'
import { encode, rawBytes } from '../values/encode.js'
import { flatBox } from '../values/flat-box.js'
import { KnownExtent } from '../values/known-extent.js'
import { arrays, memoryType, memoryTypeToWrite, type Plain, plain, sameType, swapBytes } from '../values/memory-type.js'
import { refuseRaw } from '../values/raw.js'
import { type Box, type Resolved, resolveSelection, type Selection } from '../values/selection.js'
import { type BigintOption, elementCount, innerShape, narrowed, valuesOf } from '../values/shaped-values.js'
import { elementOf, sizeOf, toNative } from '../values/type-spec.js'
import type { Type, TypedArray, Values, WritableData } from '../values/types.js'
import type { OpenObject } from './open-object.js'
import { RemoteDataset } from './remote-dataset.js'

/** Options for reading values. */
export interface ReadOptions extends BigintOption {
  /** A typed array of the right kind and length. It is filled and returned as `data`. */
  into?: TypedArray
  /**
   * Return the bytes of the file without conversion, in a Uint8Array with as many bytes for each element as the type has. Parts of
   * variable length become an array with one Uint8Array for each.
   */
  raw?: boolean
}

/** An option of calls that can be aborted. */
export interface Abortable {
  /** With a signal, large reads and writes of numbers are done in pieces, and abort between two of them. */
  signal?: AbortSignal
}

/** Options for writing values. */
export interface WriteOptions {
  /** The data is a Uint8Array with the bytes to store in the file. */
  raw?: boolean
}

// Deflate compresses at most 1032 to 1. Arrays of up to 16 MiB are not checked.
const maxRatio = 1032
const alwaysAllowed = 16 * 2 ** 20
const pieceBytes = 32 * 2 ** 20

/** True if a file of `size` bytes can hold values of `bytes` bytes, uncompressed. */
export function canHold(size: number, bytes: number): boolean {
  return bytes <= maxRatio * size + alwaysAllowed
}

const bytesOf = (values: TypedArray) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/**
 * Splits a box into runs of rows of about 32 MiB. `bytes`: the size of an element. `first`: the number of elements before the run;
 * `elements`: the number of elements in it.
 */
function* rowsOf(box: Box, bytes: number) {
  const row = product(box.count.slice(1))
  const rows = Math.max(1, Math.floor(pieceBytes / Math.max(1, row * bytes)))
  for (let at = 0; at < (box.count[0] ?? 0); at += rows) {
    const count = [Math.min(rows, box.count[0]! - at), ...box.count.slice(1)]
    const start = [box.start[0]! + at * box.stride[0]!, ...box.start.slice(1)]
    yield { box: { start, stride: box.stride, count }, first: at * row, elements: product(count) }
  }
}

/** A selection inside the known extent, and the memory for its values. `flat` is shared, see {@link KnownExtent.flat}. */
interface KnownBox {
  readonly data: TypedArray
  readonly shape: number[]
  readonly flat: Float64Array
}

type DatasetPlace = Omit<OpenObject, 'later'>

/** Reads and writes the values of one dataset. */
export class DatasetIo {
  readonly #place: DatasetPlace
  readonly #handle: NativeHandle
  readonly #type: Type
  readonly #memory: NativeType
  #memoryToWrite: NativeType | undefined
  /** How a typed array holds the values; undefined if none does. */
  readonly #plain: Plain | undefined
  readonly #each: number
  readonly #inner: readonly number[]
  #known: KnownExtent | undefined
  /** The bytes in memory equal those in the file, except for byte order, and native code does the byte swap. */
  readonly #direct: boolean
  readonly #remote: RemoteDataset | undefined

  /** @param extent the extent, if it is known */
  constructor(place: DatasetPlace, type: Type, extent: Partial<NativeExtent>) {
    this.#place = place
    this.#handle = place.handle
    this.#type = type
    this.#memory = toNative(memoryType(type))
    let base = type
    while (base.class === 'array') base = base.base
    this.#plain = plain(base)
    this.#each = valuesPerElement(type)
    this.#inner = innerShape(type)
    this.#remote = place.file.remote && new RemoteDataset(place.file.remote, place.handle)
    this.#direct = this.#plain !== undefined && (elementOf(type) !== undefined || sameType(memoryType(type), type))
    this.#know(extent)
  }

  #know({ shape, maxShape }: Partial<NativeExtent>): void {
    if (this.#direct && shape) this.#known = new KnownExtent(shape, maxShape ?? shape)
  }

  /** Asks for the extent, and keeps it for {@link readKnown}. Throws ERR_FORMAT for a null dataspace. */
  *extent(): Operation<number[]> {
    const extent = yield* call('dataset.extent', this.#handle)
    this.#know(extent)
    if (extent.shape) return extent.shape
    throw this.#error('ERR_FORMAT', 'has a null dataspace, which holds no values')
  }

  /**
   * A fast blocking read of numbers, for indices and ranges inside the known extent: it asks native code for nothing else.
   * Returns undefined if the general way must be taken, which also reports errors.
   */
  readKnown(selection: Selection | null | undefined, options: ReadOptions): Values | undefined {
    const known = this.#knownBox(selection, options)
    if (!known) return undefined
    try {
      native.readBoxSync(this.#handle, known.data, known.flat)
    } catch {
      return undefined
    }
    return this.#valuesOfKnown(known)
  }

  /** The same as an operation. */
  *#readingKnown(selection: Selection | null | undefined, options: ReadOptions): Operation<Values | undefined> {
    const known = this.#remote ? undefined : this.#knownBox(selection, options)
    if (!known) return undefined
    const flat = known.flat.slice()
    try {
      yield* callEither(
        () => native.readBoxSync(this.#handle, known.data, flat),
        () => native.readBox(this.#handle, known.data, flat),
      )
    } catch {
      return undefined
    }
    return this.#valuesOfKnown(known)
  }

  #knownBox(selection: Selection | null | undefined, { into }: ReadOptions): KnownBox | undefined {
    const shape = this.#known?.box(selection)
    if (!shape || !this.#plain || !this.#known) return undefined
    const length = product(shape) * this.#each
    const array = arrays[this.#plain.array]
    if (into ? !(into instanceof array) || into.length !== length : length * array.BYTES_PER_ELEMENT > alwaysAllowed) {
      return undefined
    }
    return { data: into ?? new array(length), shape, flat: this.#known.flat }
  }

  #valuesOfKnown({ data, shape }: KnownBox): Values {
    if (this.#plain?.swapped) swapBytes(data)
    return { data, shape: this.#inner.length > 0 ? [...shape, ...this.#inner] : shape, type: this.#type }
  }

  *read(selection: Selection | null | undefined, options: ReadOptions & Abortable): Operation<Values> {
    options.signal?.throwIfAborted()
    const known = options.raw || options.signal ? undefined : yield* this.#readingKnown(selection, options)
    const values = known ?? (yield* this.#readAsked(selection, options))
    options.signal?.throwIfAborted()
    return options.bigint === 'number' ? narrowed(values, show(this.#place.path)) : values
  }

  /** Reads after asking for the extent. */
  *#readAsked(selection: Selection | null | undefined, options: ReadOptions & Abortable): Operation<Values> {
    const resolved = resolveSelection(selection, yield* this.extent())
    const raw = options.raw ?? false
    return this.#plain && !raw && resolved.shape
      ? yield* this.#readPlain(this.#plain, resolved, resolved.shape, options)
      : yield* this.#readColumn(resolved, raw, options.into)
  }

  *#readPlain(
    kind: Plain,
    resolved: Resolved,
    shape: readonly number[],
    { into, signal }: ReadOptions & Abortable,
  ): Operation<Values> {
    const length = product(shape) * this.#each
    const array = arrays[kind.array]
    if (into && (!(into instanceof array) || into.length !== length)) {
      throw invalidArgument('into', into, `a ${array.name} of ${length} elements`)
    }
    const data = into ?? (yield* this.#allocate(kind, length))
    const { box } = resolved
    if (signal && box && box.count.length > 0 && data.byteLength > pieceBytes) {
      for (const piece of rowsOf(box, array.BYTES_PER_ELEMENT * this.#each)) {
        signal.throwIfAborted()
        const part = data.subarray(piece.first * this.#each, (piece.first + piece.elements) * this.#each)
        yield* this.#fill(kind, { ...resolved, native: nativeBox(piece.box), box: piece.box }, part)
      }
    } else {
      yield* this.#fill(kind, resolved, data)
    }
    return { data, shape: [...shape, ...this.#inner], type: this.#type }
  }

  *#fill(kind: Plain, resolved: Resolved, out: TypedArray): Operation<void> {
    const { box } = resolved
    if (this.#direct && box) {
      yield* callEither(
        () => native.readBoxSync(this.#handle, out, flatBox(box)),
        () => this.#remote?.readBox(box, out) ?? native.readBox(this.#handle, out, flatBox(box)),
      )
    } else {
      yield* this.#readAny(this.#memory, resolved, bytesOf(out), false)
    }
    if (kind.swapped) swapBytes(out)
  }

  *#readColumn(resolved: Resolved, raw: boolean, into?: TypedArray): Operation<Values> {
    const { shape } = resolved
    if (raw) this.#refuseRaw()
    if (into) throw invalidArgument('into', into, `absent for ${raw ? 'raw bytes' : this.#type.class}`)
    if (shape) yield* this.#checkRoom(product(shape) * sizeOf(this.#type))
    const memory = raw ? toNative(this.#type) : this.#memory
    const column = yield* this.#readAny(memory, resolved, null, raw)
    const values = valuesOf(this.#type, column, shape ?? [], raw)
    return shape ? values : { ...values, shape: [elementCount(this.#type, values.data), ...values.shape] }
  }

  /** Reads by HDF5's own code. */
  *#readAny(memory: NativeType, { native: selection }: Resolved, out: Uint8Array | null, raw: boolean) {
    const args = [this.#handle, memory, selection, out, raw] as const
    const remote = this.#remote
    if (!remote) return yield* call('dataset.read', ...args)
    return yield* callEither(
      () => native.callSync('dataset.read', args) as Column,
      () => remote.read(selection, () => native.call('dataset.read', args) as Promise<Column>),
    )
  }

  *#allocate(kind: Plain, length: number): Operation<TypedArray> {
    const array = arrays[kind.array]
    const bytes = length * array.BYTES_PER_ELEMENT
    yield* this.#checkRoom(bytes)
    try {
      return new array(length)
    } catch (cause) {
      throw this.#error('ERR_TOO_LARGE', `needs ${bytes} bytes of memory (${(cause as Error).message})`)
    }
  }

  /** Refuses with ERR_TOO_LARGE to allocate more than the file can hold, so that a small file cannot exhaust the memory. */
  *#checkRoom(bytes: number): Operation<void> {
    if (bytes <= alwaysAllowed || this.#place.file.mode !== 'r' || this.#place.file.followsOthers) return
    const size = yield* call('file.size', this.#handle)
    if (canHold(size, bytes)) return
    throw this.#error('ERR_TOO_LARGE', `claims ${bytes} bytes; a file of ${size} bytes cannot hold them`)
  }

  *write(
    data: WritableData,
    selection: Selection | null | undefined,
    options: WriteOptions & Abortable,
  ): Operation<void> {
    options.signal?.throwIfAborted()
    yield* this.#write(data, resolveSelection(selection, yield* this.extent()), options)
  }

  /** Writes all values of a new dataset with that extent. */
  first(data: WritableData, extent: readonly number[]): Operation<void> {
    return this.#write(data, resolveSelection(null, extent), {})
  }

  *#write(data: WritableData, resolved: Resolved, { raw = false, signal }: WriteOptions & Abortable): Operation<void> {
    if (raw) this.#refuseRaw()
    const count = resolved.shape ? product(resolved.shape) : elementCount(this.#type, data)
    const column = raw ? rawBytes(data, count * sizeOf(this.#type), 'data') : this.#encoded(data, count)
    this.#memoryToWrite ??= toNative(memoryTypeToWrite(this.#type))
    const memory = raw ? toNative(this.#type) : this.#memoryToWrite
    const { box } = resolved
    if (signal && box && box.count.length > 0 && column instanceof Uint8Array && column.length > pieceBytes) {
      const bytes = column.length / count
      for (const piece of rowsOf(box, bytes)) {
        signal.throwIfAborted()
        const part = column.subarray(piece.first * bytes, (piece.first + piece.elements) * bytes)
        yield* this.#put(memory, { ...resolved, native: nativeBox(piece.box), box: piece.box }, part, raw)
      }
    } else {
      yield* this.#put(memory, resolved, column, raw)
    }
  }

  *#put(memory: NativeType, resolved: Resolved, column: Column, raw: boolean): Operation<void> {
    const { box } = resolved
    if (raw || !this.#direct || !box || !(column instanceof Uint8Array)) {
      yield* call('dataset.write', this.#handle, memory, resolved.native, column, raw)
      return
    }
    yield* callEither(
      () => native.writeBoxSync(this.#handle, column, flatBox(box)),
      () => native.writeBox(this.#handle, column, flatBox(box)),
    )
  }

  /** Encodes data. A single number is repeated for all elements. */
  #encoded(data: WritableData, count: number): Column {
    const single = typeof data === 'number' || typeof data === 'bigint' || typeof data === 'boolean'
    if (!single || count === 1 || !this.#plain || this.#type.class === 'array') {
      return encode(this.#type, data, count, 'data')
    }
    const one = encode(this.#type, data, 1, 'data') as Uint8Array
    return Buffer.alloc(one.length * count, one)
  }

  #refuseRaw(): void {
    refuseRaw(this.#type, `dataset ${show(this.#place.path)} of ${this.#place.file.filename}`)
  }

  #error(code: string, problem: string): H5TracksError {
    const { path, file } = this.#place
    return new H5TracksError(`dataset ${show(path)} of ${file.filename} ${problem}`, { code, path: file.filename })
  }
}

function nativeBox({ start, stride, count }: Box) {
  return { shape: count, boxes: [{ start, stride, count, at: start.map(() => 0) }] }
}
