/** Leaves points out of a line, in one pass and in constant memory, so that every one of them stays within a pixel of the line. */

/** In pixels. A point as near to the one before adds nothing. */
const NEAR = 0.5
/** In pixels. A point that is left out of a straight piece is at most 1.5 times as far from it. */
const TOLERANCE = 0.2

/**
 * Keeps the ends of the longest straight pieces. A piece grows while one direction from its start passes all its points within the tolerance
 * (the cone of such directions is not empty) and while the line does not turn back.
 */
export class Simplifier {
  readonly #keep: (x: number, y: number) => void
  #anchorX = 0
  #anchorY = 0
  #lastX = 0
  #lastY = 0
  /** Where the line is, after points that added nothing. */
  #atX = 0
  #atY = 0
  /** Largest distance from the anchor. */
  #reach = 0
  /** The cone: its first direction, and its limits relative to that; without one, all points are at the anchor. */
  #direction: number | null = null
  #low = 0
  #high = 0

  constructor(keep: (x: number, y: number) => void) {
    this.#keep = keep
  }

  /** Begins a line, whose first point is kept. */
  begin(x: number, y: number): void {
    this.#keep(x, y)
    this.#atX = x
    this.#atY = y
    this.#restart(x, y)
    this.#lastX = x
    this.#lastY = y
  }

  add(x: number, y: number): void {
    this.#atX = x
    this.#atY = y
    if (Math.hypot(x - this.#lastX, y - this.#lastY) >= NEAR) this.#take(x, y)
  }

  #take(x: number, y: number): void {
    if (!this.#extends(x, y)) {
      this.#keep(this.#lastX, this.#lastY)
      this.#restart(this.#lastX, this.#lastY)
      this.#extends(x, y)
    }
    this.#lastX = x
    this.#lastY = y
  }

  /** Ends the line: its last point is kept. */
  end(): void {
    if (this.#atX !== this.#lastX || this.#atY !== this.#lastY) this.#take(this.#atX, this.#atY)
    if (this.#lastX !== this.#anchorX || this.#lastY !== this.#anchorY) this.#keep(this.#lastX, this.#lastY)
    this.#restart(this.#lastX, this.#lastY)
  }

  #restart(x: number, y: number): void {
    this.#anchorX = x
    this.#anchorY = y
    this.#reach = 0
    this.#direction = null
  }

  /** Extends the piece to a point; false if the piece has to end before it. */
  #extends(x: number, y: number): boolean {
    const dx = x - this.#anchorX
    const dy = y - this.#anchorY
    const distance = Math.hypot(dx, dy)
    if (distance < this.#reach - TOLERANCE / 2) return false
    this.#reach = Math.max(this.#reach, distance)
    if (distance <= TOLERANCE) return true
    const angle = Math.atan2(dy, dx)
    const spread = Math.asin(TOLERANCE / distance)
    if (this.#direction === null) {
      this.#direction = angle
      this.#low = -spread
      this.#high = spread
      return true
    }
    const turn = wrapped(angle - this.#direction)
    if (turn < this.#low || turn > this.#high) return false
    this.#low = Math.max(this.#low, turn - spread)
    this.#high = Math.min(this.#high, turn + spread)
    return true
  }
}

function wrapped(angle: number): number {
  if (angle > Math.PI) return angle - 2 * Math.PI
  return angle < -Math.PI ? angle + 2 * Math.PI : angle
}
