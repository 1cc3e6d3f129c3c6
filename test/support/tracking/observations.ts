import type { AssociationResult, FishTracker } from 'h5tracks'

/** One fish as an association of two cameras gives it. */
export function seen(
  x: number,
  y = 0,
  z = 0.5,
  { fishId = 0, ...more }: Partial<AssociationResult> = {},
): AssociationResult {
  return {
    fishId,
    centroid3d: [x, y, z],
    reprojectionResidual: 0.5,
    cameraDetections: { top: 3, front: 1 },
    bboxes: { top: [10, 20, 30, 40], front: [50, 60, 70, 80] },
    nCameras: 2,
    confidence: 0.75,
    isLowConfidence: false,
    ...more,
  }
}

/** Gives the tracker frame after frame, numbered from `first`; what `update` gave for each. */
export function feed(tracker: FishTracker, frames: AssociationResult[][], first = 0) {
  return frames.map((associations, i) => tracker.update({ frameIndex: first + i, associations }))
}

/** `count` frames in which nothing is seen. */
export const nothing = (count: number): AssociationResult[][] => Array.from({ length: count }, () => [])
