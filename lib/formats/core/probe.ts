/** What formats see of a file when they are asked whether it is theirs. */
import { readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { systemError } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { compressionOf, headOf } from './compressed.js'
import type { Content } from './content.js'
import { openHdf5 } from './hdf5-file.js'
import { textOf } from './text.js'

const headBytes = 64 * 1024
const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')

/** A look at a file or folder: its name and its beginning. Close it after use. */
export class Probe implements Disposable {
  readonly path: string
  /** The name without folders, in lower case. */
  readonly name: string
  /** The first 64 KiB, decompressed; empty for a folder. */
  readonly head: Uint8Array
  /** The names in a folder; undefined for a file. */
  readonly entries: readonly string[] | undefined
  /** The file is compressed by gzip or zstd. */
  readonly isCompressed: boolean
  readonly #isHdf5: boolean
  #text: { value: string | undefined } | undefined
  #file: File | undefined

  private constructor(
    path: string,
    head: Uint8Array,
    isHdf5: boolean,
    isCompressed: boolean,
    entries: readonly string[] | undefined,
  ) {
    this.isCompressed = isCompressed
    this.path = path
    this.name = basename(path).toLowerCase()
    this.head = head
    this.entries = entries
    this.#isHdf5 = isHdf5
  }

  /** Looks at a file. Rejects with errors of the system. */
  static async open(path: string): Promise<Probe> {
    try {
      const handle = await open(path)
      try {
        if ((await handle.stat()).isDirectory())
          return new Probe(path, new Uint8Array(0), false, false, readdirSync(path).sort())
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
        const head = buffer.subarray(0, bytesRead)
        const compression = compressionOf(head)
        const isHdf5 = await hasSignature(async (at) => (await handle.read(Buffer.alloc(8), 0, 8, at)).buffer)
        return new Probe(
          path,
          compression ? await headOf(head, compression, headBytes) : head,
          isHdf5,
          compression !== undefined,
          undefined,
        )
      } finally {
        await handle.close()
      }
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? systemError(error) : error
    }
  }

  get content(): Content {
    if (this.entries) return 'folder'
    if (this.#isHdf5) return 'hdf5'
    return this.text() === undefined ? 'binary' : 'text'
  }

  /** The head as text in UTF-8 or UTF-16; undefined if it is not text. The last character may be missing. */
  text(): string | undefined {
    this.#text ??= { value: this.#isHdf5 || this.entries ? undefined : textOf(this.head) }
    return this.#text.value
  }

  /** The open file; undefined if it is not HDF5. Throws the errors of `new File` for a damaged one. */
  hdf5(): File | undefined {
    if (this.#isHdf5) this.#file ??= openHdf5(this.path)
    return this.#file
  }

  close(): void {
    this.#file?.closeSync()
    this.#file = undefined
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** HDF5's signature stands at byte 0, or after a user block of 512 bytes, 1024, 2048, ... */
async function hasSignature(read: (at: number) => Promise<Uint8Array>): Promise<boolean> {
  for (let at = 0; at <= 2 ** 20; at = at === 0 ? 512 : 2 * at) if (signature.equals(await read(at))) return true
  return false
}
