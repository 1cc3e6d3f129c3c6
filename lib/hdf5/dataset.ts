import { H5TracksError, show } from '../errors.js'
import { type DatasetInfo, type ElementType, type NativeDataset, native, type ReadRequest } from '../native.js'
import type { File } from './file.js'

/** Values in row-major order with their shape, as other JavaScript array libraries take them. */
export interface NdArray<T> {
  data: T
  shape: number[]
}

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const

/** The typed array that holds elements of type `E`; h5py's bool comes as 0 and 1. */
export type ArrayOf<E extends ElementType> = InstanceType<(typeof arrays)[E]>

/** Bytes of one element of that type. */
export function bytesOf(element: ElementType): number {
  return arrays[element].BYTES_PER_ELEMENT
}

/** Whether it names a type that a typed array holds. */
export function isElement(name: unknown): name is ElementType {
  return typeof name === 'string' && Object.hasOwn(arrays, name)
}

/** A typed array for `length` elements of that type. */
export function newArray<E extends ElementType>(element: E, length: number): ArrayOf<E> {
  return new arrays[element](length) as ArrayOf<E>
}

/** @internal One box of one dataset, with the memory that it is read into. */
export interface Request<E extends ElementType = ElementType> extends ReadRequest {
  out: ArrayOf<E>
}

function resultOf<E extends ElementType>({ out, count }: Request<E>): NdArray<ArrayOf<E>> {
  return { data: out, shape: count }
}

/** @internal Reads boxes of several datasets in one go. */
export async function readAll(requests: Request[]): Promise<NdArray<ArrayOf<ElementType>>[]> {
  await native.read(requests)
  return requests.map(resultOf)
}

/** @internal As {@link readAll}, on the calling thread. */
export function readAllSync(requests: Request[]): NdArray<ArrayOf<ElementType>>[] {
  native.readSync(requests)
  return requests.map(resultOf)
}

// Deflate cannot shrink more than 1032 to 1; small arrays are not worth the question.
const maxRatio = 1032
const alwaysAllowed = 16 * 2 ** 20

/** Whether a file of `size` bytes can hold values of so many bytes, uncompressed. */
export function canHold(size: number, bytes: number): boolean {
  return bytes <= maxRatio * size + alwaysAllowed
}

/** An open dataset; closed with its file. `E` is the type of its elements as far as the caller has checked it. */
export class Dataset<E extends ElementType = ElementType> {
  readonly path: string
  readonly #file: File
  readonly #native: NativeDataset
  #element: ElementType | null | undefined

  /** @internal Datasets come from {@link File.dataset}. */
  constructor(file: File, path: string, native: NativeDataset) {
    this.path = path
    this.#file = file
    this.#native = native
  }

  /** Type, shape and storage now: a writer in this process may extend the dataset between two calls. */
  info(): DatasetInfo {
    this.#file.assertOpen()
    const info = this.#native.info()
    this.#element = info.type.element
    return info
  }

  /**
   * Reads the box of `count` elements from `start` along each axis, off the calling thread; without a box, everything.
   * Throws ERR_FORMAT for a type that no typed array holds, ERR_TOO_LARGE for more than a file of its size can hold.
   */
  async read(start?: readonly number[], count?: readonly number[]): Promise<NdArray<ArrayOf<E>>> {
    const request = this.request(start, count)
    await native.read([request])
    return resultOf(request)
  }

  /** As {@link read}, on the calling thread. */
  readSync(start?: readonly number[], count?: readonly number[]): NdArray<ArrayOf<E>> {
    const request = this.request(start, count)
    native.readSync([request])
    return resultOf(request)
  }

  /**
   * Of the rows from `first` to `end`, the runs that the file does not have, of at least one value: reading gives the fill
   * value there.
   */
  unstoredRows(first: number, end: number): { start: number; stop: number }[] {
    this.#file.assertOpen()
    const pairs = this.#native.unstoredRows(first, end)
    return Array.from({ length: pairs.length / 2 }, (_, i) => ({
      start: pairs[2 * i] as number,
      stop: pairs[2 * i + 1] as number,
    }))
  }

  /** @internal What {@link readAll} takes: the box, checked, with a new typed array for it. */
  request(start?: readonly number[], count?: readonly number[]): Request<E> {
    const box = this.#box(start, count)
    return { dataset: this.#native, ...box, out: this.#allocate(box.count) }
  }

  close(): void {
    this.#native.close()
  }

  #box(start?: readonly number[], count?: readonly number[]): { start: number[]; count: number[] } {
    this.#file.assertOpen()
    if (start && count) return { start: [...start], count: [...count] }
    const { shape } = this.info()
    if (shape === null) throw this.#error('ERR_FORMAT', 'has a null dataspace, which holds no values')
    const from = start ?? shape.map(() => 0)
    return { start: [...from], count: [...(count ?? shape.map((length, axis) => length - (from[axis] ?? 0)))] }
  }

  #allocate(count: readonly number[]): ArrayOf<E> {
    const element = this.#element ?? this.info().type.element
    if (element === null) {
      const { type } = this.info()
      throw this.#error('ERR_FORMAT', `holds ${type.class} of ${type.size} bytes, which no typed array holds`)
    }
    const length = count.reduce((product, n) => product * n, 1)
    const bytes = length * bytesOf(element)
    if (bytes > alwaysAllowed) {
      const size = this.#file.size()
      if (!canHold(size, bytes)) {
        throw this.#error('ERR_TOO_LARGE', `claims ${bytes} bytes; a file of ${size} bytes cannot hold them`)
      }
    }
    try {
      return newArray(element as E, length)
    } catch (cause) {
      throw this.#error('ERR_TOO_LARGE', `needs ${bytes} bytes of memory (${(cause as Error).message})`)
    }
  }

  #error(code: string, problem: string): H5TracksError {
    return new H5TracksError(`dataset ${show(this.path)} ${problem}`, { code, path: this.#file.path })
  }
}
