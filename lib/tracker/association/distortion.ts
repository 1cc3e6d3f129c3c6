/** Lens distortion: OpenCV's radial, tangential and thin prism model, and its fisheye model, in normalised image coordinates. */
import { invalidArgument } from '../../base/errors.js'

/** A lens that bends rays. Functions store their result into `out` at 0 and 1, and NaN where the model has none. */
export interface Distortion {
  /** From where an ideal lens shows a ray to where this one shows it. False for a ray that the model folds back into the image. */
  distort(x: number, y: number, out: Float64Array): boolean
  /** The inverse of `distort`. False if there is no such ray. */
  undistort(x: number, y: number, out: Float64Array): boolean
}

const STEPS = 100
const EXACT = 1e-13

/** Distortion by coefficients in OpenCV's order; undefined if all are 0. Throws ERR_INVALID_ARGUMENT. */
export function distortionOf(coefficients: ArrayLike<number>, fisheye: boolean): Distortion | undefined {
  const allowed = fisheye ? [4] : [4, 5, 8, 12, 14]
  const what = fisheye
    ? '4 finite numbers: k1, k2, k3, k4'
    : '4, 5, 8, 12 or 14 finite numbers in the order of OpenCV: k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4, tx, ty'
  const isList = typeof coefficients === 'object' && coefficients !== null
  const k = isList ? Array.from(coefficients) : []
  if (!isList || !k.every(Number.isFinite) || (k.length > 0 && !allowed.includes(k.length))) {
    throw invalidArgument('distortion', coefficients, what)
  }
  if (fisheye) return k.length === 0 ? undefined : new Fisheye(k)
  if (k.slice(12).some((tilt) => tilt !== 0)) {
    throw invalidArgument('distortion', coefficients, 'without a tilted sensor: the coefficients tx and ty must be 0')
  }
  return k.every((value) => value === 0) ? undefined : new Polynomial(k)
}

/** The radius at which `slope` first falls to 0, searched up to `end`; Infinity if there is none. */
function foldOf(slope: (r: number) => number, end: number): number {
  const step = end / 4096
  for (let high = step; high <= end; high += step) {
    if (slope(high) > 0) continue
    let low = high - step
    let top = high
    for (let i = 0; i < 60; i++) {
      const middle = (low + top) / 2
      if (slope(middle) > 0) low = middle
      else top = middle
    }
    return low
  }
  return Number.POSITIVE_INFINITY
}

class Polynomial implements Distortion {
  readonly #k: readonly number[]
  /** Rays beyond this radius would be shown again inside of the image, where they are not seen. */
  readonly #fold: number
  /** The matrix of derivatives at the point of the last `#at`. */
  readonly #slopes = new Float64Array(4)

