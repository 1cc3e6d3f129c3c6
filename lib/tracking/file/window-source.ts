import type { NdArray } from '../../hdf5/values/types.js'
import type { Column } from './layout.js'
import type { ReadMetadata } from './types.js'

/** The values of a column, in the kinds of arrays that a tracking file's columns have. */
export type ColumnArray = NdArray<BigInt64Array | Int32Array | Float32Array | Uint8Array>

/** Where windows come from: a file that is open here, or a process that has it open. */
export interface WindowSource {
  /** The file, as it was named. */
  readonly path: string
  readonly cameraNames: readonly string[]
  readonly metadata: ReadMetadata
  readonly maxFish: number
  readonly chunkFrames: number
  /** False: see `acceptLoss`. */
  readonly closedCleanly: boolean
  readonly columns: readonly Column[]
  /** Rows `start` to `stop` of some of the columns. */
  readColumns(columns: readonly Column[], start: number, stop: number): Promise<ColumnArray[]>
  /** Throws where results of so many bytes are not wanted. */
  checkRoom?(bytes: number): void
}

/** A source that can be read on the calling thread too. */
export interface BlockingSource extends WindowSource {
  readColumnsSync(columns: readonly Column[], start: number, stop: number): ColumnArray[]
}
