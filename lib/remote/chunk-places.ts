/** Where the values of a dataset lie in its file. */
import { H5TracksError } from '../base/errors.js'
import type { NativeOperations } from '../native/native.js'
import type { Range } from './ranges.js'

type Places = NonNullable<ReturnType<NativeOperations['chunks.places']>>

/** The places of the chunks of one dataset, in the order of the first axis. */
export class ChunkPlaces {
  readonly #path: string
  readonly #size: number
  readonly #shape: readonly number[]
  readonly #chunk: readonly number[] | null
  readonly #places: Float64Array
  readonly #order: Uint32Array

  /** @param path the URL, for messages; @param size the size of the file, bytes */
  constructor(path: string, size: number, { shape, chunk, places }: Places) {
    this.#path = path
    this.#size = size
    this.#shape = shape
    this.#chunk = chunk
    this.#places = new Float64Array(places)
    const step = shape.length + 2
    const first = (i: number) => this.#places[i * step] as number
    this.#order = Uint32Array.from({ length: this.#places.length / step }, (_, i) => i)
    if (shape.length > 0) this.#order.sort((a, b) => first(a) - first(b))
  }

  /** Number of rows of a chunk. */
  get chunkRows(): number {
    return this.#chunk?.[0] ?? 1
  }

  /** The ranges of the file that hold all values. */
  all(): Range[] {
    return this.ranges(
      this.#shape.map(() => 0),
      this.#shape,
    )
  }

  /** The ranges of the file that hold a box. Throws ERR_FORMAT for a chunk beyond the end of the file. */
  ranges(start: readonly number[], end: readonly number[]): Range[] {
    if (this.#chunk === null) return this.#contiguous(start, end)
    const found: Range[] = []
    const step = this.#shape.length + 2
    for (let at = this.#firstAt(start[0] as number); at < this.#order.length; at++) {
      const place = (this.#order[at] as number) * step
      if ((this.#places[place] as number) >= (end[0] as number)) break
      if (!this.#overlaps(place, start, end)) continue
      found.push(this.#checked(this.#places[place + step - 2] as number, this.#places[place + step - 1] as number))
    }
    return found
  }

  #overlaps(place: number, start: readonly number[], end: readonly number[]): boolean {
    return start.every((from, axis) => {
      const offset = this.#places[place + axis] as number
      return offset < (end[axis] as number) && offset + (this.#chunk?.[axis] as number) > from
    })
  }

  /** The place in the order of the first chunk that reaches beyond this row. */
  #firstAt(row: number): number {
    const step = this.#shape.length + 2
    let low = 0
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >> 1
      const offset = this.#places[(this.#order[middle] as number) * step] as number
      if (offset + (this.#chunk?.[0] as number) <= row) low = middle + 1
      else high = middle
    }
    return low
  }

  #contiguous(start: readonly number[], end: readonly number[]): Range[] {
    const [address, size] = this.#places.subarray(this.#shape.length) as unknown as [number, number]
    const [rows] = this.#shape
    if (!rows) return size > 0 ? [this.#checked(address, size)] : []
    const row = size / rows
    return [this.#checked(address + (start[0] as number) * row, ((end[0] as number) - (start[0] as number)) * row)]
  }

  #checked(address: number, size: number): Range {
    if (address + size <= this.#size) return { begin: address, end: address + size }
    throw new H5TracksError(
      `${this.#path} says that ${size} bytes of values begin at byte ${address}; the file has ${this.#size} bytes`,
      { code: 'ERR_FORMAT', path: this.#path },
    )
  }
}
