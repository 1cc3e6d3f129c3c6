/** Arrays of NumPy in a file, read in windows along their first axis. */
import { formatProblem } from '../core/problem.js'
import type { ByteRange } from './bytes.js'
import { type Dtype, numberReader, textsIn } from './dtype.js'

/** An array in a file. */
export class FileArray {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Elements along the first axis lie next to one another, as Fortran has them. */
  readonly fortran: boolean
  readonly data: ByteRange
  /** What the array is called in messages. */
  readonly place: string

  /** Throws ERR_FORMAT if the bytes are not as many as the shape needs. */
  constructor(place: string, dtype: Dtype, shape: readonly number[], fortran: boolean, data: ByteRange) {
    this.place = place
    this.dtype = dtype
    this.shape = shape
    this.fortran = fortran
    this.data = data
    const needed = this.length * dtype.size
    if (!Number.isSafeInteger(needed) || needed !== data.length) {
      throw formatProblem(
        data.file.path,
        place,
        `its shape (${shape.join(', ')}) of ${dtype.text} needs ${needed} bytes, it has ${data.length}`,
        'it is damaged: write it again with the program that made it',
      )
    }
  }

  /** Number of elements. */
  get length(): number {
    return this.shape.reduce((all, n) => all * n, 1)
  }

  /** Number of elements of a row: all axes but the first. */
  get width(): number {
    return this.shape.slice(1).reduce((all, n) => all * n, 1)
  }

  get isNumeric(): boolean {
    return numberReader(this.dtype) !== undefined
  }

  /** The rows from `start` to `stop`, row by row. Throws ERR_FORMAT for elements that are not numbers. */
  rows(start: number, stop: number): Float64Array {
    const { width, dtype, fortran } = this
    const rows = this.shape[0] ?? 1
    const read = this.#reader()
    const count = stop - start
    const values = new Float64Array(count * width)
    if (!fortran || width === 1) {
      const view = this.#view(start * width, count * width)
      for (let i = 0; i < values.length; i++) values[i] = read(view, i * dtype.size)
      return values
    }
    const inner = this.shape.slice(1)
    for (let column = 0; column < width; column++) {
      const view = this.#view(column * rows + start, count)
      const target = cOrder(column, inner)
      for (let row = 0; row < count; row++) values[row * width + target] = read(view, row * dtype.size)
    }
    return values
  }

  /** All elements, of an array that is known to be small. */
  values(): Float64Array {
    return this.shape.length === 0 ? this.rows(0, 1) : this.rows(0, this.shape[0] as number)
  }

  /** All texts of a small array; undefined if it has no texts. */
  texts(): string[] | undefined {
    const { dtype, data, place } = this
    if (dtype.kind !== 'U' && dtype.kind !== 'S') return undefined
    return textsIn(data.file.bytes(data.offset, data.length, place), dtype)
  }

  #reader(): (view: DataView, at: number) => number {
    const read = numberReader(this.dtype)
    if (read) return read
    throw formatProblem(this.data.file.path, this.place, `its elements are ${this.dtype.text}, which are not numbers`)
  }

  #view(first: number, count: number): DataView {
    const { size } = this.dtype
    const bytes = new Uint8Array(count * size)
    this.data.file.read(bytes, this.data.offset + first * size, this.place)
    return new DataView(bytes.buffer)
  }
}

/** The place in C's order of an element with this place in Fortran's. */
function cOrder(place: number, shape: readonly number[]): number {
  let rest = place
  const index = shape.map((n) => {
    const i = rest % n
    rest = Math.floor(rest / n)
    return i
  })
  return index.reduce((all, i, axis) => all * (shape[axis] as number) + i, 0)
}
