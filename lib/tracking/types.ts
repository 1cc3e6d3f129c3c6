/** The types of the frames, columns and statistics of tracking files. */
import type { TrackRecord } from '../base/track-record.js'
import type { StoreStats } from '../frames/file/types.js'
import type { NdArray } from '../hdf5/values/types.js'
import type { ColumnInput, ReadMetadata } from '../layout/infer.js'

/** A frame that was read. `writeFrame(frame.frameIndex, frame.tracks)` writes it again. */
export interface Frame {
  /** A bigint only beyond the safe integers. */
  frameIndex: number | bigint
  /** The fish in the frame by slot, which in files written by h5tracks is by ascending id. */
  tracks: TrackReading[]
}

/** A TrackRecord that was read. Positions and boxes are plain arrays; records by camera have no prototype. */
export interface TrackReading extends TrackRecord {
  centroid3d: number[] | null
  cameraDetections: Record<string, number>
  bboxes: Record<string, number[]>
}

/**
 * The columns of a tracking file for N frames with S slots for fish. A slot is a place in a row, not an identity: `fishId` is the
 * id of the fish in the slot, -1 for an empty slot. All arrays are row-major.
 */
export interface TrackingFields {
  /** [N] int64: the index of each frame. */
  frameIndex: NdArray<BigInt64Array>
  /** [N, S] int32: the id of the fish; -1 for an empty slot. */
  fishId: NdArray<Int32Array>
  /** [N, S, 3] float32: the position x, y, z; NaN if it is not known. */
  centroid3d: NdArray<Float32Array>
  /** [N, S] float32; -1 for none. */
  confidence: NdArray<Float32Array>
  /** [N, S] float32; -1 for none. */
  reprojectionResidual: NdArray<Float32Array>
  /** [N, S] int32: the number of cameras that the position comes from. */
  nCameras: NdArray<Int32Array>
  /** [N, S] uint8: 0 or 1. */
  isConfirmed: NdArray<Uint8Array>
  /** By camera, in the order of `cameraNames`: [N, S] int32, the index of the detection in the camera's frame; -1 for none. */
  cameraAssignments: Record<string, NdArray<Int32Array>>
  /** By camera, in the order of `cameraNames`: [N, S, 4] int32, the four numbers of the box; all -1 for none. */
  bboxes: Record<string, NdArray<Int32Array>>
}

/**
 * A batch of n frames in the layout of the file, for `writeFrames`: row-major, with S = maxFish slots in a frame. In each frame, fish
 * fill the slots from slot 0 by ascending id. Empty slots hold the fill values of the file: id -1, position NaN, and -1, 0 or false
 * in the other columns. The results of `TrackingReader.read` and `readTrackingResults` are such batches.
 */
export interface FrameColumns {
  /** n values: the index of each frame. */
  frameIndex: ColumnInput<BigInt64Array>
  /** n x S: the id of the fish; -1 for an empty slot. */
  fishId: ColumnInput<Int32Array>
  /** n x S x 3: the position; three NaN if it is not known. */
  centroid3d: ColumnInput<Float32Array>
  /** n x S; -1 for none. */
  confidence: ColumnInput<Float32Array>
  /** n x S; -1 for none. */
  reprojectionResidual: ColumnInput<Float32Array>
  /** n x S: the number of cameras that the position comes from. */
  nCameras: ColumnInput<Int32Array>
  /** n x S: 0 or 1. */
  isConfirmed: ColumnInput<Uint8Array>
  /** By camera, n x S: the index of the detection; -1 for none. A camera that is left out has no detections. */
  cameraAssignments: Readonly<Record<string, ColumnInput<Int32Array>>>
  /** By camera, n x S x 4: the box; all -1 for none. A camera that is left out has no boxes. */
  bboxes: Readonly<Record<string, ColumnInput<Int32Array>>>
}

/** Statistics of a `TrackingWriter` since it was opened. */
export interface WriterStats extends StoreStats {
  /** Number of boxes whose fractions were truncated, see the option `fractionalBoxes`. */
  boxesTruncated: number
}

/** The name of a field: of one column, or of one column per camera. */
export type FieldName = keyof TrackingFields

/** The contents of a tracking file or of a window of it. */
export interface TrackingResults extends TrackingFields {
  /** The cameras in the order of the file. */
  cameraNames: string[]
  /** The attributes of the file other than its camera names: schema, schema_version, created_by and the caller's metadata. */
  metadata: ReadMetadata
}

/** The part of TrackingResults with the fields `F`. */
export type TrackingWindow<F extends FieldName = FieldName> = Pick<TrackingResults, F | 'cameraNames' | 'metadata'>

/** A fish in all frames in which it occurs: n frames in the order of the file. */
export interface Trajectory {
  /** The id of the fish. */
  fishId: number
  /** [n] int64: the index of each frame. */
  frameIndex: NdArray<BigInt64Array>
  /** [n, 3] float32: the position; NaN if it is not known. */
  centroid3d: NdArray<Float32Array>
  /** [n] float32; -1 for none. */
  confidence: NdArray<Float32Array>
  /** [n] float32; -1 for none. */
  reprojectionResidual: NdArray<Float32Array>
  /** [n] int32: the number of cameras that the position comes from. */
  nCameras: NdArray<Int32Array>
  /** [n] uint8: 0 or 1. */
  isConfirmed: NdArray<Uint8Array>
  /** By camera: [n] int32, the index of the detection; -1 for none. */
  cameraAssignments: Record<string, NdArray<Int32Array>>
  /** By camera: [n, 4] int32, the four numbers of the box; all -1 for none. */
  bboxes: Record<string, NdArray<Int32Array>>
}
