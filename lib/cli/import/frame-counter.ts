/** Counts the rows of the frames at the beginning of a table. */
import { canScan, FRAME, NOT_PLAIN, RowScanner } from '../../formats/csv/row-scanner.js'
import type { Columns } from './columns.js'
import type { Dialect } from './dialect.js'
import type { RowTaker } from './row-taker.js'
import type { RowReader } from './rows.js'

export class FrameCounter implements RowTaker {
  /** The largest number of rows of a frame that follow one another. */
  most = 0
  readonly #columns: Columns
  readonly #reader: RowReader
  readonly #scanner: RowScanner | undefined
  #frame: number | bigint | undefined
  #count = 0

  constructor(columns: Columns, { delimiter }: Dialect, reader: RowReader) {
    this.#columns = columns
    this.#reader = reader
    if (!canScan(delimiter)) return
    const kinds = new Uint8Array(columns.header.length)
    kinds[columns.frame] = FRAME
    this.#scanner = new RowScanner(kinds, columns.named, delimiter, reader.numbers)
  }

  scan(bytes: Buffer, at: number): number {
    return this.#scanner?.scan(bytes, at) ?? NOT_PLAIN
  }

  takeScanned(): undefined {
    this.#add(this.#scanner?.values[this.#columns.frame] as number)
  }

  async take(cells: string[]): Promise<void> {
    this.#add(this.#reader.frame(cells))
  }

  async flush(): Promise<void> {}

  async finish(): Promise<void> {}

  #add(frame: number | bigint): void {
    this.#count = frame === this.#frame ? this.#count + 1 : 1
    this.#frame = frame
    this.most = Math.max(this.most, this.#count)
  }
}
