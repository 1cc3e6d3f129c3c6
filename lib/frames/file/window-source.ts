/** The interface from which windows of a layout are read. */
import type { NdArray } from '../../hdf5/values/types.js'
import type { Column, Layout } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import type { ReadMetadata } from './types.js'

/** The stored values of a column. */
export type ColumnArray = NdArray<TypedArray>

/** What a source does while it is open. */
export interface SourceState {
  /** The present number of frames. */
  length(): number
  isOpen(): boolean
}

/** A source of windows: a file that is open in this process, or a separate process that has it open. */
export interface WindowSource {
  /** The path of the file as it was given. */
  readonly path: string
  readonly layout: Layout
  readonly cameraNames: readonly string[]
  readonly metadata: ReadMetadata
  /** Number of slots for records in a frame; 1 if a frame is one record. */
  readonly slots: number
  readonly chunkFrames: number
  /** False if the file was opened with `acceptLoss` although its writer did not close it. */
  readonly closedCleanly: boolean
  readonly columns: readonly Column[]
  /** Reads rows `start` to `stop` of some of the columns. */
  readColumns(columns: readonly Column[], start: number, stop: number): Promise<ColumnArray[]>
  /** Throws ERR_LIMIT if a result of so many bytes exceeds the limit. */
  checkRoom?(bytes: number): void
  /** Throws ERR_LIMIT if a frame of so many bytes exceeds the limit once it consists of objects. */
  checkFrame?(bytes: number): void
  /** Runs a task that reads several times under one limit of time. */
  within?<T>(task: () => Promise<T>): Promise<T>
}

/** A source that can also be read on the calling thread. */
export interface BlockingSource extends WindowSource {
  readColumnsSync(columns: readonly Column[], start: number, stop: number): ColumnArray[]
}
