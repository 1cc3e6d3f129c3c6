// Plain JavaScript, so that the programs that tests start can import it as well.

/**
 * @typedef {import('h5tracks').TrackRecord} TrackRecord
 * @typedef {{ frameIndex: number | bigint, tracks: TrackRecord[] }} Frame
 */

export const CAMERAS = ['north', 'east', 'south']

/**
 * One fish in one frame. Every number is a multiple of 1/16, which float32 holds exactly, and differs from frame to frame,
 * from fish to fish and from camera to camera; about a third of the cameras do not see the fish.
 * @param {number} fishId
 * @param {number} frame
 * @param {readonly string[]} cameras
 * @returns {TrackRecord}
 */
export function fish(fishId, frame = 0, cameras = CAMERAS) {
  const seenBy = [...cameras.keys()].filter((camera) => (fishId + frame + camera) % 3 !== 0)
  return {
    fishId,
    centroid3d: [fishId + frame / 16, 0 - fishId - frame / 8, 0.5 + ((fishId * 31 + frame) % 64) / 16],
    confidence: ((fishId * 5 + frame) % 16) / 16,
    reprojectionResidual: ((fishId * 3 + frame) % 40) / 8,
    nCameras: seenBy.length,
    isConfirmed: seenBy.length >= 2,
    cameraDetections: Object.fromEntries(seenBy.map((camera) => [cameras[camera], (fishId + camera) % 7])),
    bboxes: Object.fromEntries(
      seenBy.map((camera) => [cameras[camera], [frame, camera * 100 + fishId, 40, 20 + fishId]]),
    ),
  }
}

/**
 * `count` frames with the fish 0 … fishCount - 1 in each.
 * @param {number} count
 * @param {number} fishCount
 * @param {readonly string[]} cameras
 * @param {number} first index of the first frame
 * @returns {Frame[]}
 */
export function school(count, fishCount = 3, cameras = CAMERAS, first = 0) {
  return Array.from({ length: count }, (_, frame) => ({
    frameIndex: first + frame,
    tracks: Array.from({ length: fishCount }, (_, fishId) => fish(fishId, frame, cameras)),
  }))
}
