import type { TrackRecord } from '../../base/track-record.js'

/**
 * A camera: how points of the world and pixels of its image belong together. Everything is row-major. Pixels are those of an
 * image without distortion.
 */
export interface CameraModel {
  /**
   * `points`: n x 3. Gives their `pixels`, n x 2 (u to the right, v down), and `valid`, n: whether the camera can see the
   * point at all, be it inside the image or not. The pixel of a point that is not valid means nothing.
   */
  project(points: ArrayLike<number>): { pixels: ArrayLike<number>; valid: ArrayLike<number | boolean> }
  /**
   * `pixels`: n x 2. Gives the line on which the point that is seen there lies: n x 3 `origins`, and n x 3 unit `directions`
   * away from the camera. NaN where there is none.
   */
  castRay(pixels: ArrayLike<number>): { origins: ArrayLike<number>; directions: ArrayLike<number> }
}

/** Which pixels of an image, or of a part of it, belong to a detection. */
export interface Mask {
  /** height x width, row-major: above 0 (or true) where the animal is. */
  data: ArrayLike<number | boolean>
  width: number
  height: number
  /** Column and row of the image that the mask begins at. Default 0, 0. */
  left?: number
  top?: number
}

/** One animal, or what was taken for one, in one camera's image. Its place is `centroid`, or else the centroid of `mask`. */
export type Detection = {
  /** The four numbers of a box, which are handed on as they are. */
  bbox: ArrayLike<number>
  confidence: number
} & (
  | {
      /** u, v in px. */
      centroid: ArrayLike<number>
    }
  | { mask: Mask }
)

/** Something by camera. */
export type PerCamera<T> = Readonly<Record<string, T>> | ReadonlyMap<string, T>

/** One fish of one moment: the detections that are it, and where that puts it. */
export interface AssociationResult {
  /** Number within the frame, from 0; no identity. */
  fishId: number
  /** x, y, z. */
  centroid3d: ArrayLike<number>
  /** Mean distance of the detections to the projected position, px; -1 for a single view, which has none. */
  reprojectionResidual: number
  /** Camera to the index of the detection among that camera's. */
  cameraDetections: TrackRecord['cameraDetections']
  /** Camera to the detection's box. */
  bboxes: TrackRecord['bboxes']
  nCameras: number
  /** 1 where several cameras agree; for a single view that of its detection. */
  confidence: number
  /** A single view: the direction is known, the depth is assumed. */
  isLowConfidence: boolean
}

/** What was seen in one frame. */
export interface FrameAssociations {
  associations: readonly AssociationResult[]
  frameIndex: number | bigint
  /** Detections that are in no association: those whose ray does not enter the water. */
  unassigned: readonly { camera: string; detection: number }[]
}
