// The frames that the programs write and the verification expects: frame i of a seed depends on nothing else.
import { changingRecording } from '../../../dist/simulate/recordings.js'
import { fish } from '../../support/tracking/frames.js'

/** @typedef {import('../../support/tracking/frames.js').Frame} Frame */

export const CAMERAS = ['left', 'right']
export const MAX_FISH = 4

/** From this seed on, the frames are those of a recording that changes its kind, so that other filters pay. */
export const CHANGING = 1000
const MANY = 15
const KINDS = ['ids that come and go', 'one animal in pixels', 'resting animals']

/** @param {number} seed */
export const slotsOf = (seed) => (seed >= CHANGING ? MANY : MAX_FISH)

/** The frames that were asked for of each such seed, in order. @type {Map<number, { source: Generator<Frame>, made: Frame[] }>} */
const recordings = new Map()

/** @param {number} seed @param {number} i */
function recorded(seed, i) {
  let recording = recordings.get(seed)
  if (!recording) {
    recording = { source: changingRecording(KINDS, 150 + 50 * (seed % 7)), made: [] }
    recordings.set(seed, recording)
  }
  const { source, made } = recording
  while (made.length <= i) made.push(/** @type {Frame} */ (source.next().value))
  return /** @type {Frame} */ (made[i])
}

/** What the file keeps of a record, by the left camera. @param {Frame['tracks'][number]} track */
function kept(track) {
  const [detection] = Object.values(track.cameraDetections)
  const [box] = /** @type {number[][]} */ (Object.values(track.bboxes))
  return {
    ...track,
    centroid3d: track.centroid3d && Array.from(track.centroid3d, Math.fround),
    confidence: Math.fround(track.confidence),
    reprojectionResidual: Math.fround(track.reprojectionResidual),
    cameraDetections: detection === undefined ? {} : { left: detection },
    bboxes: box ? { left: box.map((value) => Math.trunc(value) + 0) } : {},
  }
}

/** @param {number} seed @param {number} i @returns {Frame} */
function changingFrame(seed, i) {
  const tracks = [...recorded(seed, i).tracks].sort((a, b) => a.fishId - b.fishId).slice(0, MANY)
  return { frameIndex: (seed * 1_000_000 + i) * 2, tracks: /** @type {Frame['tracks']} */ (tracks.map(kept)) }
}

/**
 * Two frames differ in every value, except that every eighth frame has no fish.
 * @param {number} seed
 * @param {number} i
 * @returns {Frame}
 */
export function frameOf(seed, i) {
  if (seed >= CHANGING) return changingFrame(seed, i)
  const count = i % 8 === 5 ? 0 : 1 + ((i + seed) % MAX_FISH)
  const number = seed * 1_000_000 + i
  return { frameIndex: number * 2, tracks: Array.from({ length: count }, (_, k) => fish(k * 3, number, CAMERAS)) }
}

/**
 * The place in the seed of the frame with this index.
 * @param {number} seed
 * @param {number | bigint} frameIndex
 */
export const placeOf = (seed, frameIndex) => Number(frameIndex) / 2 - seed * 1_000_000