  constructor(coefficients: readonly number[]) {
    this.#k = [...coefficients, ...new Array<number>(12).fill(0)].slice(0, 12)
    this.#fold = foldOf((r) => {
      const [gain, change] = this.#gain(r * r)
      return gain + 2 * r * r * change
    }, 16)
  }

  /** The radial gain at a squared radius, and its derivative. */
  #gain(r2: number): readonly [number, number] {
    const [k1, k2, , , k3, k4, k5, k6] = this.#k as [number, number, number, number, number, number, number, number]
    const above = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
    const below = 1 + r2 * (k4 + r2 * (k5 + r2 * k6))
    const aboveChange = k1 + r2 * (2 * k2 + r2 * 3 * k3)
    const belowChange = k4 + r2 * (2 * k5 + r2 * 3 * k6)
    return [above / below, (aboveChange * below - above * belowChange) / (below * below)]
  }

  #at(x: number, y: number, out: Float64Array): void {
    const [p1, p2, s1, s2, s3, s4] = [2, 3, 8, 9, 10, 11].map((i) => this.#k[i]!) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const r2 = x * x + y * y
    const [gain, change] = this.#gain(r2)
    out[0] = x * gain + 2 * p1 * x * y + p2 * (r2 + 2 * x * x) + r2 * (s1 + r2 * s2)
    out[1] = y * gain + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y + r2 * (s3 + r2 * s4)
    const mixed = 2 * x * y * change + 2 * p1 * x + 2 * p2 * y
    const prismX = 2 * (s1 + 2 * s2 * r2)
    const prismY = 2 * (s3 + 2 * s4 * r2)
    this.#slopes[0] = gain + 2 * x * x * change + 2 * p1 * y + 6 * p2 * x + x * prismX
    this.#slopes[1] = mixed + y * prismX
    this.#slopes[2] = mixed + x * prismY
    this.#slopes[3] = gain + 2 * y * y * change + 6 * p1 * y + 2 * p2 * x + y * prismY
  }

  distort(x: number, y: number, out: Float64Array): boolean {
    this.#at(x, y, out)
    const [a, b, c, d] = this.#slopes as unknown as [number, number, number, number]
    if (Math.hypot(x, y) < this.#fold && a * d - b * c > 0) return true
    out.fill(Number.NaN, 0, 2)
    return false
  }

  /** Newton's method; a step that does not come nearer is halved. */
  undistort(u: number, v: number, out: Float64Array): boolean {
    let x = u
    let y = v
    const limit = 0.999 * this.#fold
    const radius = Math.hypot(u, v)
    if (radius > limit) {
      x *= limit / radius
      y *= limit / radius
    }
    this.#at(x, y, out)
    let miss = Math.hypot(out[0]! - u, out[1]! - v)
    const exact = EXACT * (1 + radius)
    for (let i = 0; i < STEPS && miss > exact; i++) {
      const [a, b, c, d] = this.#slopes as unknown as [number, number, number, number]
      const det = a * d - b * c
      const missX = out[0]! - u
      const missY = out[1]! - v
      let part = 1
      let nearer = false
      while (!nearer && part > 1e-6) {
        const nextX = x - (part * (d * missX - b * missY)) / det
        const nextY = y - (part * (a * missY - c * missX)) / det
        this.#at(nextX, nextY, out)
        const next = Math.hypot(out[0]! - u, out[1]! - v)
        nearer = next < miss && Math.hypot(nextX, nextY) < this.#fold
        if (nearer) [x, y, miss] = [nextX, nextY, next]
        part /= 2
      }
      if (!nearer) break
    }
    const found = miss <= 1e3 * exact
    out[0] = found ? x : Number.NaN
    out[1] = found ? y : Number.NaN
    return found
  }
}

class Fisheye implements Distortion {
  readonly #k: readonly [number, number, number, number]
  readonly #fold: number

  constructor(coefficients: readonly number[]) {
    this.#k = coefficients as unknown as [number, number, number, number]
    this.#fold = Math.min(
      foldOf((angle) => this.#slope(angle), Math.PI / 2),
      Math.PI / 2,
    )
  }

  #shown(angle: number): number {
    const [k1, k2, k3, k4] = this.#k
    const a2 = angle * angle
    return angle * (1 + a2 * (k1 + a2 * (k2 + a2 * (k3 + a2 * k4))))
  }

  #slope(angle: number): number {
    const [k1, k2, k3, k4] = this.#k
    const a2 = angle * angle
    return 1 + a2 * (3 * k1 + a2 * (5 * k2 + a2 * (7 * k3 + a2 * 9 * k4)))
  }

  distort(x: number, y: number, out: Float64Array): boolean {
    const radius = Math.hypot(x, y)
    const angle = Math.atan(radius)
    const seen = angle < this.#fold
    const gain = seen ? (radius === 0 ? 1 : this.#shown(angle) / radius) : Number.NaN
    out[0] = x * gain
    out[1] = y * gain
    return seen
  }

  undistort(u: number, v: number, out: Float64Array): boolean {
    const shown = Math.hypot(u, v)
    let low = 0
    let high = this.#fold
    const seen = shown < this.#shown(high)
    let angle = Math.min(shown, high / 2)
    for (let i = 0; seen && i < STEPS; i++) {
      const excess = this.#shown(angle) - shown
      if (excess > 0) high = angle
      else low = angle
      const newton = angle - excess / this.#slope(angle)
      const next = newton > low && newton < high ? newton : (low + high) / 2
      if (Math.abs(next - angle) <= 1e-15) break
      angle = next
    }
    const gain = seen ? (shown === 0 ? 1 : Math.tan(angle) / shown) : Number.NaN
    out[0] = u * gain
    out[1] = v * gain
    return seen
  }
}
