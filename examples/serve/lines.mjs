import { Transform } from 'node:stream'
import { Refusal } from './refusal.mjs'

const newline = 10
/** Bytes. A frame of 64 fish seen by 64 cameras takes a twentieth of it. */
const longest = 8 * 2 ** 20

/**
 * Bytes in, one Buffer a line out. An error takes its place behind the lines that came before it, which destroying the stream
 * would throw away. It holds one line and what came with it, and takes no more before those are taken.
 */
export class Lines extends Transform {
  /** @type {Buffer[]} */
  #begun = []
  #bytes = 0
  /** @type {Error | undefined} */
  #error

  constructor() {
    super({ readableObjectMode: true, readableHighWaterMark: 1 })
  }

  /**
   * Nothing more will come, because of this.
   * @param {Error} error
   */
  fail(error) {
    this.#error ??= error
    this.end()
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _
   * @param {import('node:stream').TransformCallback} done
   */
  _transform(chunk, _, done) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#add(chunk.subarray(start, end))
      this.push(this.#begun.length === 1 ? this.#begun[0] : Buffer.concat(this.#begun))
      this.#begun = []
      this.#bytes = 0
      start = end + 1
    }
    this.#add(chunk.subarray(start))
    if (this.#bytes > longest) {
      this.#begun = []
      this.push(new Refusal('ERR_LINE_TOO_LONG', `a line has at most ${longest} bytes`))
    }
    done()
  }

  /**
   * @override
   * @param {import('node:stream').TransformCallback} done
   */
  _flush(done) {
    // Half a line is what is left of a rig that was cut off: it may even parse, as a number or a shorter one does.
    if (this.#bytes > 0) this.#error ??= new Refusal('ERR_CUT_OFF', 'the connection ended within a line')
    if (this.#error) this.push(this.#error)
    done()
  }

  #add(/** @type {Buffer} */ part) {
    this.#begun.push(part)
    this.#bytes += part.length
  }
}
