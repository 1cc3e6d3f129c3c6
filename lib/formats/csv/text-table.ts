/** Texts by number: a column of texts in a table of numbers. */

const mostTexts = 1_000_000
const mostBytes = 64 * 2 ** 20

/** The distinct texts of a column. Beyond a million, or 64 MiB, texts are counted instead of kept. */
export class TextTable {
  readonly texts: string[] = []
  /** Bytes of the longest text in UTF-8. */
  longest = 1
  /** Number of cells whose texts were not kept. */
  dropped = 0
  readonly #numbers = new Map<string, number>()
  #bytes = 0

  /** The number of a text; NaN if it is not kept. */
  numberOf(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const bytes = Buffer.byteLength(text)
    if (this.texts.length === mostTexts || this.#bytes + bytes > mostBytes || bytes > 65_535) {
      this.dropped++
      return Number.NaN
    }
    this.#bytes += bytes
    this.longest = Math.max(this.longest, bytes)
    const number = this.texts.push(text) - 1
    this.#numbers.set(text, number)
    return number
  }
}
