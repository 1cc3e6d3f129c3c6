// The frames of the following test: each is a function of its index, and carries the time at which it was written.

/** @typedef {import('h5tracks').TrackRecord} TrackRecord */

export const CAMERAS = ['left', 'right']
export const MAX_FISH = 4

/**
 * @param {number} frame
 * @param {number} slot
 * @returns {TrackRecord}
 */
function fish(frame, slot) {
  const id = (frame % 7) * 10 + slot
  return {
    fishId: id,
    centroid3d: [(frame % 65536) / 16, slot - (frame % 262144) / 4, id / 8],
    confidence: ((frame + slot) % 16) / 16,
    reprojectionResidual: (frame % 1024) / 8,
    nCameras: (frame + slot) % 3,
    isConfirmed: (frame + slot) % 2 === 1,
    cameraDetections: { left: frame, right: (frame * 31 + slot) % 1_000_003 },
    bboxes: { left: [frame, slot, frame ^ 0x5a5a5a, id] },
  }
}

/**
 * The frame with this index; its first fish carries the time in its other box.
 * @param {number} frame
 * @param {number} microseconds
 */
export function tracksOf(frame, microseconds) {
  const tracks = Array.from({ length: 1 + (frame % MAX_FISH) }, (_, slot) => fish(frame, slot))
  const [first] = /** @type {[TrackRecord]} */ (tracks)
  first.bboxes = { ...first.bboxes, right: [Math.floor(microseconds / 1e6), microseconds % 1e6, frame, 0] }
  return tracks
}

/** The time of a clock that all processes share. */
export function microsecondsNow() {
  return Number(process.hrtime.bigint() / 1000n)
}

/**
 * The time that the frame carries; throws when anything in the frame differs from what was written.
 * @param {import('h5tracks').Frame} frame
 * @param {number} index
 */
export function timeIn({ frameIndex, tracks }, index) {
  if (frameIndex !== index) throw new Error(`frame ${index} was expected, frame ${frameIndex} came`)
  const box = tracks[0]?.bboxes.right ?? []
  const microseconds = Number(box[0]) * 1e6 + Number(box[1])
  const written = tracksOf(index, microseconds)
  if (written.length !== tracks.length || !written.every((fish, slot) => isSame(tracks[slot], fish))) {
    throw new Error(`frame ${index} is torn: ${JSON.stringify(tracks)}\nwas written as ${JSON.stringify(written)}`)
  }
  return microseconds
}

/**
 * Whether a fish was read as it was written. Every number is one that float32 and int32 hold.
 * @param {TrackRecord | undefined} read
 * @param {TrackRecord} written
 */
function isSame(read, written) {
  if (read === undefined) return false
  for (const key of /** @type {(keyof TrackRecord)[]} */ (Object.keys(written))) {
    const [a, b] = [read[key], written[key]]
    if (typeof b === 'object' && b !== null ? !areSame(a, b) : a !== b) return false
  }
  return true
}

/**
 * Compares arrays, or records by camera.
 * @param {any} read
 * @param {any} written
 * @returns {boolean}
 */
function areSame(read, written) {
  const keys = Object.keys(written)
  if (Object.keys(read).length !== keys.length) return false
  return keys.every(
    (key) => read[key] === written[key] || (typeof written[key] === 'object' && areSame(read[key], written[key])),
  )
}
