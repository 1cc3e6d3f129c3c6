/** What takes the rows of a table while it is read. */
import type { Columns } from './columns.js'
import type { CsvParser } from './csv-parser.js'
import type { Dialect } from './dialect.js'
import type { Import } from './job.js'
import type { Row } from './row-index.js'
import type { RowReader } from './rows.js'

/** What takes the rows of a table. */
export interface RowTaker {
  /** Reads a row if it is plain. Returns the position after it; `takeScanned` then takes it. Otherwise NOT_PLAIN. */
  scan(bytes: Buffer, at: number): number
  /** Takes the row that was scanned last. If it returns a promise, await it before the next row. */
  takeScanned(row: Row): Promise<void> | undefined
  /** Takes a row with these cells. */
  take(cells: string[], row: Row): Promise<void>
  flush(): Promise<void>
  finish(): Promise<void>
}

/** The rows must be gathered before any is written: a frame has more fish than those before it, or is out of order. */
export class MustGather extends Error {}

/** What is known when the header is read. */
export interface Start {
  readonly job: Import
  readonly columns: Columns
  readonly reader: RowReader
  readonly dialect: Dialect
  readonly parser: CsvParser
}
