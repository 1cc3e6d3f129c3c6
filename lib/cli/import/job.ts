/** The options and the state of an import, which the command, its run and the readers of the formats share. */
import type { Metadata } from '../../frames/file/types.js'
import type { MetadataValue } from '../shared/arguments.js'
import type { Sink } from './sink.js'
import type { Source } from './source.js'

/** The options of the command line. */
export interface ImportOptions {
  format?: string
  columns?: Record<string, string> | string[]
  delimiter?: string
  decimal?: '.' | ','
  groups?: 'animals' | 'keypoints'
  fps?: number
  cameras?: string[]
  maxFish?: number
  chunkFrames?: number
  frameOffset: number
  metadata?: Record<string, MetadataValue>
  small: boolean
  overwrite: boolean
  skipMissing: boolean
  dropExcessFish: boolean
  ignoreUnknownCameras: boolean
  refuseFractionalBoxes: boolean
  anyFrameOrder: boolean
  sort: boolean
  decimalComma: boolean
  /** Number of cameras that confirm a fish, used if the input does not say which fish are confirmed. */
  confirmed: number
}

/** What the report of an import says about assumptions of the reader. */
export interface Notes {
  /** Number of records whose isConfirmed was derived from the number of their cameras. */
  guessed: number
  /** Number of comment lines left out. */
  comments: number
  decimalCommas: boolean
  /** Number of slots of a frame, if it was found out. */
  slots?: number | undefined
  /** The rows were not in the order of the frames. */
  sorted?: boolean
}

/** What the reader of a format works with. */
export interface Import {
  /** The name of the input in messages. */
  readonly name: string
  /** The file that `source` reads. */
  readonly path: string
  readonly options: ImportOptions
  /** Names of the columns or keys that are not known. */
  readonly ignored: Set<string>
  readonly notes: Notes
  /** Creates the output when the input's cameras and sizes are known. Options of the command line take precedence. */
  open(found: { cameras?: string[]; maxFish?: number; chunkFrames?: number; metadata?: Metadata }): Sink
  /** The input from its beginning. */
  source(): Promise<Source>
  /** Deletes what was written, so that `open` can be called again. */
  discard(): Promise<void>
}
