/**
 * What the reading process answers, cut into replies. A reply is a text of JSON behind its length (uint32), and, where it
 * says `ok`, exactly the bytes that were asked for. Nothing is allocated here because the other side says so.
 */
import { expect } from './json-values.js'

/** Takes the text of a reply, already parsed, and gives the memory that the bytes behind it go to. */
export type OnReply = (reply: unknown) => readonly Uint8Array[]

const lengthBytes = 4

export class Replies {
  readonly #longestText: number
  readonly #onReply: OnReply
  readonly #onEnd: () => void
  readonly #length = Buffer.alloc(lengthBytes)
  /** Where the next bytes go: the length, the text, then the memory for the rest. */
  #into: Uint8Array[] = [this.#length]
  #filled = 0
  #state: 'length' | 'text' | 'data' = 'length'

  /** @param onEnd called when the bytes of a reply are all there. */
  constructor(longestText: number, onReply: OnReply, onEnd: () => void) {
    this.#longestText = longestText
    this.#onReply = onReply
    this.#onEnd = onEnd
  }

  /** Takes bytes as they arrive; throws ProtocolError or SyntaxError for what is no reply. */
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
