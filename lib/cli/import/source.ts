/** Reads the bytes of a file or of standard input, and detects their encoding and format. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { Failure, interruption } from '../shared/exit.js'

export class Source {
  /** The name used in messages. */
  readonly name: string
  /** In bytes; null if not known (a pipe). */
  readonly size: number | null
  /** The path of a regular file. */
  readonly path: string | undefined
  /** Number of bytes returned so far. */
  bytesRead = 0
  readonly #stream: Readable
  readonly #iterator: AsyncIterator<Buffer>
  #peeked: Buffer[] = []
  #decoder: TextDecoder | undefined

  private constructor(name: string, stream: Readable, size: number | null, path?: string) {
    this.name = name
    this.size = size
    this.path = path
    this.#stream = addAbortSignal(interruption, stream)
    this.#iterator = stream[Symbol.asyncIterator]()
  }

  /**
   * @param name the name used in messages
   * @throws the system's error if the file cannot be opened
   */
  static async open(path: string, name = path): Promise<Source> {
    if (path === '-') return new Source('standard input', process.stdin, null)
    const handle = await open(path)
    const stat = await handle.stat()
    if (stat.isDirectory()) {
      await handle.close()
      throw new Failure(`${path} is a directory, not a file of JSON lines or CSV`)
    }
    const isKnown = stat.isFile() && stat.size > 0
    const stream = createReadStream(path, { fd: handle, highWaterMark: 1 << 18 })
    return new Source(name, stream, isKnown ? stat.size : null, isKnown ? path : undefined)
  }

  /** Reads up to the first character that is not white space, and detects encoding and format from it. */
  async detect(): Promise<'jsonl' | 'csv'> {
    for (;;) {
      const value = await this.#read()
      if (value === undefined) throw new Failure(`${this.name} is empty: there is nothing to import`)
      this.#peeked.push(value)
      const begin = Buffer.concat(this.#peeked)
      // The first bytes may be an incomplete byte order mark.
      if (begin.length < 4 && (begin[0] ?? 0) >= 0xef) continue
      this.#decoder ??= decoderOf(begin)
      const text = new TextDecoder(this.#decoder?.encoding ?? 'latin1').decode(begin.subarray(0, 4096))
      const start = text.replace(/^\xef\xbb\xbf/, '').trimStart()
      if (start === '') continue
      const isCompressed = start.startsWith('\x1f\x8b') || start.startsWith('\x28\xb5\x2f\xfd')
      if (this.#decoder === undefined && isCompressed) return 'csv'
      if (this.#decoder === undefined && start.includes('\0')) {
        throw new Failure(`${this.name} is not text: JSON lines or CSV in UTF-8 is expected`)
      }
      return start.startsWith('{') || start.startsWith('[') ? 'jsonl' : 'csv'
    }
  }

  /** The text is not UTF-8 in the file. Known after `detect`. */
  get isTranscoded(): boolean {
    return this.#decoder !== undefined
  }

  /** The bytes that `detect` looked at, as they are in the file. */
  get beginning(): Buffer {
    return Buffer.concat(this.#peeked)
  }

  /** All bytes as they are in the file. */
  async *raw(): AsyncGenerator<Buffer> {
    yield* this.#peeked.splice(0)
    for (let chunk = await this.#read(); chunk !== undefined; chunk = await this.#read()) yield chunk
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk
  }

  /** The next bytes, in UTF-8; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    const value = this.#peeked.shift() ?? (await this.#read())
    if (this.#decoder !== undefined) return this.#transcode(value, this.#decoder)
    this.bytesRead += value?.length ?? 0
    return value
  }

  #transcode(bytes: Buffer | undefined, decoder: TextDecoder): Buffer | undefined {
    this.bytesRead += bytes?.length ?? 0
    try {
      const text = decoder.decode(bytes, { stream: bytes !== undefined })
      return bytes === undefined && text === '' ? undefined : Buffer.from(text)
    } catch {
      throw new Failure(`${this.name} is not text: it has the byte order mark of UTF-16, but is not UTF-16`)
    }
  }

  async #read(): Promise<Buffer | undefined> {
    const { value, done } = await this.#iterator.next()
    return done ? undefined : value
  }

  /** Stops reading. An open standard input would keep the process alive. */
  close(): void {
    this.#stream.destroy()
  }
}

/** A decoder for UTF-16 with a byte order mark, as Excel and PowerShell write it; undefined for other encodings. */
function decoderOf(bytes: Buffer): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true })
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true })
  return undefined
}
