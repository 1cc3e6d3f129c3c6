/** The rows of one layout of a file, finished or being written. */
import type { FileFacts } from '../../frames/file/types.js'

export type RowFacts = Omit<FileFacts, 'chunkFrames'>

/** Columns by field; those of a field with one column per camera by camera. */
export type Columns = Readonly<Record<string, unknown>>

/** Which part to read. */
export interface RowsWanted {
  readonly start: number
  readonly stop: number
  readonly fields: readonly string[]
  /** The only camera whose columns are wanted; null for none. */
  readonly camera: string | null
}

/** Consecutive rows of those wanted. */
export interface RowsRead {
  readonly rows: number
  readonly columns: Columns
}

export interface RowsState {
  /** Number of rows. */
  readonly frames: number
  /** A writer may add rows. */
  readonly live: boolean
  /** Why there will be no more rows, although the file is not complete. */
  readonly problem: string | null
}

export interface Rows {
  readonly facts: RowFacts
  /** The present state of the file. */
  state(): RowsState
  /** Reads rows in one part or more, in order. Use a part before the next is read. */
  read(wanted: RowsWanted): AsyncGenerator<RowsRead, void, void>
  close(): Promise<void>
}
