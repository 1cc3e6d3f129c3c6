/** A new file that takes its name when it is complete. */
import { existsSync, linkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { H5TracksError, invalidArgument } from '../../base/errors.js'
import { copyOwnerAndMode, syncPath, takeName } from '../../base/replace-file.js'
import { refuseInUse } from '../../frames/file/in-use.js'

/** A file that is written as `<file>.partial`. */
export class NewFile {
  /** The path to write to. */
  readonly partial: string
  readonly #path: string
  readonly #overwrite: boolean

  /**
   * Throws EEXIST if the file exists, unless it may be overwritten; ERR_INVALID_ARGUMENT if it is one of the `sources`; ERR_LOCKED and
   * ERR_NEEDS_RECOVERY if it, or a partial file of another process, is in use.
   */
  constructor(path: string, sources: readonly string[], overwrite: boolean) {
    this.#overwrite = overwrite
    const exists = existsSync(path)
    this.#path = exists ? realpathSync(path) : path
    if (exists && sources.some((source) => existsSync(source) && realpathSync(source) === this.#path)) {
      throw invalidArgument('out', path, 'a file other than those that are read')
    }
    if (exists && !overwrite) throw alreadyThere(path)
    if (exists) {
      if (!statSync(path).isFile()) throw invalidArgument('out', path, 'the path of a regular file')
      refuseInUse(this.#path)
    }
    this.partial = `${this.#path}.partial`
    if (existsSync(this.partial)) refuseInUse(this.partial)
    rmSync(this.partial, { force: true })
  }

  /** Gives the file, which is complete and closed, its name. */
  settle(): void {
    if (!this.#overwrite) {
      syncPath(this.partial)
      this.#link()
      return
    }
    if (existsSync(this.#path)) {
      refuseInUse(this.#path)
      copyOwnerAndMode(this.#path, this.partial)
    }
    takeName(this.partial, this.#path)
  }

  /** Deletes the partial file. */
  giveUp(): void {
    rmSync(this.partial, { force: true })
  }

  #link(): void {
    try {
      linkSync(this.partial, this.#path)
      rmSync(this.partial)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(this.#path)) throw alreadyThere(this.#path)
      // The file system has no hard links.
      renameSync(this.partial, this.#path)
    }
  }
}

function alreadyThere(path: string): H5TracksError {
  return new H5TracksError(`${path} exists; pass overwrite: true (--overwrite) to replace it`, { code: 'EEXIST', path })
}
