/** Pixels of colours, for lines that are too long to be drawn point by point: no larger than the picture, whatever is drawn. */
export class Canvas {
  readonly #width: number
  /** For each pixel, 1 more than the index of the colour that was drawn last; 0: none. */
  readonly #pixels: Uint16Array
  readonly #colours: string[] = []

  constructor(width: number, height: number) {
    this.#width = width
    this.#pixels = new Uint16Array(width * height)
  }

  /** @returns what to draw in this colour with */
  brush(colour: string): number {
    const index = this.#colours.indexOf(colour)
    return index >= 0 ? index + 1 : this.#colours.push(colour)
  }

  dot(x: number, y: number, brush: number): void {
    this.#pixels[Math.floor(y) * this.#width + Math.floor(x)] = brush
  }

  line(x0: number, y0: number, x1: number, y1: number, brush: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))))
    for (let i = 0; i <= steps; i++) this.dot(x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps, brush)
  }

  /** For each colour the data of an SVG path, with a width of 1, that covers its pixels. */
  paths(): Map<string, string> {
    const pieces = this.#colours.map((): string[] => [])
    for (let start = 0; start < this.#pixels.length; ) {
      const brush = this.#pixels[start]!
      const row = Math.floor(start / this.#width)
      const last = (row + 1) * this.#width
      let end = start + 1
      while (end < last && this.#pixels[end] === brush) end++
      if (brush > 0) pieces[brush - 1]!.push(`M${start - row * this.#width}.5,${row}.5h${end - start - 1}`)
      start = end
    }
    return new Map(this.#colours.map((colour, i) => [colour, pieces[i]!.join('')]))
  }
}
