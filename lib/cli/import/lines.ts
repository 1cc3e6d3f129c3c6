/** Splits a stream of bytes into lines. */
import { Failure } from '../shared/exit.js'

/** In bytes: far above any frame, so that a file without line ends does not fill the memory. */
const LONGEST_LINE = 256 * 1024 * 1024

/** Splits chunks into lines without their line feeds. */
export class LineSplitter {
  #length = 0
  #parts: Buffer[] = [];

  /** The lines that end in this chunk. */
  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield this.#complete(chunk.subarray(start, end))
      start = end + 1
    }
    if (start === chunk.length) return
    this.#parts.push(chunk.subarray(start))
    this.#length += chunk.length - start
    if (this.#length > LONGEST_LINE) {
      throw new Failure(`a line is longer than ${LONGEST_LINE} bytes: JSON lines hold one frame a line`)
    }
  }

  /** The last line if it has no line feed; else null. */
  end(): Buffer | null {
    return this.#length === 0 ? null : this.#complete(Buffer.alloc(0))
  }

  #complete(tail: Buffer): Buffer {
    if (this.#length === 0) return tail
    const line = Buffer.concat([...this.#parts, tail])
    this.#parts = []
    this.#length = 0
    return line
  }
}
