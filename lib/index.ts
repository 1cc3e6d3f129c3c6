export { H5TracksError, type H5TracksErrorFields, type Hdf5ErrorEntry } from './errors.js'
export type { AttributeValue, WritableAttributeValue } from './hdf5/attribute-value.js'
export type { NdArray } from './hdf5/types.js'
export { type CheckOptions, check } from './tracking/check/check.js'
export type { CheckReport, Finding, FindingCode } from './tracking/check/report.js'
export type { FollowOptions } from './tracking/follow.js'
export {
  type AssociationOptions,
  type AssociationResult,
  type CameraModel,
  type CameraOptions,
  type Detection,
  FishTrack,
  FishTracker,
  type FrameAssociations,
  type Mask,
  type Matrix3,
  type PerCamera,
  PinholeCamera,
  RefractiveCamera,
  type RefractiveCameraOptions,
  ransacCentroidCluster,
  type TrackerOptions,
} from './tracking/index.js'
export type { Durability, ResumeOptions, WriterOptions } from './tracking/options.js'
export {
  type FrameRange,
  type ReadOptions,
  type ResultsOptions,
  readTrackingResults,
  readTrackingResultsSync,
  TrackingReader,
  type TrustedOptions,
} from './tracking/reader.js'
export { type RecoveryReport, recover, recoverSync } from './tracking/recover.js'
export type {
  ColumnInput,
  FieldName,
  Frame,
  FrameColumns,
  Metadata,
  ReadMetadata,
  TrackingFields,
  TrackingResults,
  TrackingWindow,
  TrackReading,
  TrackRecord,
  Trajectory,
  WriterStats,
} from './tracking/types.js'
export type { LossOptions } from './tracking/unclosed.js'
export { TrackingWriter } from './tracking/writer.js'
export type { ReadLimits, UntrustedOptions } from './untrusted/limits.js'
export type { UntrustedReader } from './untrusted/reader.js'
export type { Vector } from './vectors.js'
export { versions } from './versions.js'
