/** A table of DeepLabCut, from whichever kind of file. */
import type { ColumnLabels } from './columns.js'

/** Rows of a table. */
export interface RowBlock {
  /** The labels of the rows: frame numbers, or paths of images. */
  readonly labels: readonly (string | number)[]
  /** Values by row and column, row-major. NaN for none. */
  readonly values: Float64Array
}

export interface DlcTable {
  /** The key of the table in its file; '' for a file of one table. */
  readonly key: string
  readonly columns: readonly ColumnLabels[]
  /** Number of rows; undefined if it is not known before they are read. */
  readonly rows: number | undefined
  /** Where a row or column is, for messages: 'line 7'. */
  place(row: number): string
  columnPlace(column: number): string
  /** The rows in blocks of up to about 4 MB. Each call begins again. */
  blocks(): AsyncIterable<RowBlock>
}

/** Number of rows of a block. */
export const rowsOfBlock = (columns: number): number =>
  Math.max(1, Math.floor((4 * 2 ** 20) / (8 * Math.max(1, columns))))
