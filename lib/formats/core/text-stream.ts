/** Reads a text as UTF-8 bytes: decompressed, transcoded from UTF-16, and without a byte order mark. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { systemError } from '../../base/errors.js'
import { compressionOf, decompressor } from './compressed.js'
import { formatProblem } from './problem.js'
import { encodingOf } from './text.js'

export interface TextOptions {
  readonly signal?: AbortSignal
  /** Is called with the number of bytes of the file that were read, and with its size. */
  onProgress?(done: number, total: number | undefined, unit: 'bytes'): void
}

const chunkBytes = 256 * 1024

/** The bytes of a text file, or of standard input for '-'. Rejects with ERR_FORMAT if it cannot be decompressed or decoded. */
export async function* readText(path: string, options: TextOptions = {}): AsyncGenerator<Buffer, void, void> {
  const { stream, compressed } = await opened(path, options)
  let decoder: TextDecoder | undefined
  let begun = false
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      options.signal?.throwIfAborted()
      let bytes = chunk
      if (!begun) {
        begun = true
        const encoding = encodingOf(bytes)
        if (encoding === 'utf-8')
          bytes = bytes.subarray(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
        else decoder = new TextDecoder(encoding, { fatal: true })
      }
      yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes
    }
    const rest = decoder?.decode()
    if (rest) yield Buffer.from(rest)
  } catch (error) {
    throw explained(error, path, compressed)
  } finally {
    stream.destroy()
  }
}

async function opened(
  path: string,
  { signal, onProgress }: TextOptions,
): Promise<{ stream: Readable; compressed: boolean }> {
  if (path === '-') return { stream: process.stdin, compressed: false }
  let raw: Readable
  let head: Buffer
  try {
    const handle = await open(path)
    const { size } = await handle.stat()
    head = (await handle.read(Buffer.alloc(4), 0, 4, 0)).buffer
    raw = createReadStream(path, { fd: handle, start: 0, highWaterMark: chunkBytes, ...(signal && { signal }) })
    let done = 0
    if (onProgress) {
      raw.on('data', (chunk: Buffer) => {
        done += chunk.length
        onProgress(done, size, 'bytes')
      })
    }
    raw.pause()
  } catch (error) {
    throw systemError(error)
  }
  const compression = compressionOf(head)
  if (!compression) return { stream: raw, compressed: false }
  // An error of either stream ends the other, and reaches the reader of the last.
  const stream = pipeline(raw, await decompressor(compression), () => {}) as unknown as Readable
  return { stream, compressed: true }
}

function explained(error: unknown, path: string, compressed: boolean): unknown {
  if (!(error instanceof Error)) return error
  if ('code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return formatProblem(path, undefined, 'has the byte order mark of UTF-16, but is not UTF-16', 'save it as UTF-8')
  }
  const { code = '' } = error as NodeJS.ErrnoException
  if (compressed && (code.startsWith('Z_') || code === '' || code.startsWith('ERR_ZSTD') || code.startsWith('ZSTD'))) {
    if (error.name === 'AbortError' || error.name === 'H5TracksError') return error
    return formatProblem(path, undefined, `cannot be decompressed: ${error.message}`, 'copy the file again')
  }
  return 'syscall' in error ? systemError(error) : error
}
