/** The bytes of a CSV file: where its rows begin and end. */

const [LF, CR, QUOTE, HASH] = [10, 13, 34, 35]

/** Holds the bytes that were read and are not imported yet. */
export class CsvInput {
  bytes: Buffer = Buffer.alloc(0)
  /** Where the next row begins. */
  at = 0
  /** The bytes before hold whole lines. */
  limit = 0
  /** Number of bytes. */
  length = 0
  /** True if there are no more bytes to read. */
  complete = false

  /** Adds bytes; those before `at` are no longer needed. */
  add(chunk: Uint8Array): void {
    const rest = this.length - this.at
    if (rest + chunk.length >= this.bytes.length) {
      // One byte more, for the last line end.
      const larger = Buffer.allocUnsafeSlow(2 * (rest + chunk.length) + 1)
      this.bytes.copy(larger, 0, this.at, this.length)
      this.bytes = larger
    } else {
      this.bytes.copyWithin(0, this.at, this.length)
    }
    this.bytes.set(chunk, rest)
    this.at = 0
    this.length = rest + chunk.length
    this.limit = this.#wholeLines()
  }

  /** Ends the input. Its last line may lack a line end. */
  finish(): void {
    this.complete = true
    this.limit = this.length
    if (this.at < this.length && !isLineEnd(this.bytes[this.length - 1])) {
      this.bytes[this.length] = LF
      this.limit++
    }
  }

  #wholeLines(): number {
    const held = this.bytes.subarray(0, this.length)
    const feed = held.lastIndexOf(LF) + 1
    // A carriage return at the end may be half of a line end.
    return feed + held.subarray(feed, -1).lastIndexOf(CR) + 1
  }

  /** True if a row, or an empty line, begins at `at`. */
  get hasLine(): boolean {
    return this.at < this.limit
  }

  /** The position after the line end at this position; the same position if there is none. */
  afterLineEnd(at: number): number {
    if (this.bytes[at] === CR) return this.bytes[at + 1] === LF && at + 1 < this.limit ? at + 2 : at + 1
    return this.bytes[at] === LF ? at + 1 : at
  }

  /** True if the line at `at` begins with #. */
  get isComment(): boolean {
    return this.bytes[this.at] === HASH
  }

  /** The position after the line at `at`. */
  get nextLine(): number {
    let end = this.at
    while (!isLineEnd(this.bytes[end])) end++
    return this.afterLineEnd(end)
  }

  /**
   * The end of the row at `at`, which may span several lines within quotes, and the number of line ends within quotes. If a quote stays
   * open, undefined, or the end of the complete input.
   */
  row(): { end: number; inner: number } | undefined {
    const { bytes, limit } = this
    let quoted = false
    let inner = 0
    for (let at = this.at; at < limit; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) quoted = !quoted
      else if (isLineEnd(byte)) {
        if (!quoted) return { end: this.afterLineEnd(at), inner }
        inner++
      }
    }
    return this.complete ? { end: limit, inner } : undefined
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR
}
