/**
 * Splits the output of the reading process into replies. A reply is a length (uint32, little-endian), a JSON text of that many
 * bytes and, if the JSON has `ok`, exactly the raw bytes that were requested. The sizes that the process sends are bounded, so it
 * cannot make the caller allocate memory.
 */
import { expect } from './json-values.js'

/** Takes the parsed JSON of a reply and returns the memory for the raw bytes that follow it. */
export type OnReply = (reply: unknown) => readonly Uint8Array[]

const lengthBytes = 4

export class Replies {
  readonly #longestText: number
  readonly #onReply: OnReply
  readonly #onEnd: () => void
  readonly #length = Buffer.alloc(lengthBytes)
  /** Memory for the next bytes: the length, then the text, then the raw bytes. */
  #into: Uint8Array[] = [this.#length]
  #filled = 0
  #state: 'length' | 'text' | 'data' = 'length'

  /** @param onEnd called when a reply is complete */
  constructor(longestText: number, onReply: OnReply, onEnd: () => void) {
    this.#longestText = longestText
    this.#onReply = onReply
    this.#onEnd = onEnd
  }

  /** Takes bytes as they arrive. Throws ProtocolError or SyntaxError if they are not a reply. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const target = this.#into[0] as Uint8Array
      const part = bytes.subarray(at, at + target.length - this.#filled)
      target.set(part, this.#filled)
      at += part.length
      this.#filled += part.length
      if (this.#filled === target.length) this.#next()
    }
  }

  #next(): void {
    const full = this.#into.shift() as Uint8Array
    this.#filled = 0
    if (this.#state === 'length') {
      const length = this.#length.readUInt32LE()
      expect(length > 0 && length <= this.#longestText, `text of ${length} bytes`)
      this.#into = [Buffer.allocUnsafe(length)]
      this.#state = 'text'
      return
    }
    if (this.#state === 'text') {
      const memory = this.#onReply(JSON.parse(Buffer.from(full.buffer, full.byteOffset, full.length).toString()))
      this.#into = memory.filter(({ length }) => length > 0)
      this.#state = 'data'
    }
    if (this.#into.length > 0) return
    this.#into = [this.#length]
    this.#state = 'length'
    this.#onEnd()
  }
}
