import type { TrackRecord } from '../../base/track-record.js'
import type { AttributeValue, WritableAttributeValue } from '../../hdf5/values/attribute-value.js'
import type { NdArray } from '../../hdf5/values/types.js'

/** One frame as it is read: what `writeFrame(frame.frameIndex, frame.tracks)` writes again. */
export interface Frame {
  /** A bigint only beyond the safe integers. */
  frameIndex: number | bigint
  /** The fish in the frame, in the order of their slots: ascending by id in files written here. */
  tracks: TrackReading[]
}

/** A TrackRecord as it is read: positions and boxes are plain arrays, records by camera have no prototype. */
export interface TrackReading extends TrackRecord {
  centroid3d: number[] | null
  cameraDetections: Record<string, number>
  bboxes: Record<string, number[]>
}

/** The attributes that a caller adds to a file, by name. */
export type Metadata = Readonly<Record<string, WritableAttributeValue>>

/** The attributes of a file beside its camera names, by name. No prototype. */
export type ReadMetadata = Record<string, AttributeValue>

/** What a tracking file says of itself. */
export interface FileFacts {
  readonly cameraNames: readonly string[]
  readonly metadata: ReadMetadata
  readonly maxFish: number
  readonly chunkFrames: number
}

/**
 * The columns of a tracking file for N frames with S slots for fish. A slot is a place in a row, not an identity:
 * `fishId` says who stands there, -1 that nobody does. Everything is row-major.
 */
export interface TrackingFields {
  /** [N] int64. */
  frameIndex: NdArray<BigInt64Array>
  /** [N, S] int32; -1: nobody. */
  fishId: NdArray<Int32Array>
  /** [N, S, 3] float32, x, y, z; NaN: not known. */
  centroid3d: NdArray<Float32Array>
  /** [N, S] float32; -1: none. */
  confidence: NdArray<Float32Array>
  /** [N, S] float32; -1: none. */
  reprojectionResidual: NdArray<Float32Array>
  /** [N, S] int32. */
  nCameras: NdArray<Int32Array>
  /** [N, S], 0 or 1. */
  isConfirmed: NdArray<Uint8Array>
  /** By camera, in the order of `cameraNames`: [N, S] int32, the index of the detection in that camera's frame; -1: none. */
  cameraAssignments: Record<string, NdArray<Int32Array>>
  /** By camera, in the order of `cameraNames`: [N, S, 4] int32, the box's four numbers; all -1: none. */
  bboxes: Record<string, NdArray<Int32Array>>
}

/** A column as a caller has it: the typed array, or what a read gives. */
export type ColumnInput<T> = T | { readonly data: T }

/**
 * A batch of n frames in the file's own layout, for `writeFrames`: row-major, S = maxFish slots in a frame. In a frame the
 * fish stand in ascending order of their ids from slot 0; slots without a fish hold -1 (ids), NaN (positions), -1, 0 or
 * false as the file does. What `TrackingReader.read` and `readTrackingResults` give is such a batch.
 */
export interface FrameColumns {
  /** n. */
  frameIndex: ColumnInput<BigInt64Array>
  /** n x S; -1: nobody. */
  fishId: ColumnInput<Int32Array>
  /** n x S x 3; three NaN: not known. */
  centroid3d: ColumnInput<Float32Array>
  /** n x S; -1: none. */
  confidence: ColumnInput<Float32Array>
  /** n x S; -1: none. */
  reprojectionResidual: ColumnInput<Float32Array>
  /** n x S. */
  nCameras: ColumnInput<Int32Array>
  /** n x S, 0 or 1. */
  isConfirmed: ColumnInput<Uint8Array>
  /** By camera, n x S; -1: none. A camera that is left out saw nothing. */
  cameraAssignments: Readonly<Record<string, ColumnInput<Int32Array>>>
  /** By camera, n x S x 4; all -1: none. A camera that is left out saw nothing. */
  bboxes: Readonly<Record<string, ColumnInput<Int32Array>>>
}

/** What a writer has done since it was opened: numbers for a dashboard. Blocks are of `chunkFrames` frames. */
export interface WriterStats {
  /** Frames accepted. */
  frames: number
  /** Boxes of them that lost a fraction: see the option `fractionalBoxes`. */
  boxesTruncated: number
  /** Full blocks that are in the file. */
  blocks: number
  /** Bytes of their values, before and after compression. */
  rawBytes: number
  storedBytes: number
  /** Time spent compressing, of all threads together, and putting into the file, s. */
  encodeSeconds: number
  commitSeconds: number
  /** Blocks that wait for the encoder or the disk now. */
  queueDepth: number
  /** The longest time that a call had to wait for a free block, s. */
  longestWaitSeconds: number
}

/** Name of a column, or of one column per camera. */
export type FieldName = keyof TrackingFields

/** A whole tracking file, or a window of one. */
export interface TrackingResults extends TrackingFields {
  /** The cameras, in the file's order. */
  cameraNames: string[]
  /** The attributes of the file beside its camera names: schema, its version, who created it, what the writer was given. */
  metadata: ReadMetadata
}

/** The part of TrackingResults that has the fields `F`. */
export type TrackingWindow<F extends FieldName = FieldName> = Pick<TrackingResults, F | 'cameraNames' | 'metadata'>

/** One fish through a file: its n frames in the file's order. */
export interface Trajectory {
  fishId: number
  /** [n] int64. */
  frameIndex: NdArray<BigInt64Array>
  /** [n, 3] float32; NaN: not known. */
  centroid3d: NdArray<Float32Array>
  /** [n] float32; -1: none. */
  confidence: NdArray<Float32Array>
  /** [n] float32; -1: none. */
  reprojectionResidual: NdArray<Float32Array>
  /** [n] int32. */
  nCameras: NdArray<Int32Array>
  /** [n], 0 or 1. */
  isConfirmed: NdArray<Uint8Array>
  /** By camera: [n] int32; -1: none. */
  cameraAssignments: Record<string, NdArray<Int32Array>>
  /** By camera: [n, 4] int32; all -1: none. */
  bboxes: Record<string, NdArray<Int32Array>>
}
