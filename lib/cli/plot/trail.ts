/** Collects the line of one fish in one view, in pixels. */
import type { Canvas } from './canvas.js'

/** Smaller movements, in pixels, are not visible. */
const LEAST = 0.5

export class Trail {
  /** x and y of each point, in turn; a NaN before the first point of each piece. */
  #numbers: number[] = []
  #onCanvas = false
  readonly #most: number
  readonly #canvas: Canvas
  readonly #brush: number
  /** True while the last piece is a single point. */
  #isDot = false
  #x = Number.NaN
  #y = Number.NaN
  /** The last point that was kept. */
  #keptX = Number.NaN
  #keptY = Number.NaN

  /** @param most number of points to keep; a line with more points is drawn on the canvas */
  constructor(most: number, canvas: Canvas, colour: string) {
    this.#most = most
    this.#canvas = canvas
    this.#brush = canvas.brush(colour)
  }

  get isOnCanvas(): boolean {
    return this.#onCanvas
  }

  /** @param joined true if a line leads here from the previous point */
  add(x: number, y: number, joined: boolean): void {
    if (!this.#onCanvas) this.#keep(x, y, joined)
    else if (joined) this.#canvas.line(this.#x, this.#y, x, y, this.#brush)
    else this.#canvas.dot(x, y, this.#brush)
    this.#x = x
    this.#y = y
  }

  #keep(x: number, y: number, joined: boolean): void {
    const still = Math.abs(x - this.#keptX) < LEAST && Math.abs(y - this.#keptY) < LEAST
    // A dot at the same place as the dot before adds nothing.
    if (still && (joined || this.#isDot)) return
    if (!joined) this.#numbers.push(Number.NaN)
    this.#isDot = !joined
    this.#numbers.push(x, y)
    this.#keptX = x
    this.#keptY = y
    if (this.#numbers.length > 2 * this.#most) this.#drawOnCanvas()
  }

  #drawOnCanvas(): void {
    for (const piece of this.#pieces()) {
      this.#canvas.dot(piece[0]!, piece[1]!, this.#brush)
      for (let i = 2; i < piece.length; i += 2) {
        this.#canvas.line(piece[i - 2]!, piece[i - 1]!, piece[i]!, piece[i + 1]!, this.#brush)
      }
    }
    this.#onCanvas = true
    this.#numbers = []
  }

  /** The data of two SVG paths: of the lines, and of the single points, which are drawn as dots. */
  paths(): { line: string; dots: string } {
    const lines: string[] = []
    const dots: string[] = []
    for (const piece of this.#pieces()) {
      const points: string[] = []
      for (let i = 0; i < piece.length; i += 2) points.push(`${tenths(piece[i]!)},${tenths(piece[i + 1]!)}`)
      if (points.length > 1) lines.push(`M${points.join('L')}`)
      else dots.push(`M${points[0]}h0`)
    }
    return { line: lines.join(''), dots: dots.join('') }
  }

  *#pieces(): Generator<number[]> {
    let piece: number[] = []
    for (const number of this.#numbers) {
      if (!Number.isNaN(number)) {
        piece.push(number)
        continue
      }
      if (piece.length > 0) yield piece
      piece = []
    }
    if (piece.length > 0) yield piece
  }
}

function tenths(pixels: number): number {
  return Math.round(10 * pixels) / 10
}
