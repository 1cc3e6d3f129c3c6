/** Where the bytes come from: a file or standard input, and what its first bytes look like. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import { Failure, interruption } from '../exit.js'

export class Source {
  /** For messages. */
  readonly name: string
  /** null: not known (a pipe). */
  readonly size: number | null
  /** Bytes handed out so far. */
  bytesRead = 0
  readonly #stream: Readable
  readonly #iterator: AsyncIterator<Buffer>
  #peeked: Buffer[] = []

  private constructor(name: string, stream: Readable, size: number | null) {
    this.name = name
    this.size = size
    this.#stream = addAbortSignal(interruption, stream)
    this.#iterator = stream[Symbol.asyncIterator]()
  }

  /** @throws the system's error when the file cannot be opened */
  static async open(path: string): Promise<Source> {
    if (path === '-') return new Source('standard input', process.stdin, null)
    const handle = await open(path)
    const stat = await handle.stat()
    if (stat.isDirectory()) {
      await handle.close()
      throw new Failure(`${path} is a directory, not a file of JSON lines or CSV`)
    }
    return new Source(
      path,
      createReadStream(path, { fd: handle, highWaterMark: 1 << 18 }),
      stat.isFile() && stat.size > 0 ? stat.size : null,
    )
  }

  /** Reads to the first byte that says something, and tells the format by it. */
  async detect(): Promise<'jsonl' | 'csv'> {
    for (;;) {
      const { value, done } = await this.#iterator.next()
      if (done) throw new Failure(`${this.name} is empty: there is nothing to import`)
      this.#peeked.push(value)
      const start = value
        .subarray(0, 4096)
        .toString('latin1')
        .replace(/^\xef\xbb\xbf/, '')
        .trimStart()
      if (start === '') continue
      if (start.includes('\0') || start.startsWith('\x1f\x8b')) {
        throw new Failure(`${this.name} is not text: JSON lines or CSV in UTF-8 is expected`)
      }
      return start.startsWith('{') || start.startsWith('[') ? 'jsonl' : 'csv'
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (const chunk of this.#peeked.splice(0)) yield this.#count(chunk)
    for (;;) {
      const { value, done } = await this.#iterator.next()
      if (done) return
      yield this.#count(value)
    }
  }

  /** Nobody reads on: an open standard input would keep the process alive. */
  close(): void {
    this.#stream.destroy()
  }

  #count(chunk: Buffer): Buffer {
    this.bytesRead += chunk.length
    return chunk
  }
}
