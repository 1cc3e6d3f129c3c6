import type { Column } from '../file/layout.js'
import type { FieldName } from '../file/types.js'

/** Where the columns of a block are, in elements of their own size: the same in every block of a writer. */
export class BlockLayout {
  readonly columns: readonly Column[]
  readonly #at: number[]

  /** @param offsets byte offset of each column in the block. */
  constructor(columns: readonly Column[], offsets: readonly number[]) {
    this.columns = columns
    this.#at = columns.map((column, i) => (offsets[i] ?? Number.NaN) / elementBytes(column))
  }

  /** First element of a field that is one column. */
  at(field: FieldName): number {
    return this.perCamera(field)[0] ?? Number.NaN
  }

  /** First elements of a field's columns, camera by camera. */
  perCamera(field: FieldName): number[] {
    return this.#at.filter((_, i) => this.columns[i]?.field === field)
  }

  /** First element of the column with this index. */
  start(index: number): number {
    return this.#at[index] ?? Number.NaN
  }

  /** Puts the rows `from` to `to` to the fill values. */
  clearRows(block: Block, from: number, to: number): void {
    for (const index of this.columns.keys()) this.clearColumn(block, index, from, to)
  }

  /** As {@link clearRows}, of the column with this index. */
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

/** Of the head of a block, in elements of 4 bytes. */
const tallyAt = 6

/**
 * One block as JavaScript fills it: a view of the whole buffer for each kind of number, so that filling a row is only
 * stores at offsets that {@link BlockLayout} knows. The rows counted so far stand in `i32[0]`.
 */
export class Block {
  readonly i32: Int32Array
  readonly f32: Float32Array
  readonly u8: Uint8Array
  readonly i64: BigInt64Array
  /** Rows that are not counted hold the fill values. */
  blank = true
  /** Records came into it, which rely on that, and are likely to when it comes again. */
  tookRecords = false

  /** @param index of the block among its writer's. */
  constructor(
    buffer: ArrayBuffer,
    readonly index: number,
  ) {
    // Views of whole elements: a buffer's last bytes may be the last flags of a column of bytes.
    this.i32 = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.f32 = new Float32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.u8 = new Uint8Array(buffer)
    this.i64 = new BigInt64Array(buffer, 0, Math.floor(buffer.byteLength / 8))
  }

  /** Boxes of the whole file that lost fractions, with the row that is counted next: native code writes it down at the end. */
  storeTally(count: number): void {
    // The lower half of a uint64 first: that needs no bigint.
    this.i32[tallyAt] = count
    this.i32[tallyAt + 1] = Math.floor(count / 2 ** 32)
  }
}
