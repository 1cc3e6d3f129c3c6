/** `h5tracks/tracker`: turns detections into tracks, in TypeScript only. Nothing that it imports may load the addon. */
export { H5TracksError, type H5TracksErrorFields } from '../base/errors.js'
export type { TrackRecord } from '../base/track-record.js'
export type { Vector } from '../base/vectors.js'
export type { Calibration } from '../calibration/cameras.js'
export { type CalibrationOptions, readCalibration } from '../calibration/read.js'
export { ransacCentroidCluster } from './association/cluster.js'
export type { CameraOptions, Matrix3 } from './association/lens.js'
export type { AssociationOptions } from './association/options.js'
export { PinholeCamera } from './association/pinhole.js'
export { RefractiveCamera, type RefractiveCameraOptions } from './association/refractive.js'
export type {
  AssociationResult,
  CameraModel,
  Detection,
  FrameAssociations,
  Mask,
  PerCamera,
} from './association/types.js'
export { FishTrack } from './identity/track.js'
export { FishTracker, type TrackerOptions } from './identity/tracker.js'
