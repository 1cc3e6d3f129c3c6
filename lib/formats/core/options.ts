/** The options of all formats. Each format names those that it takes; others are refused. */
import type { Metadata } from '../../frames/file/types.js'

export interface FormatOptions {
  /** Frames per second of the video, for formats without times, or with times and without frame numbers. */
  fps?: number
  /** The recordings to take, by the names of their groups. Default: all. */
  recordings?: readonly string[]
  /** Number of slots for animals in a frame. Default: as many as the input needs. */
  max?: number
  /** Attributes to add to the recordings. */
  metadata?: Metadata
  /** Number of frames of a chunk. Default: 1000, or fewer for large frames. */
  chunkFrames?: number
  /** Compress as much as possible, which is slow. */
  small?: boolean
  /** Read what is left of a file that was not closed and whose journal is missing. */
  acceptLoss?: boolean
}
