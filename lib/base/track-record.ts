/** One fish in one frame. */
export interface TrackRecord {
  /** Identity of the fish: int32, not negative, once in a frame. */
  fishId: number
  /** x, y, z: finite, stored as float32; `null`: not known. Three NaN mean the same; one or two are refused. */
  centroid3d: ArrayLike<number> | null
  /** Stored as float32; -1 where there is none. */
  confidence: number
  /** Stored as float32; -1 where there is none. */
  reprojectionResidual: number
  /** How many cameras the position comes from: int32, not negative. */
  nCameras: number
  isConfirmed: boolean
  /**
   * Camera to the index of the detection in that camera's frame: int32; -1 says none, as does leaving the camera out. With dozens
   * of cameras Maps are written twice as fast as objects, which V8 makes hash tables of.
   */
  cameraDetections: Readonly<Record<string, number>> | ReadonlyMap<string, number>
  /**
   * Camera to the four numbers of a box: int32. Fractions are truncated toward zero, and such boxes counted
   * (`fractionalBoxes: 'refuse'` refuses them).
   */
  bboxes: Readonly<Record<string, ArrayLike<number>>> | ReadonlyMap<string, ArrayLike<number>>
}
