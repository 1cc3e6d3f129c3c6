import { checkOptions, invalidArgument } from '../../base/errors.js'
import { cross, unit, type Vector } from '../../base/vectors.js'

/** Three rows of three numbers. */
export type Matrix3 = readonly ArrayLike<number>[]

/** What calibration says of a camera, as in OpenCV: a point p of the world is at `R p + t` in the camera's system. */
export interface CameraOptions {
  /** Intrinsics, in px: `[[fx, skew, cx], [0, fy, cy], [0, 0, 1]]`, of images from which the distortion has been taken. */
  K: Matrix3
  /** Rotation, world to camera; x to the right, y down, z into the scene. */
  R: Matrix3
  /** Translation, world to camera, in the world's unit. */
  t: ArrayLike<number>
}

/** How far R may be from a rotation, as float32 and printed calibrations are; it is made an exact one. */
const ROTATION_TOLERANCE = 1e-4

/** The part of a camera in front of which nothing bends the light. */
export class Lens {
  /** Where the camera stands in the world. */
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

  /** Puts the pixel of a point into `pixels` at `at`; false, and NaN, where it is not in front of the camera. */
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

  /** Unit vector of the world from the camera to what is seen in a pixel. */
  direction(u: number, v: number): Vector {
    const y = (v - this.#cy) / this.#fy
    const x = (u - this.#cx - this.#skew * y) / this.#fx
    return unit(this.#toWorld([x, y, 1]))
  }

  /** A direction of the camera's system in the world's. */
  #toWorld([x, y, z]: Vector): Vector {
    const [right, down, forward] = this.#R
    return [
      right[0] * x + down[0] * y + forward[0] * z,
      right[1] * x + down[1] * y + forward[1] * z,
      right[2] * x + down[2] * y + forward[2] * z,
    ]
  }
}

/** The options of a camera, no other ones among them. */
export function checkCameraOptions(name: string, options: CameraOptions, more: readonly string[] = []): void {
  checkOptions(name, options, ['K', 'R', 't', ...more])
}

/** How many points of `width` numbers there are. */
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
