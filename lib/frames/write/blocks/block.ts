/** A block as JavaScript fills it. */
import type { Column, Field } from '../../../layout/model.js'
import { bytesOf, elementArrays } from '../../../native/element-types.js'
import type { ElementType, TypedArray } from '../../../native/native.js'

/** The positions of the columns in a block, in elements of their own size. They are the same in all blocks of a writer. */
export class BlockLayout {
  readonly columns: readonly Column[]
  readonly #at: number[]

  /** @param offsets byte offset of each column in the block */
  constructor(columns: readonly Column[], offsets: readonly number[]) {
    this.columns = columns
    this.#at = columns.map((column, i) => (offsets[i] ?? Number.NaN) / bytesOf(column.type))
  }

  /** The first element of a field that is a single column. */
  at(field: string): number {
    return this.perCamera(field)[0] ?? Number.NaN
  }

  /** The first elements of the columns of a field, camera by camera. */
  perCamera(field: string): number[] {
    return this.#at.filter((_, i) => this.columns[i]?.field.name === field)
  }

  /** The first elements of the columns of a field: one, or one for each camera. */
  startsOf(field: Field): number[] {
    return this.#at.filter((_, i) => this.columns[i]?.field === field)
  }

  /** The first element of the column with this index. */
  start(index: number): number {
    return this.#at[index] ?? Number.NaN
  }

  /** Makes the rows `from` to `to` blank: sets all columns to their fill values. */
  clearRows(block: Block, from: number, to: number): void {
    for (const index of this.columns.keys()) this.clearColumn(block, index, from, to)
  }

  /** Sets the rows `from` to `to` of one column to its fill value. */
  clearColumn(block: Block, index: number, from: number, to: number): void {
    const { type, fill, width } = this.columns[index] as Column
    const start = this.start(index) + from * width
    const end = this.start(index) + to * width
    const view = block.viewOf(type)
    if (view instanceof BigInt64Array || view instanceof BigUint64Array) view.fill(BigInt(fill), start, end)
    else view.fill(fill, start, end)
  }
}

/** Position of the tally in the header of a block, in elements of 4 bytes. */
const tallyAt = 6

/**
 * A block as JavaScript fills it. It has a view of the whole buffer for each kind of number, so that filling a row only stores values
 * at the offsets of {@link BlockLayout}. `i32[0]` is the row counter.
 */
export class Block {
  readonly i32: Int32Array
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly i64: BigInt64Array
  readonly #views = new Map<ElementType, TypedArray>()
  /** True if the rows that are not counted are blank: they hold the fill values. */
  blank = true
  /** True if the block was filled from records, which need blank rows; it is then likely to be filled from records again. */
  tookRecords = false

  /** @param index the index of the block in its writer */
  constructor(
    readonly buffer: ArrayBuffer,
    readonly index: number,
  ) {
    // Rounded down, because the buffer may end with some bytes of a column of flags.
    this.i32 = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.f32 = new Float32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.f64 = new Float64Array(buffer, 0, Math.floor(buffer.byteLength / 8))
    this.u8 = new Uint8Array(buffer)
    this.u16 = new Uint16Array(buffer, 0, Math.floor(buffer.byteLength / 2))
    this.i64 = new BigInt64Array(buffer, 0, Math.floor(buffer.byteLength / 8))
  }

  /** The whole block as elements of a storage type. */
  viewOf(type: ElementType): TypedArray {
    const known = this.#views.get(type)
    if (known) return known
    const { BYTES_PER_ELEMENT } = elementArrays[type]
    const { buffer } = this
    const view = new elementArrays[type](buffer, 0, Math.floor(buffer.byteLength / BYTES_PER_ELEMENT))
    this.#views.set(type, view)
    return view
  }

  /** Stores the index of a frame as the int64 at this place, counted in elements of 8 bytes. */
  storeFrameIndex(at: number, frameIndex: number | bigint): void {
    if (typeof frameIndex === 'bigint') {
      this.i64[at] = frameIndex
    } else {
      // An int64 is stored as two int32, the lower half first, so that numbers need no bigint.
      this.i32[2 * at] = frameIndex
      this.i32[2 * at + 1] = Math.floor(frameIndex / 2 ** 32)
    }
  }

  /**
   * Stores the number of boxes in the whole file whose fractions were truncated, including the row that is counted next. Native code
   * writes it to the file when it closes it.
   */
  storeTally(count: number): void {
    // A uint64 is stored as two int32, the lower half first, which needs no bigint.
    this.i32[tallyAt] = count
    this.i32[tallyAt + 1] = Math.floor(count / 2 ** 32)
  }
}

/** Fills a row of a block, which must be blank, with a frame. Throws if the frame is refused, and leaves the row blank. */
export interface RowFiller<Records, PerFrame> {
  fill(
    block: Block,
    row: number,
    frameIndex: number | bigint,
    records: Records,
    perFrame: PerFrame,
    after: number | bigint | null,
  ): void
  /** Number of values that lost a fraction. */
  readonly truncated: number
}
