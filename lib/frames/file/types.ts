/** The types of metadata, facts about files, and statistics. */
import type { WritableAttributeValue } from '../../hdf5/values/attribute-value.js'
import type { ColumnInput, ReadMetadata } from '../../layout/infer.js'
import type { Layout } from '../../layout/model.js'

export type { ColumnInput, ReadMetadata }

/** The attributes that a caller adds to a file, by name. */
export type Metadata = Readonly<Record<string, WritableAttributeValue>>

/** The layout, cameras, sizes and metadata of a file. */
export interface FileFacts {
  readonly layout: Layout
  readonly cameraNames: readonly string[]
  readonly metadata: ReadMetadata
  /** Number of slots for records in a frame. */
  readonly slots: number
  readonly chunkFrames: number
}

/** Statistics of a writer since it was opened. A block has `chunkFrames` frames. */
export interface StoreStats {
  /** Number of accepted frames. */
  frames: number
  /** Number of full blocks that are committed. */
  blocks: number
  /** Size of their values before compression, bytes. */
  rawBytes: number
  /** Size of their values after compression, bytes. */
  storedBytes: number
  /** Time spent encoding, summed over all threads, s. */
  encodeSeconds: number
  /** Time spent committing blocks to the file, s. */
  commitSeconds: number
  /** Number of blocks that wait for the encoder or the disk at present. */
  queueDepth: number
  /** The longest time that a call waited for a free block, s. */
  longestWaitSeconds: number
}
