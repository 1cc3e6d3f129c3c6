/** One import, as the command, its run and the readers of the formats share it. */
import type { Metadata } from '../../tracking/file/types.js'
import type { MetadataValue } from '../shared/arguments.js'
import type { Sink } from './sink.js'
import type { Source } from './source.js'

export interface ImportOptions {
  format?: 'jsonl' | 'csv'
  cameras?: string[]
  maxFish?: number
  chunkFrames?: number
  frameOffset: number
  metadata?: Record<string, MetadataValue>
  overwrite: boolean
  skipMissing: boolean
  dropExcessFish: boolean
  ignoreUnknownCameras: boolean
  refuseFractionalBoxes: boolean
  anyFrameOrder: boolean
  sort: boolean
  decimalComma: boolean
  /** How many cameras confirm a fish where the input does not say. */
  confirmed: number
}

/** What a reader did that its user may want to know. */
export interface Notes {
  /** Fish in frames that were confirmed, or not, by the number of their cameras. */
  guessed: number
  /** Lines of comments left out. */
  comments: number
  decimalCommas: boolean
}

/** What a format's reader works with. */
export interface Import {
  readonly source: Source
  readonly options: ImportOptions
  /** Names of columns or keys that were not understood. */
  readonly ignored: Set<string>
  readonly notes: Notes
  /** Creates the output, once the input has said what it holds. The command line's options come first. */
  open(found: { cameras?: string[]; maxFish?: number; chunkFrames?: number; metadata?: Metadata }): Sink
}
