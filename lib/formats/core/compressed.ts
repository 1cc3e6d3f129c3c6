/** Text in gzip or zstd: told by its first bytes, and decompressed as a stream. */
import { Transform, type TransformCallback } from 'node:stream'
import zlib from 'node:zlib'

export type Compression = 'gzip' | 'zstd'

/** The compression that the first bytes of a file announce. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd ? 'zstd' : undefined
}

// Node has zstd from 22.15 and 23.8.
type ZstdZlib = { createZstdDecompress?: () => Transform }

/** A stream that decompresses. Ends with an error if the input ends early. */
export async function decompressor(compression: Compression): Promise<Transform> {
  if (compression === 'gzip') return zlib.createGunzip()
  const { createZstdDecompress } = zlib as ZstdZlib
  return createZstdDecompress ? createZstdDecompress() : zstdInJavaScript()
}

async function zstdInJavaScript(): Promise<Transform> {
  const { Decompress } = await import('fzstd')
  const pieces: Uint8Array[] = []
  let ended = false
  const inner = new Decompress((piece, last) => {
    pieces.push(piece)
    ended ||= last === true
  })
  const step = (work: () => void, stream: Transform, done: TransformCallback) => {
    try {
      work()
      for (const piece of pieces.splice(0)) if (piece.length > 0) stream.push(Buffer.from(piece))
      done()
    } catch (error) {
      done(error as Error)
    }
  }
  return new Transform({
    transform(chunk: Buffer, _, done) {
      step(() => inner.push(chunk), this, done)
    },
    flush(done) {
      step(
        () => {
          if (!ended) inner.push(new Uint8Array(0), true)
        },
        this,
        done,
      )
    },
  })
}

/** The beginning of a compressed file, as far as its first bytes go. */
export async function headOf(head: Uint8Array, compression: Compression, most: number): Promise<Uint8Array> {
  const stream = await decompressor(compression)
  const pieces: Buffer[] = []
  let size = 0
  return new Promise((resolve) => {
    const done = () => {
      stream.destroy()
      resolve(Buffer.concat(pieces).subarray(0, most))
    }
    stream.on('data', (piece: Buffer) => {
      pieces.push(piece)
      size += piece.length
      if (size >= most) done()
    })
    // The head is a part of a file, so the stream ends early or waits for more.
    stream.on('error', done)
    stream.on('end', done)
    stream.write(head)
    stream.end()
  })
}
