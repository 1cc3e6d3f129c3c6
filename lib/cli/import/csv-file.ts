/** A table of text as a file in UTF-8, which can be read several times. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { interruption } from '../shared/exit.js'
import { Source } from './source.js'

export class CsvFile implements AsyncDisposable {
  readonly path: string
  readonly #name: string
  /** The folder of the copy; undefined if the file is the input itself. */
  readonly #folder: string | undefined
  #source: Source | undefined

  private constructor(path: string, name: string, folder?: string) {
    this.path = path
    this.#name = name
    this.#folder = folder
  }

  /** A regular file in UTF-8 is read in place. Pipes and other encodings are copied to a temporary file first. */
  static async of(source: Source): Promise<CsvFile> {
    const { path, name } = source
    if (path !== undefined && !source.isTranscoded) {
      source.close()
      return new CsvFile(path, name)
    }
    const folder = await mkdtemp(join(tmpdir(), 'h5tracks-'))
    const copy = join(folder, 'table')
    try {
      await pipeline(source, createWriteStream(copy), { signal: interruption })
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    return new CsvFile(copy, name, folder)
  }

  /** The table from its beginning. */
  async open(): Promise<Source> {
    this.#source?.close()
    this.#source = await Source.open(this.path, this.#name)
    return this.#source
  }

  /** Number of bytes that were read since it was last opened, and all of them. */
  get progress(): { done: number; total: number | undefined } {
    return { done: this.#source?.bytesRead ?? 0, total: this.#source?.size ?? undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#source?.close()
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }
}
