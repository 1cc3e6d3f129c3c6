/** Files that take the place of others only when they are whole: until then they are written beside, under another name. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import { File } from '../../hdf5/objects/file.js'
import { refuseJournal } from '../../tracking/file/journal.js'

/** A tracking file on its way to its name. */
export class Replacement {
  /** What is written; the output itself where nothing is there that could be lost. */
  readonly path: string
  /** A file stands there that stays until the new one is whole. */
  readonly replaces: boolean
  readonly #output: string
  readonly #overwrite: boolean

  /** Throws as a writer does of a file that is in use, or whose writer died. */
  constructor(output: string, overwrite: boolean) {
    this.#overwrite = overwrite
    this.replaces = existsSync(output) && statSync(output).isFile()
    this.#output = this.replaces ? realpathSync(output) : output
    this.path = this.replaces ? `${this.#output}.partial` : output
    if (this.replaces) refuseInUse(this.#output)
  }

  /** How a TrackingWriter is to open `path`: what an earlier attempt left there is nobody's. */
  get options(): { overwrite: boolean; discardJournal?: true } {
    return this.replaces ? { overwrite: true, discardJournal: true } : { overwrite: this.#overwrite }
  }

  /** The new file is closed and whole: it takes the name. */
  settle(): void {
    if (!this.replaces) return
    refuseInUse(this.#output)
    takeName(this.path, this.#output)
  }

  /** What was written goes, and what was there stays. */
  giveUp(): void {
    rmSync(this.path, { force: true })
  }
}

function refuseInUse(path: string): void {
  refuseJournal(path)
  try {
    new File(path, 'r').closeSync()
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'ERR_LOCKED') throw error
  }
}

/** Writes a small file as a whole or not at all, replacing what is there. */
export function writeWhole(path: string, text: string): void {
  const exists = existsSync(path)
  // A terminal, a pipe: nothing of it can be replaced.
  if (exists && !statSync(path).isFile()) {
    writeFileSync(path, text)
    return
  }
  const real = exists ? realpathSync(path) : path
  const beside = `${real}.partial`
  try {
    writeFileSync(beside, text)
    takeName(beside, real)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

function takeName(from: string, to: string): void {
  if (existsSync(to)) chmodSync(from, statSync(to).mode & 0o7777)
  const descriptor = openSync(from, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(from, to)
}
