import { Transform } from 'node:stream'
import { Refusal } from './refusal.mjs'

const newline = 10
/** Bytes. A frame of 64 fish seen by 64 cameras takes a twentieth of it. */
const longest = 8 * 2 ** 20

/** Bytes in, one string a line out. It holds one line and what came with it, and takes no more before those are taken. */
export class Lines extends Transform {
  /** @type {Buffer[]} */
  #begun = []
  #bytes = 0
  #decoder = new TextDecoder('utf-8', { fatal: true })

  constructor() {
    super({ readableObjectMode: true, readableHighWaterMark: 1 })
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _
   * @param {import('node:stream').TransformCallback} done
   */
  _transform(chunk, _, done) {
    try {
      let start = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        this.#add(chunk.subarray(start, end))
        this.push(this.#line())
        start = end + 1
      }
      this.#add(chunk.subarray(start))
      done()
    } catch (error) {
      done(/** @type {Error} */ (error))
    }
  }

  /**
   * @override
   * @param {import('node:stream').TransformCallback} done
   */
  _flush(done) {
    // Half a line is what is left of a rig that was cut off: it may even parse, as a number or a shorter one does.
    done(this.#bytes > 0 ? new Refusal('ERR_CUT_OFF', 'the connection ended within a line') : null)
  }

  #add(/** @type {Buffer} */ part) {
    this.#begun.push(part)
    this.#bytes += part.length
    if (this.#bytes > longest) throw new Refusal('ERR_LINE_TOO_LONG', `a line has at most ${longest} bytes`)
  }

  #line() {
    const line = this.#begun.length === 1 ? this.#begun[0] : Buffer.concat(this.#begun)
    this.#begun = []
    this.#bytes = 0
    try {
      return this.#decoder.decode(line)
    } catch {
      throw new Refusal('ERR_INVALID_LINE', 'the line is not UTF-8')
    }
  }
}
