import { Transform } from 'node:stream'
import { Refusal } from './refusal.mjs'

const newline = 10
/** In bytes; twenty times the size of a frame of 64 fish seen by 64 cameras. */
const longest = 8 * 2 ** 20

/**
 * Splits bytes into lines, one Buffer per line. An error becomes an item after the lines before it, since destroying the stream
 * would discard those. The stream buffers one line and the rest of its chunk, and causes back-pressure beyond that.
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
   * Ends the lines with an error.
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
    // An incomplete line comes from a rig that was disconnected. It must not be parsed, since it may be valid by chance.
    if (this.#bytes > 0) this.#error ??= new Refusal('ERR_CUT_OFF', 'the connection ended within a line')
    if (this.#error) this.push(this.#error)
    done()
  }

  #add(/** @type {Buffer} */ part) {
    this.#begun.push(part)
    this.#bytes += part.length
  }
}
