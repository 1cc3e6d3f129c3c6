/** The options of all formats. Each format names those that it takes; others are refused. */
import type { Metadata } from '../../frames/file/types.js'

export interface FormatOptions {
  /** Frames per second of the video, for formats without times, or with times and without frame numbers. */
  fps?: number
  /** The recordings to take, by the names of their groups. Default: all. */
  recordings?: readonly string[]
  /** The camera whose boxes or keypoints are written, by formats that hold those of one camera. */
  camera?: string
  /** Number of slots for animals in a frame. Default: as many as the input needs. */
  max?: number
  /** Attributes to add to the recordings. */
  metadata?: Metadata
  /**
   * Tables of text: which columns hold what, `{ frame: 'Frame', id: 'track_id', x: 'pos_x' }`, or the names of all columns of a table without
   * a header, `['frame', 'id', 'x', 'y']`, where '' leaves a column out. Default: found out from the names in the header.
   */
  columns?: Readonly<Record<string, string | number>> | readonly string[]
  /** Tables of text: what separates the cells, one character. Default: found out. */
  delimiter?: string
  /** Tables of text: the decimal mark. Default: found out. */
  decimal?: '.' | ','
  /** Tables of text with groups of columns (`a_x, a_y, b_x, b_y`): what a group is. Default: animals without a column of ids, else keypoints. */
  groups?: 'animals' | 'keypoints'
  /** Tables of text to write: 'long' has a row for each animal in each frame, 'wide' a row for each frame. Default: 'long'. */
  shape?: 'long' | 'wide'
  /** Number of frames of a chunk. Default: 1000, or fewer for large frames. */
  chunkFrames?: number
  /** Compress as much as possible, which is slow. */
  small?: boolean
  /**
   * h5tracks files: write animals in space, with boxes and detections in cameras, as AquaPose's tracking files, if those hold all their fields.
   * Boxes are then integers. Default: false.
   */
  tracking?: boolean
  /** Read what is left of a file that was not closed and whose journal is missing. */
  acceptLoss?: boolean
}
