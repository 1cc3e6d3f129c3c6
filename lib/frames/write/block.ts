/** A block as JavaScript fills it. */
import type { Column } from '../file/layout.js'
import type { FieldName } from '../file/types.js'

/** The positions of the columns in a block, in elements of their own size. They are the same in all blocks of a writer. */
export class BlockLayout {
  readonly columns: readonly Column[]
  readonly #at: number[]

  /** @param offsets byte offset of each column in the block */
  constructor(columns: readonly Column[], offsets: readonly number[]) {
    this.columns = columns
    this.#at = columns.map((column, i) => (offsets[i] ?? Number.NaN) / elementBytes(column))
  }

  /** The first element of a field that is a single column. */
  at(field: FieldName): number {
    return this.perCamera(field)[0] ?? Number.NaN
  }

  /** The first elements of the columns of a field, camera by camera. */
  perCamera(field: FieldName): number[] {
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
    if (type === 'int64') block.i64.fill(BigInt(fill), start, end)
    else if (type === 'int32') block.i32.fill(fill, start, end)
    else if (type === 'float32') block.f32.fill(fill, start, end)
    else block.u8.fill(fill, start, end)
  }
}

function elementBytes({ type }: Column): number {
  return { int64: 8, int32: 4, float32: 4, bool: 1 }[type as 'int64' | 'int32' | 'float32' | 'bool']
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
  readonly u8: Uint8Array
  readonly i64: BigInt64Array
  /** True if the rows that are not counted are blank: they hold the fill values. */
  blank = true
  /** True if the block was filled from records, which need blank rows; it is then likely to be filled from records again. */
  tookRecords = false

  /** @param index the index of the block in its writer */
  constructor(
    buffer: ArrayBuffer,
    readonly index: number,
  ) {
    // Rounded down, because the buffer may end with some bytes of a column of flags.
    this.i32 = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.f32 = new Float32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.u8 = new Uint8Array(buffer)
    this.i64 = new BigInt64Array(buffer, 0, Math.floor(buffer.byteLength / 8))
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
