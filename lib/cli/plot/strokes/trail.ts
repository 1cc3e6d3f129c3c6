/** Collects the line of one animal in one view, in pixels. */
import type { Canvas } from './canvas.js'
import { Simplifier } from './simplify.js'

/** A dot so near to the one before, in pixels, adds nothing. */
const LEAST = 0.5

export class Trail {
  /** x and y of each point, in turn; a NaN before the first point of each piece. */
  #numbers: number[] = []
  #onCanvas = false
  readonly #most: number
  readonly #canvas: Canvas
  readonly #brush: number
  readonly #simplifier = new Simplifier((x, y) => this.#numbers.push(x, y))
  /** The number of numbers at the begin of the open piece; null if there is none. */
  #begin: number | null = null
  #x = Number.NaN
  #y = Number.NaN
  /** The last piece if it is a single point. */
  #dot: readonly [number, number] | null = null

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
    if (joined) {
      this.#simplifier.add(x, y)
    } else {
      this.#end()
      this.#begin = this.#numbers.push(Number.NaN)
      this.#simplifier.begin(x, y)
    }
    if (this.#numbers.length > 2 * this.#most) this.#drawOnCanvas(x, y)
  }

  /** Ends the open piece. */
  #end(): void {
    if (this.#begin === null) return
    this.#simplifier.end()
    const begin = this.#begin
    this.#begin = null
    const isDot = this.#numbers.length === begin + 2
    const [x, y] = [this.#numbers[begin]!, this.#numbers[begin + 1]!]
    const before = this.#dot
    if (isDot && before && Math.abs(x - before[0]) < LEAST && Math.abs(y - before[1]) < LEAST) {
      this.#numbers.length = begin - 1
    } else this.#dot = isDot ? [x, y] : null
  }

  #drawOnCanvas(x: number, y: number): void {
    this.#end()
    for (const piece of this.#pieces()) {
      this.#canvas.dot(piece[0]!, piece[1]!, this.#brush)
      for (let i = 2; i < piece.length; i += 2) {
        this.#canvas.line(piece[i - 2]!, piece[i - 1]!, piece[i]!, piece[i + 1]!, this.#brush)
      }
    }
    this.#canvas.dot(x, y, this.#brush)
    this.#onCanvas = true
    this.#numbers = []
  }

  /** The data of two SVG paths: of the lines, and of the single points, which are drawn as dots. */
  paths(): { line: string; dots: string } {
    this.#end()
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
