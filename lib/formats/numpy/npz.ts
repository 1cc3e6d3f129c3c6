/** `.npz` files: archives of arrays. Their arrays are unpacked into a temporary file, so that they can be read in windows. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { H5TracksError } from '../../base/errors.js'
import { formatProblem } from '../core/problem.js'
import type { FileArray } from './array.js'
import { ByteFile } from './bytes.js'
import { readNpy } from './npy.js'

const remedy = 'copy it again, or write it again with the program that made it'
const mostEntries = 10_000
/** An archive that unpacks to more than this, and to many times its size, is not one of arrays. */
const freeBytes = 2 ** 30
const mostRatio = 100

// Node has it from 20.15.
const { crc32 } = zlib as { crc32?: (data: Uint8Array, value?: number) => number }

/** The arrays of an archive, by their names. Close it after use. */
export class Npz implements Disposable {
  readonly arrays: ReadonlyMap<string, FileArray>
  readonly #file: ByteFile
  readonly #folder: string

  private constructor(arrays: ReadonlyMap<string, FileArray>, file: ByteFile, folder: string) {
    this.arrays = arrays
    this.#file = file
    this.#folder = folder
  }

  /** Unpacks an archive. Rejects with ERR_FORMAT if it is damaged. Entries that are no arrays of numbers or texts are left out. */
  static async open(path: string): Promise<Npz> {
    const folder = mkdtempSync(join(tmpdir(), 'h5tracks-npz-'))
    try {
      const target = join(folder, 'arrays')
      const parts = await unpack(path, target)
      const file = new ByteFile(target, path)
      const arrays = new Map<string, FileArray>()
      for (const { name, offset, length } of parts) {
        const content = readNpy({ file, offset, length }, `array ${name}`)
        if ('array' in content) arrays.set(name, content.array)
      }
      return new Npz(arrays, file, folder)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      if (error instanceof H5TracksError || (error as NodeJS.ErrnoException).syscall) throw error
      throw Object.assign(
        formatProblem(path, undefined, `the archive cannot be read (${(error as Error).message})`, remedy),
        {
          cause: error,
        },
      )
    }
  }

  close(): void {
    this.#file.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

interface Part {
  readonly name: string
  readonly offset: number
  readonly length: number
}

async function unpack(path: string, target: string): Promise<Part[]> {
  const module: typeof import('yauzl') & { default?: unknown } = await import('yauzl')
  // The package is CommonJS: in a bundle its exports are those of `default`.
  const yauzl = (module.default ?? module) as typeof module
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false })
  const output = createWriteStream(target)
  const parts: Part[] = []
  let offset = 0
  try {
    if (zip.entryCount > mostEntries)
      throw formatProblem(path, undefined, `it has ${zip.entryCount} entries`, 'give an archive of arrays')
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('.npy')) continue
      offset += entry.uncompressedSize
      if (offset > freeBytes && offset > mostRatio * zip.fileSize) {
        throw formatProblem(
          path,
          entry.fileName,
          `it claims ${entry.uncompressedSize} bytes, ${mostRatio} times its size`,
          remedy,
        )
      }
      await unpackEntry(zip, entry, output, path)
      parts.push({
        name: entry.fileName.slice(0, -4),
        offset: offset - entry.uncompressedSize,
        length: entry.uncompressedSize,
      })
    }
    await new Promise<void>((resolve, reject) =>
      output.end((error?: Error | null) => (error ? reject(error) : resolve())),
    )
    return parts
  } finally {
    output.destroy()
    zip.close()
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, output: NodeJS.WritableStream, path: string): Promise<void> {
  let sum = 0
  const stream = await zip.openReadStreamPromise(entry)
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sum = crc32?.(chunk, sum) ?? entry.crc32
        yield chunk
      }
    },
    output,
    { end: false },
  )
  if (entry.uncompressedSize > 0 && sum !== entry.crc32) {
    throw formatProblem(path, entry.fileName, 'its checksum is wrong', remedy)
  }
}
