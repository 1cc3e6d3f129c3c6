/** The positions of one animal, in the order of the file, summed up. */

/** What is known of the course of an animal. */
export interface CourseStats {
  /** Frames in which its position is known, and in which it was tracked without a known position. */
  frames: number
  framesUnknown: number
  /** The indices of the first and the last frame with a position; null without any. */
  firstFrame: bigint | null
  lastFrame: bigint | null
  /** Number of interruptions between the first and the last position, and the frame indices that the longest one lacks. */
  gaps: number
  longestGap: number
  /** Sum of the distances between positions in successive frames. */
  distance: number
  /** `distance` by the time between these positions; null without such a pair. */
  meanSpeed: number | null
  /** The largest speed between two successive frames. */
  maxSpeed: number | null
}

/** Frame numbers from a clock vary a little around the usual step. */
const TOLERANCE = 1.5

export class Course {
  #frames = 0
  #unknown = 0
  #first: bigint | null = null
  #last: bigint | null = null
  #lastRow = Number.NEGATIVE_INFINITY
  #gaps = 0
  #longestGap = 0
  #distance = 0
  /** Frame indices between the positions that `distance` joins. */
  #duration = 0
  #maxSpeed: number | null = null
  readonly #point = new Float64Array(3)
  readonly #dimensions: number
  readonly #step: number

  /** @param step the usual difference between successive frame indices */
  constructor(dimensions: 2 | 3, step: number) {
    this.#dimensions = dimensions
    this.#step = step
  }

  /** Adds the record in a row of the file; its position is at `at` in `points`. */
  add(row: number, frame: bigint, points: ArrayLike<number>, at: number): void {
    let squares = 0
    for (let axis = 0; axis < this.#dimensions; axis++) {
      const value = points[at + axis] as number
      if (!Number.isFinite(value)) {
        this.#unknown++
        return
      }
      squares += (value - (this.#point[axis] as number)) ** 2
    }
    const advance = this.#last === null ? 0 : Number(frame - this.#last)
    if (this.#last !== null) {
      if (row === this.#lastRow + 1 && advance > 0 && advance <= TOLERANCE * this.#step) {
        const length = Math.sqrt(squares)
        this.#distance += length
        this.#duration += advance
        this.#maxSpeed = Math.max(this.#maxSpeed ?? 0, length / advance)
      } else {
        this.#gaps++
        this.#longestGap = Math.max(this.#longestGap, advance - 1)
      }
    }
    for (let axis = 0; axis < this.#dimensions; axis++) this.#point[axis] = points[at + axis] as number
    this.#first ??= frame
    this.#last = frame
    this.#lastRow = row
    this.#frames++
  }

  stats(fps: number | null): CourseStats {
    const speed = (perFrame: number) => perFrame * (fps ?? 1)
    return {
      frames: this.#frames,
      framesUnknown: this.#unknown,
      firstFrame: this.#first,
      lastFrame: this.#last,
      gaps: this.#gaps,
      longestGap: this.#longestGap,
      distance: this.#distance,
      meanSpeed: this.#duration === 0 ? null : speed(this.#distance / this.#duration),
      maxSpeed: this.#maxSpeed === null ? null : speed(this.#maxSpeed),
    }
  }
}
