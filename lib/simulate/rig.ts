/**
 * Simulates a school of fish in a tank with a ring of cameras above it. The demonstration writes its frames and the benchmarks
 * measure with them. The same options always give the same frames.
 */
import type { TrackRecord } from '../base/track-record.js'
import { type Camera, cameraRing, type Point, project } from './camera.js'
import { Random } from './random.js'
import { School } from './school.js'

export interface RigOptions {
  /** Seed of the random numbers, an integer; default 1. */
  seed?: number
  /** Number of frames that `frames()` yields; default 1800. */
  frames?: number
  /** Number of fish, with ids from 0; default 9. */
  fish?: number
  /** Number of cameras; default 13. */
  cameras?: number
  /** Probability that a camera sees a fish in a frame; default 0.55. */
  visibility?: number
  /** Frames per second; default 30. */
  fps?: number
}

export interface RigFrame {
  /** 0, 1, 2 … */
  frameIndex: number
  /** One record for each fish, by ascending id. Each frame has new objects. */
  tracks: TrackRecord[]
}

/** Length, width and depth of the water, cm. z is the height above the bottom. */
export const TANK: Point = [200, 100, 60]

const BODY_CM = 9
const POSITION_NOISE_CM = 0.08
const BOX_NOISE_PX = 1.2

export class Rig {
  readonly options: Required<RigOptions>
  readonly cameraNames: readonly string[]
  /** Metadata for the file. */
  readonly metadata: Record<string, string | number | readonly number[]>

  constructor(options: RigOptions = {}) {
    this.options = { seed: 1, frames: 1800, fish: 9, cameras: 13, visibility: 0.55, fps: 30, ...options }
    const digits = Math.max(2, String(this.options.cameras).length)
    this.cameraNames = Array.from(
      { length: this.options.cameras },
      (_, i) => `cam${String(i + 1).padStart(digits, '0')}`,
    )
    this.metadata = {
      fps: this.options.fps,
      position_units: 'cm',
      residual_units: 'px',
      tank_size: TANK,
      simulation_seed: this.options.seed,
    }
  }

  /** Yields the frames. Each call begins with the first frame. */
  *frames(): Generator<RigFrame, void, undefined> {
    const { seed, frames, fish, fps } = this.options
    const random = new Random(seed)
    const school = new School(fish, TANK, random)
    const cameras = cameraRing(this.cameraNames.length, TANK)
    const seen = new Int32Array(cameras.length * fish)
    for (let frameIndex = 0; frameIndex < frames; frameIndex++) {
      school.step(1 / fps)
      this.#detect(seen, random)
      const tracks: TrackRecord[] = []
      for (let i = 0; i < fish; i++) tracks.push(this.#record(i, school, cameras, seen, random))
      yield { frameIndex, tracks }
    }
  }

  /** Fills seen[camera * fish + i] with the index of fish i among the detections of the camera, -1 if it is not detected. */
  #detect(seen: Int32Array, random: Random): void {
    const { fish, visibility } = this.options
    const detected: number[] = []
    for (let base = 0; base < seen.length; base += fish) {
      detected.length = 0
      for (let i = 0; i < fish; i++) {
        seen[base + i] = -1
        if (random.uniform() < visibility) detected.push(i)
      }
      // Shuffled, because a detector lists its detections in no particular order.
      for (let left = detected.length; left > 0; left--) {
        const pick = (random.uniform() * left) | 0
        seen[base + detected[pick]!] = left - 1
        detected[pick] = detected[left - 1]!
      }
    }
  }

  #record(i: number, school: School, cameras: readonly Camera[], seen: Int32Array, random: Random): TrackRecord {
    const { fish } = this.options
    const centre = school.position(i)
    const half = school.heading(i, BODY_CM / 2)
    const cameraDetections: Record<string, number> = {}
    const bboxes: Record<string, number[]> = {}
    let nCameras = 0
    for (let c = 0; c < cameras.length; c++) {
      const detection = seen[c * fish + i]!
      if (detection < 0) continue
      const name = this.cameraNames[c]!
      cameraDetections[name] = detection
      bboxes[name] = box(cameras[c]!, centre, half, random)
      nCameras++
    }
    // One camera gives a direction but no depth.
    const located = nCameras >= Math.min(2, cameras.length)
    const views = nCameras / Math.max(1, cameras.length)
    return {
      fishId: i,
      centroid3d: located ? centre.map((value) => value + POSITION_NOISE_CM * random.normal()) : null,
      confidence: nCameras > 0 ? Math.min(1, 0.6 + 0.35 * views + 0.03 * random.normal()) : -1,
      reprojectionResidual: located ? Math.abs(0.9 + 0.3 * random.normal()) : -1,
      nCameras,
      isConfirmed: nCameras >= 2,
      cameraDetections,
      bboxes,
    }
  }
}

/** The box (left, top, width, height in px) around the projected body, with the noise of a detector. */
function box(camera: Camera, centre: Point, half: Point, random: Random): number[] {
  const [u, v, scale] = project(camera, centre)
  const [du, dv] = project(camera, [centre[0] + half[0], centre[1] + half[1], centre[2] + half[2]])
  const girth = 1.5 * scale
  const width = 2 * (Math.abs(du - u) + girth) + BOX_NOISE_PX * random.normal()
  const height = 2 * (Math.abs(dv - v) + girth) + BOX_NOISE_PX * random.normal()
  return [
    u - width / 2 + BOX_NOISE_PX * random.normal(),
    v - height / 2 + BOX_NOISE_PX * random.normal(),
    width,
    height,
  ]
}
