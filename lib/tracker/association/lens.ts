/** The pinhole model that both cameras share: calibration, projection and viewing direction. */
import { checkOptions, invalidArgument } from '../../base/errors.js'
import { cross, unit, type Vector } from '../../base/vectors.js'

/** Three rows of three numbers. */
export type Matrix3 = readonly ArrayLike<number>[]

/** Calibration of a camera, as in OpenCV: a point p in world coordinates is `R p + t` in camera coordinates. */
export interface CameraOptions {
  /** Intrinsic matrix in px: `[[fx, skew, cx], [0, fy, cy], [0, 0, 1]]`, for undistorted images. */
  K: Matrix3
  /** Rotation matrix, world to camera; x to the right, y down, z into the scene. */
  R: Matrix3
  /** Translation, world to camera, in the world's unit. */
  t: ArrayLike<number>
}

/** Largest deviation of an element of R from a rotation matrix, such as rounding to float32 causes. R is then made exact. */
const ROTATION_TOLERANCE = 1e-4

/** An ideal pinhole lens, without distortion and refraction. */
export class Lens {
  /** Centre of projection in world coordinates. */
  readonly centre: Vector
  readonly #fx: number
  readonly #fy: number
  readonly #skew: number
  readonly #cx: number
  readonly #cy: number
  readonly #R: readonly [Vector, Vector, Vector]
  readonly #t: Vector

  constructor(options: CameraOptions) {
    const [[fx, skew, cx], second, third] = matrix('K', options.K)
    const [below, fy, cy] = second
    if (!(fx > 0 && fy > 0 && below === 0 && third[0] === 0 && third[1] === 0 && third[2] === 1)) {
      throw invalidArgument('K', options.K, '[[fx, skew, cx], [0, fy, cy], [0, 0, 1]] with fx and fy above 0')
    }
    this.#fx = fx
    this.#fy = fy
    this.#skew = skew
    this.#cx = cx
    this.#cy = cy
    this.#R = rotation(options.R)
    this.#t = vector('t', options.t)
    const [x, y, z] = this.#toWorld(this.#t)
    this.centre = [-x, -y, -z]
  }

  /** Stores the pixel of a point into `pixels` at `at`. If the point is not in front of the camera, stores NaN and returns false. */
  project(x: number, y: number, z: number, pixels: Float64Array, at: number): boolean {
    const [right, down, forward] = this.#R
    const depth = forward[0] * x + forward[1] * y + forward[2] * z + this.#t[2]
    if (!(depth > 0)) {
      pixels[at] = pixels[at + 1] = Number.NaN
      return false
    }
    const u = (right[0] * x + right[1] * y + right[2] * z + this.#t[0]) / depth
    const v = (down[0] * x + down[1] * y + down[2] * z + this.#t[1]) / depth
    pixels[at] = this.#fx * u + this.#skew * v + this.#cx
    pixels[at + 1] = this.#fy * v + this.#cy
    return true
  }

  /** Viewing direction of a pixel: a unit vector in world coordinates. */
  direction(u: number, v: number): Vector {
    const y = (v - this.#cy) / this.#fy
    const x = (u - this.#cx - this.#skew * y) / this.#fx
    return unit(this.#toWorld([x, y, 1]))
  }

  /** Turns a direction from camera to world coordinates. */
  #toWorld([x, y, z]: Vector): Vector {
    const [right, down, forward] = this.#R
    return [
      right[0] * x + down[0] * y + forward[0] * z,
      right[1] * x + down[1] * y + forward[1] * z,
      right[2] * x + down[2] * y + forward[2] * z,
    ]
  }
}

/** Throws ERR_INVALID_ARGUMENT if `options` has an unknown option. `more` are the options of this kind of camera. */
export function checkCameraOptions(name: string, options: CameraOptions, more: readonly string[] = []): void {
  checkOptions(name, options, ['K', 'R', 't', ...more])
}

/** The number of points of `width` numbers in an array. Throws ERR_INVALID_ARGUMENT if it is not a whole number. */
export function countOf(name: string, values: ArrayLike<number>, width: number): number {
  if (typeof values === 'object' && values !== null && Number.isInteger(values.length / width)) {
    return values.length / width
  }
  throw invalidArgument(name, values, `an array of n x ${width} numbers`)
}

function rotation(R: Matrix3): [Vector, Vector, Vector] {
  const [right, down, forward] = matrix('R', R)
  const exactRight = unit(right)
  const exactForward = unit(cross(exactRight, down))
  const exact: [Vector, Vector, Vector] = [exactRight, cross(exactForward, exactRight), exactForward]
  const near = (a: Vector, b: Vector) => a.every((value, i) => Math.abs(value - b[i]!) <= ROTATION_TOLERANCE)
  if (near(right, exact[0]) && near(down, exact[1]) && near(forward, exact[2])) return exact
  throw invalidArgument('R', R, 'a rotation: three rows of length 1, at right angles and right-handed')
}

function matrix(name: string, value: Matrix3): [Vector, Vector, Vector] {
  if (!Array.isArray(value) || value.length !== 3) throw invalidArgument(name, value, 'three rows of three numbers')
  return [vector(`${name}[0]`, value[0]), vector(`${name}[1]`, value[1]), vector(`${name}[2]`, value[2])]
}

function vector(name: string, value: ArrayLike<number> | undefined): Vector {
  if (typeof value === 'object' && value !== null && value.length === 3) {
    const numbers: Vector = [value[0]!, value[1]!, value[2]!]
    if (numbers.every(Number.isFinite)) return numbers
  }
  throw invalidArgument(name, value, 'three finite numbers')
}
