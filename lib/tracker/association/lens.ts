/** The lens that both cameras share: calibration, projection and viewing direction. */
import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { cross, unit, type Vector } from '../../base/vectors.js'
import { type Distortion, distortionOf } from './distortion.js'

/** Three rows of three numbers. */
export type Matrix3 = readonly ArrayLike<number>[]

/** Calibration of a camera, as in OpenCV: a point p in world coordinates is `R p + t` in camera coordinates. */
export interface CameraOptions {
  /** Intrinsic matrix in px: `[[fx, skew, cx], [0, fy, cy], [0, 0, 1]]`. */
  K: Matrix3
  /** Rotation matrix, world to camera; x to the right, y down, z into the scene. */
  R: Matrix3
  /** Translation, world to camera, in the world's unit. */
  t: ArrayLike<number>
  /**
   * Distortion coefficients in OpenCV's order: `k1, k2, p1, p2`, then `k3`, then `k4, k5, k6`, then `s1, s2, s3, s4` (4, 5, 8 or 12 numbers;
   * with `fisheye`: `k1, k2, k3, k4`). Pixels then belong to the image as the camera takes it. Default: none, for undistorted images.
   */
  distortion?: ArrayLike<number>
  /** The coefficients belong to OpenCV's fisheye model (`cv2.fisheye`). It sees less than 90 degrees to each side. Default: false. */
  fisheye?: boolean
  /** Width and height of the image in px. For information: a pixel beyond them is valid. */
  size?: readonly [width: number, height: number]
}

/** Largest deviation of an element of R from a rotation matrix, such as rounding to float32 causes. R is then made exact. */
const ROTATION_TOLERANCE = 1e-4

/** A lens, with or without distortion; without refraction. */
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
  readonly #distortion: Distortion | undefined
  readonly #ray = new Float64Array(2)

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
    const { distortion = [], fisheye = false } = options
    if (typeof fisheye !== 'boolean') throw invalidArgument('fisheye', fisheye, 'true or false')
    this.#distortion = distortionOf(fisheye && distortion.length === 0 ? [0, 0, 0, 0] : distortion, fisheye)
    const [x, y, z] = this.#toWorld(this.#t)
    this.centre = [-x, -y, -z]
  }

  /** Stores the pixel of a point into `pixels` at `at`. If the camera does not see the point, stores NaN and returns false. */
  project(x: number, y: number, z: number, pixels: Float64Array, at: number): boolean {
    const [right, down, forward] = this.#R
    const depth = forward[0] * x + forward[1] * y + forward[2] * z + this.#t[2]
    if (!(depth > 0)) {
      pixels[at] = pixels[at + 1] = Number.NaN
      return false
    }
    const u = (right[0] * x + right[1] * y + right[2] * z + this.#t[0]) / depth
    const v = (down[0] * x + down[1] * y + down[2] * z + this.#t[1]) / depth
    return this.#show(u, v, pixels, at)
  }

  /** Stores the pixel at which the lens shows a ray. */
  #show(u: number, v: number, pixels: Float64Array, at: number): boolean {
    let [x, y, seen] = [u, v, true]
    if (this.#distortion !== undefined) {
      seen = this.#distortion.distort(u, v, this.#ray)
      x = this.#ray[0]!
      y = this.#ray[1]!
    }
    pixels[at] = this.#fx * x + this.#skew * y + this.#cx
    pixels[at + 1] = this.#fy * y + this.#cy
    return seen
  }

  /** Stores the pixel in the undistorted image, which has the same K, for a pixel of the camera's image. NaN if there is none. */
  undistort(u: number, v: number, pixels: Float64Array, at: number): void {
    const [x, y] = this.#rayOf(u, v)
    pixels[at] = this.#fx * x + this.#skew * y + this.#cx
    pixels[at + 1] = this.#fy * y + this.#cy
  }

  /** The inverse of `undistort`. */
  distort(u: number, v: number, pixels: Float64Array, at: number): void {
    const y = (v - this.#cy) / this.#fy
    const x = (u - this.#cx - this.#skew * y) / this.#fx
    this.#show(x, y, pixels, at)
  }

  #rayOf(u: number, v: number): readonly [number, number] {
    const y = (v - this.#cy) / this.#fy
    const x = (u - this.#cx - this.#skew * y) / this.#fx
    if (this.#distortion === undefined) return [x, y]
    this.#distortion.undistort(x, y, this.#ray)
    return [this.#ray[0]!, this.#ray[1]!]
  }

  /** Viewing direction of a pixel: a unit vector in world coordinates; NaN if the lens shows nothing there. */
  direction(u: number, v: number): Vector {
    const [x, y] = this.#rayOf(u, v)
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
  checkOptions(name, options, ['K', 'R', 't', 'distortion', 'fisheye', 'size', ...more])
}

/** The size of an image, checked. */
export function sizeOf({ size }: CameraOptions): readonly [width: number, height: number] | undefined {
  if (size === undefined) return undefined
  if (!Array.isArray(size) || size.length !== 2) throw invalidArgument('size', size, 'width and height in px')
  return [checkInteger('size[0]', size[0], 1, 1e9), checkInteger('size[1]', size[1], 1, 1e9)]
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
