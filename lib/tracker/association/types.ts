/** Types of cameras, detections and associations. */
import type { TrackRecord } from '../../base/track-record.js'

/**
 * A camera model: converts between points of the world and pixels of its image. All arrays are row-major.
 */
export interface CameraModel {
  /**
   * Projects `points` (n x 3). Returns `pixels` (n x 2; u to the right, v down) and `valid` (n): true or 1 if the point is in
   * view, also outside the borders of the image. The pixel of an invalid point has no meaning.
   */
  project(points: ArrayLike<number>): { pixels: ArrayLike<number>; valid: ArrayLike<number | boolean> }
  /**
   * Returns the lines of sight of `pixels` (n x 2): `origins` (n x 3) and unit vectors `directions` (n x 3) away from the camera.
   * NaN for a pixel without one.
   */
  castRay(pixels: ArrayLike<number>): { origins: ArrayLike<number>; directions: ArrayLike<number> }
}

/** The pixels of an image, or of a part of it, that belong to a detection. */
export interface Mask {
  /** height x width values, row-major: above 0 (or true) for the pixels of the animal. */
  data: ArrayLike<number | boolean>
  width: number
  height: number
  /** Column of the image at which the mask begins, px. Default 0. */
  left?: number
  /** Row of the image at which the mask begins, px. Default 0. */
  top?: number
}

/** An animal that a detector found in the image of one camera. Its position is `centroid`, or else the centroid of `mask`. */
export type Detection = {
  /** Bounding box: left, top, width, height in px. Copied to the result without a check of the values. */
  bbox: ArrayLike<number>
  /** Confidence of the detector. It becomes the confidence of a fish that only one camera saw. */
  confidence: number
} & (
  | {
      /** u, v in px. */
      centroid: ArrayLike<number>
    }
  | { mask: Mask }
)

/** Values by the name of the camera, in an object or a Map. */
export type PerCamera<T> = Readonly<Record<string, T>> | ReadonlyMap<string, T>

/** A fish in one frame: its detections and its position. */
export interface AssociationResult {
  /** Number within the frame, from 0. It is not an identity. */
  fishId: number
  /** Position x, y, z in the world's unit. */
  centroid3d: ArrayLike<number>
  /** Mean distance of the detections to the projected position, px; -1 if one camera saw the fish. */
  reprojectionResidual: number
  /** By camera, the index of the detection among those of the camera. */
  cameraDetections: TrackRecord['cameraDetections']
  /** By camera, the box of the detection. */
  bboxes: TrackRecord['bboxes']
  /** Number of cameras that detected the fish. */
  nCameras: number
  /** 1 if several cameras saw the fish; else the confidence of its detection. */
  confidence: number
  /** True if one camera saw the fish: its direction is measured, its distance is assumed. */
  isLowConfidence: boolean
}

/** The result of {@link ransacCentroidCluster} for one frame. */
export interface FrameAssociations {
  associations: readonly AssociationResult[]
  frameIndex: number | bigint
  /** Detections without an association, because their ray does not enter the water. */
  unassigned: readonly { camera: string; detection: number }[]
}
