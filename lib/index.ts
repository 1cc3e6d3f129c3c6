/// <reference types="node" preserve="true" />
/** `h5tracks`: writes, reads, follows, checks and recovers tracking files. */
export { H5TracksError, type H5TracksErrorFields, type Hdf5ErrorEntry } from './base/errors.js'
export type { TrackRecord } from './base/track-record.js'
export type { Vector } from './base/vectors.js'
export { type CheckOptions, check } from './frames/check/check.js'
export type { CheckReport, Finding, FindingCode, Severity } from './frames/check/report.js'
export type { ReaderOptions } from './frames/file/open.js'
export type { ColumnInput, Metadata, ReadMetadata, StoreStats } from './frames/file/types.js'
export type { LossOptions } from './frames/file/unclosed.js'
export type { FrameRange, WindowOptions } from './frames/read/base-reader.js'
export type { FollowOptions } from './frames/read/follow.js'
export type { FrameGap } from './frames/read/gaps.js'
export { type LayoutFrames, type RecoveryReport, recover, recoverSync } from './frames/recovery/recover.js'
export { type FrameFileOptions, FrameFileWriter } from './frames/write/frame-file-writer.js'
export type { FrameResumeOptions, FrameWriterOptions } from './frames/write/frame-options.js'
export {
  type BatchOf,
  type FrameArguments,
  FrameWriter,
  type LayoutsByName,
  type RecordsOf,
  type SpecOf,
  type StreamedFrame,
} from './frames/write/frame-writer.js'
export type { ContinueOptions, Durability, FileOptions } from './frames/write/open/options.js'
export type { RemoteFileOptions } from './hdf5/objects/file.js'
export type { AttributeValue, NestedList, WritableAttributeValue } from './hdf5/values/attribute-value.js'
export type { NdArray } from './hdf5/values/types.js'
export { defineLayout } from './layout/define.js'
export type {
  ByCamera,
  ColumnsInput,
  FieldNameOf,
  FrameReading,
  PerFrameInput,
  PerFrameParameter,
  ReadColumns,
  RecordInput,
  RecordReading,
  TrajectoryOf,
} from './layout/infer.js'
export type { Field, FileFormat, Layout, ValueType } from './layout/model.js'
export type {
  BoolField,
  EnumField,
  FieldSpec,
  FieldSpecs,
  FloatField,
  FloatType,
  IntegerField,
  IntegerType,
  LayoutSpec,
  StringField,
} from './layout/spec.js'
export { type MidlineOptions, midlineLayout, midlineLayoutWith } from './layouts/midline.js'
export { type CameraPoseSpec, type PoseOptions, type PoseSpec, poseLayout } from './layouts/pose.js'
export { trackingLayout } from './layouts/tracking.js'
export type { ElementType } from './native/element-types.js'
export { versions } from './native/versions.js'
export type { FollowedFrame, FollowedLayouts } from './reader/followed.js'
export { FrameReader } from './reader/frame-reader.js'
export type { UntrustedFrameReader } from './reader/untrusted-frame-reader.js'
export type { RemoteOptions } from './remote/options.js'
export { type PublishOptions, type PublishReport, publish } from './remote/publish/publish.js'
export type { PublishTarget } from './remote/publish/target.js'
export {
  type AssociationOptions,
  type AssociationResult,
  type Calibration,
  type CalibrationOptions,
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
  readCalibration,
  type TrackerOptions,
} from './tracker/index.js'
export type { ResumeOptions, WriterOptions } from './tracking/options.js'
export { TrackingReader } from './tracking/reader.js'
export { type ResultsOptions, readTrackingResults, readTrackingResultsSync } from './tracking/results.js'
export type { ReadOptions } from './tracking/track-reader.js'
export type {
  FieldName,
  Frame,
  FrameColumns,
  TrackingFields,
  TrackingResults,
  TrackingWindow,
  TrackReading,
  Trajectory,
  WriterStats,
} from './tracking/types.js'
export type { UntrustedReader } from './tracking/untrusted-reader.js'
export { TrackingWriter } from './tracking/writer.js'
export type { ReadLimits, UntrustedOptions } from './untrusted/limits.js'
export type { TrustedOptions } from './untrusted/options.js'
