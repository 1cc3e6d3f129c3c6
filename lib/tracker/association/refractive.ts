/** A camera model with refraction at a flat water surface. */
import { invalidArgument } from '../../base/errors.js'
import { type CameraOptions, checkCameraOptions, countOf, Lens, sizeOf } from './lens.js'
import type { CameraModel } from './types.js'

/** Calibration of a {@link RefractiveCamera}. */
export interface RefractiveCameraOptions extends CameraOptions {
  /** The flat water surface is the plane z = `waterZ` of the world; the camera is on one side of it and the water on the other. */
  waterZ: number
  /** Refractive index on the camera's side. Default 1.0. */
  nAir?: number
  /** Refractive index of the water. Default 1.333. */
  nWater?: number
}

/** A camera in air above still water. Its lens may distort. Light is refracted at the surface by Snell's law. */
export class RefractiveCamera implements CameraModel {
  readonly #lens: Lens
  /** Width and height of the image in px, if known. */
  readonly size: readonly [width: number, height: number] | undefined
  readonly #waterZ: number
  readonly #nAir: number
  readonly #nWater: number
  /** Height of the camera above the surface. */
  readonly #height: number
  /** The sign of z from the camera into the water: 1 or -1. */
  readonly #inward: number

  /** Throws ERR_INVALID_ARGUMENT for an invalid calibration or a camera at the surface. */
  constructor(options: RefractiveCameraOptions) {
    checkCameraOptions('RefractiveCamera', options, ['waterZ', 'nAir', 'nWater'])
    const { waterZ, nAir = 1, nWater = 1.333 } = options
    if (!Number.isFinite(waterZ)) throw invalidArgument('waterZ', waterZ, 'a finite number')
    this.#lens = new Lens(options)
    this.size = sizeOf(options)
    this.#waterZ = waterZ
    this.#nAir = refractiveIndex('nAir', nAir)
    this.#nWater = refractiveIndex('nWater', nWater)
    const down = waterZ - this.#lens.centre[2]
    if (down === 0)
      throw invalidArgument('waterZ', waterZ, 'different from the z of the camera, which would be at the surface')
    this.#height = Math.abs(down)
    this.#inward = Math.sign(down)
  }

  /**
   * `points`: n x 3. `pixels`: n x 2. For a point that is not in the water or not in front of the camera, `pixels` is NaN and
   * `valid` is 0.
   */
  project(points: ArrayLike<number>): { pixels: Float64Array; valid: Uint8Array } {
    const n = countOf('points', points, 3)
    const pixels = new Float64Array(2 * n).fill(Number.NaN)
    const valid = new Uint8Array(n)
    const [cameraX, cameraY] = this.#lens.centre
    for (let i = 0; i < n; i++) {
      const depth = (points[3 * i + 2]! - this.#waterZ) * this.#inward
      if (!(depth > 0)) continue
      const x = points[3 * i]! - cameraX
      const y = points[3 * i + 1]! - cameraY
      const distance = Math.sqrt(x * x + y * y)
      // The ray stays in the vertical plane of camera and point, so the crossing lies on the line between them.
      const part = distance === 0 ? 0 : this.#crossing(distance, depth) / distance
      if (this.#lens.project(cameraX + part * x, cameraY + part * y, this.#waterZ, pixels, 2 * i)) valid[i] = 1
    }
    return { pixels, valid }
  }

  /**
   * `pixels`: n x 2. `origins`: n x 3, on the surface. `directions`: n x 3, unit vectors in the water. Both are NaN if the ray does
   * not enter the water.
   */
  castRay(pixels: ArrayLike<number>): { origins: Float64Array; directions: Float64Array } {
    const n = countOf('pixels', pixels, 2)
    const origins = new Float64Array(3 * n).fill(Number.NaN)
    const directions = new Float64Array(3 * n).fill(Number.NaN)
    const [cameraX, cameraY] = this.#lens.centre
    const ratio = this.#nAir / this.#nWater
    for (let i = 0; i < n; i++) {
      const [x, y, z] = this.#lens.direction(pixels[2 * i]!, pixels[2 * i + 1]!)
      const sine2 = ratio * ratio * (x * x + y * y)
      if (!(z * this.#inward > 0 && sine2 < 1)) continue
      const length = this.#height / Math.abs(z)
      origins.set([cameraX + length * x, cameraY + length * y, this.#waterZ], 3 * i)
      directions.set([ratio * x, ratio * y, this.#inward * Math.sqrt(1 - sine2)], 3 * i)
    }
    return { origins, directions }
  }

  /**
   * The horizontal distance from the camera at which light crosses the surface on its way to a point at horizontal `distance` and
   * at `depth`: the root of Snell's law. Found by Newton's method between two bounds, with bisection where a step would leave them.
   */
  #crossing(distance: number, depth: number): number {
    const height = this.#height
    let low = 0
    let high = distance
    let at = (distance * height) / (height + depth)
    // Bisection alone takes 53 steps, Newton's method about 4.
    for (let step = 0; step < 64; step++) {
      const rest = distance - at
      const inAir = Math.sqrt(at * at + height * height)
      const inWater = Math.sqrt(rest * rest + depth * depth)
      const excess = (this.#nAir * at) / inAir - (this.#nWater * rest) / inWater
      if (excess > 0) high = at
      else low = at
      const slope =
        (this.#nAir * height * height) / (inAir * inAir * inAir) +
        (this.#nWater * depth * depth) / (inWater * inWater * inWater)
      const newton = at - excess / slope
      const next = newton >= low && newton <= high ? newton : (low + high) / 2
      if (Math.abs(next - at) <= 1e-12 * distance) return next
      at = next
    }
    return at
  }
}

function refractiveIndex(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 1) return value
  throw invalidArgument(name, value, 'a refractive index of at least 1')
}
