// A simulated rig: fish whose paths cross in a pool, cameras in the air above the water, and a detector with misses, occlusions
// and false detections. Metres, z down, the water surface at z = 0.
import { RefractiveCamera } from 'h5tracks/tracker'

/** @typedef {import('h5tracks/tracker').Detection} Detection */
/** @typedef {[number, number, number]} Point */

const FOCAL_PX = 1400
const IMAGE_PX = /** @type {const} */ ([1600, 1200])
const CAMERA_HEIGHT = 1.2
const CAMERA_RING = 0.45
const NOISE_PX = 0.7
const BODY_PX = 12

/** A generator that gives the same numbers for the same seed (mulberry32). */
export function randomFrom(/** @type {number} */ seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Cameras on a ring, all aimed at the middle of the pool. */
function cameraRing(/** @type {number} */ count) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * i) / count
      /** @type {Point} */
      const centre = [CAMERA_RING * Math.cos(angle), CAMERA_RING * Math.sin(angle), -CAMERA_HEIGHT]
      const tilt = Math.atan2(CAMERA_RING, CAMERA_HEIGHT + 0.3)
      /** @type {Point} */
      const right = [-Math.sin(angle), Math.cos(angle), 0]
      /** @type {Point} */
      const forward = [-Math.cos(angle) * Math.sin(tilt), -Math.sin(angle) * Math.sin(tilt), Math.cos(tilt)]
      /** @type {Point} */
      const down = [
        forward[1] * right[2] - forward[2] * right[1],
        forward[2] * right[0] - forward[0] * right[2],
        forward[0] * right[1] - forward[1] * right[0],
      ]
      const R = [right, down, forward]
      const t = R.map((row) => -(row[0] * centre[0] + row[1] * centre[1] + row[2] * centre[2]))
      const K = [
        [FOCAL_PX, 0, IMAGE_PX[0] / 2],
        [0, FOCAL_PX, IMAGE_PX[1] / 2],
        [0, 0, 1],
      ]
      return [`cam${i + 1}`, new RefractiveCamera({ K, R, t, waterZ: 0 })]
    }),
  )
}

export class Pool {
  /** @param {{ cameras?: number, fish?: number, fps?: number, missed?: number, falseDetections?: number, seed?: number }} [options] */
  constructor({ cameras = 6, fish = 5, fps = 60, missed = 0.1, falseDetections = 0.3, seed = 1 } = {}) {
    this.cameras = cameraRing(cameras)
    this.fish = fish
    this.fps = fps
    /** Probability that a camera misses a fish that it could see. */
    this.missed = missed
    /** The mean number of false detections per camera and frame. */
    this.falseDetections = falseDetections
    this.random = randomFrom(seed)
  }

  /** The positions of the fish: on closed curves that cross in the middle, each with its own speed and depth. */
  positions(/** @type {number} */ frame) {
    const time = frame / this.fps
    return Array.from({ length: this.fish }, (_, i) => {
      const [pace, phase] = [0.5 + 0.07 * i, 2.4 * i]
      return /** @type {Point} */ ([
        0.45 * Math.sin(pace * time + phase),
        0.3 * Math.sin(1.4 * pace * time + 1.7 * phase),
        0.25 + 0.03 * i + 0.05 * Math.sin(0.9 * time + i),
      ])
    })
  }

  /** The detections of each camera for fish at `positions`. */
  detect(/** @type {Point[]} */ positions) {
    /** @type {Record<string, Detection[]>} */
    const detections = {}
    for (const [name, camera] of Object.entries(this.cameras)) {
      const seen = this.#visible(camera, positions).map(([u, v]) => this.#detection(u, v, 0.8))
      while (this.random() < this.falseDetections / (1 + this.falseDetections)) {
        seen.push(this.#detection(this.random() * IMAGE_PX[0], this.random() * IMAGE_PX[1], 0.4))
      }
      // A detector lists its detections in any order.
      detections[name] = seen.sort((a, b) => b.confidence - a.confidence)
    }
    return detections
  }

  /** Pixels of the fish that are in the image, not occluded and not missed. */
  #visible(/** @type {RefractiveCamera} */ camera, /** @type {Point[]} */ positions) {
    const nearestFirst = positions.toSorted((a, b) => a[2] - b[2])
    const { pixels, valid } = camera.project(nearestFirst.flat())
    /** @type {[number, number][]} */
    const visible = []
    for (let i = 0; i < nearestFirst.length; i++) {
      const [u, v] = /** @type {[number, number]} */ (Array.from(pixels.subarray(2 * i, 2 * i + 2)))
      const outside = !valid[i] || u < 0 || v < 0 || u > IMAGE_PX[0] || v > IMAGE_PX[1]
      const hidden = visible.some((other) => Math.hypot(other[0] - u, other[1] - v) < BODY_PX)
      if (!outside && !hidden) visible.push([u, v])
    }
    return visible.filter(() => this.random() >= this.missed)
  }

  /** @returns {Detection} */
  #detection(/** @type {number} */ u, /** @type {number} */ v, /** @type {number} */ confidence) {
    const noise = () => NOISE_PX * 2 * (this.random() + this.random() + this.random() - 1.5)
    /** @type {[number, number]} */
    const centroid = [u + noise(), v + noise()]
    return {
      centroid,
      bbox: [centroid[0] - 2 * BODY_PX, centroid[1] - BODY_PX, 4 * BODY_PX, 2 * BODY_PX],
      confidence: confidence + 0.2 * (this.random() - 0.5),
    }
  }
}
