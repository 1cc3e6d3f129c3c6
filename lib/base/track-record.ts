/** A fish in one frame, as a writer takes it. */
export interface TrackRecord {
  /** Identity of the fish: an int32, not negative, unique in the frame. */
  fishId: number
  /** Position x, y, z: finite numbers, stored as float32. `null` or three NaN: not known. One or two NaN are refused. */
  centroid3d: ArrayLike<number> | null
  /** Confidence of the track, stored as float32; -1 if there is none. */
  confidence: number
  /** Residual of the position in the images, stored as float32; -1 if there is none. */
  reprojectionResidual: number
  /** Number of cameras that the position comes from: an int32, not negative. */
  nCameras: number
  /** True if the tracker has confirmed the identity. */
  isConfirmed: boolean
  /**
   * By camera, the index of the detection in the camera's frame: an int32. For no detection, leave the camera out or give -1. With
   * dozens of cameras, Maps are written twice as fast as objects, which V8 then turns into hash tables.
   */
  cameraDetections: Readonly<Record<string, number>> | ReadonlyMap<string, number>
  /**
   * By camera, the four numbers of a box (left, top, width, height in px), stored as int32. Fractions are truncated toward zero and
   * the boxes counted; `fractionalBoxes: 'refuse'` refuses them instead.
   */
  bboxes: Readonly<Record<string, ArrayLike<number>>> | ReadonlyMap<string, ArrayLike<number>>
}
