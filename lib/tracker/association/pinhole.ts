/** A camera model without refraction. */
import { type CameraOptions, checkCameraOptions, countOf, Lens, sizeOf } from './lens.js'
import type { CameraModel } from './types.js'

/** A camera without refraction: only air is between the camera and the animals. Its lens may distort. */
export class PinholeCamera implements CameraModel {
  readonly #lens: Lens
  /** Width and height of the image in px, if known. */
  readonly size: readonly [width: number, height: number] | undefined

  /** Throws ERR_INVALID_ARGUMENT for an invalid calibration. */
  constructor(options: CameraOptions) {
    checkCameraOptions('PinholeCamera', options)
    this.#lens = new Lens(options)
    this.size = sizeOf(options)
  }

  /**
   * `points`: n x 3. `pixels`: n x 2. For a point that is not in front of the camera, or so far aside that the lens
   * model does not hold, `pixels` is NaN and `valid` is 0.
   */
  project(points: ArrayLike<number>): { pixels: Float64Array; valid: Uint8Array } {
    const n = countOf('points', points, 3)
    const pixels = new Float64Array(2 * n)
    const valid = new Uint8Array(n)
    for (let i = 0; i < n; i++) {
      if (this.#lens.project(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!, pixels, 2 * i)) valid[i] = 1
    }
    return { pixels, valid }
  }

  /**
   * `pixels`: n x 2. `origins`: n x 3, the position of the camera. `directions`: n x 3, unit vectors; NaN for a pixel at which the lens
   * shows nothing.
   */
  castRay(pixels: ArrayLike<number>): { origins: Float64Array; directions: Float64Array } {
    const n = countOf('pixels', pixels, 2)
    const origins = new Float64Array(3 * n)
    const directions = new Float64Array(3 * n)
    for (let i = 0; i < n; i++) {
      origins.set(this.#lens.centre, 3 * i)
      directions.set(this.#lens.direction(pixels[2 * i]!, pixels[2 * i + 1]!), 3 * i)
    }
    return { origins, directions }
  }

  /** From pixels (n x 2) of the camera's image to those of the undistorted image, which has the same K; NaN where there is none. */
  undistort(pixels: ArrayLike<number>): Float64Array {
    const result = new Float64Array(2 * countOf('pixels', pixels, 2))
    for (let i = 0; i < result.length; i += 2) this.#lens.undistort(pixels[i]!, pixels[i + 1]!, result, i)
    return result
  }

  /** From pixels (n x 2) of the undistorted image to those of the camera's image; NaN where the lens model does not hold. */
  distort(pixels: ArrayLike<number>): Float64Array {
    const result = new Float64Array(2 * countOf('pixels', pixels, 2))
    for (let i = 0; i < result.length; i += 2) this.#lens.distort(pixels[i]!, pixels[i + 1]!, result, i)
    return result
  }
}
