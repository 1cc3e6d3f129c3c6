/** A raster for lines that have too many points for SVG paths. Its size depends on the picture only. */
export class Canvas {
  readonly #width: number
  /** For each pixel, the index of the colour drawn last plus 1; 0 if nothing was drawn. */
  readonly #pixels: Uint16Array
  readonly #colours: string[] = []

  constructor(width: number, height: number) {
    this.#width = width
    this.#pixels = new Uint16Array(width * height)
  }

  /** @returns the number to pass as `brush` to draw in this colour */
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

  /** By colour, the data of an SVG path that covers its pixels with a stroke width of 1. */
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
