import type { AssociationResult, FishTracker } from 'h5tracks'

/** The association of one fish seen by two cameras. */
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

/** Feeds frames, numbered from `first`, to the tracker; returns the result of `update` for each. */
export function feed(tracker: FishTracker, frames: AssociationResult[][], first = 0) {
  return frames.map((associations, i) => tracker.update({ frameIndex: first + i, associations }))
}

/** `count` frames without observations. */
export const nothing = (count: number): AssociationResult[][] => Array.from({ length: count }, () => [])
