/** Replaces files safely: the new file is written under another name and renamed over the old one when it is complete. */
import { existsSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { copyOwnerAndMode, takeName } from '../../base/replace-file.js'
import { refuseInUse } from '../../frames/file/in-use.js'

/** A tracking file that is being written in place of another, or under a new name. */
export class Replacement {
  /** The file to write: `<output>.partial` if the output exists, else the output itself. */
  readonly path: string
  /** The output exists. It stays until the new file is complete. */
  readonly replaces: boolean
  readonly #output: string
  readonly #overwrite: boolean

  /** Throws ERR_LOCKED if the output is in use, and ERR_NEEDS_RECOVERY if a dead writer left a journal beside it. */
  constructor(output: string, overwrite: boolean) {
    this.#overwrite = overwrite
    this.replaces = existsSync(output) && statSync(output).isFile()
    this.#output = this.replaces ? realpathSync(output) : output
    this.path = this.replaces ? `${this.#output}.partial` : output
    if (this.replaces) refuseInUse(this.#output)
  }

  /** Options for the TrackingWriter that writes `path`. It discards a partial file that an earlier attempt left. */
  get options(): { overwrite: boolean; discardJournal?: true } {
    return this.replaces ? { overwrite: true, discardJournal: true } : { overwrite: this.#overwrite }
  }

  /** Renames the new file, which is closed and complete, over the output. */
  settle(): void {
    if (!this.replaces) return
    refuseInUse(this.#output)
    if (existsSync(this.#output)) copyOwnerAndMode(this.#output, this.path)
    takeName(this.path, this.#output)
  }

  /** Deletes the new file. The old one stays. */
  giveUp(): void {
    rmSync(this.path, { force: true })
  }
}

/** Writes a small file completely or not at all. An existing file is replaced. */
export function writeWhole(path: string, text: string | Uint8Array): void {
  const exists = existsSync(path)
  // A terminal or a pipe cannot be replaced by renaming.
  if (exists && !statSync(path).isFile()) {
    writeFileSync(path, text)
    return
  }
  const real = exists ? realpathSync(path) : path
  const beside = `${real}.partial`
  try {
    writeFileSync(beside, text)
    if (exists) copyOwnerAndMode(real, beside)
    takeName(beside, real)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}
