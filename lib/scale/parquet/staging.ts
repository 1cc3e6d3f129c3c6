/** The folder of a Parquet data set, in which a recording appears when its tables are complete. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { H5TracksError } from '../../base/errors.js'
import { syncPath } from '../../base/replace-file.js'

export class Staging {
  readonly #folder: string
  readonly #partition: string
  readonly #staged: string
  readonly #overwrite: boolean

  /** Throws EEXIST if one of the tables has the recording, unless it may be overwritten. */
  constructor(folder: string, recording: string, tables: readonly string[], overwrite: boolean) {
    this.#folder = folder
    this.#partition = `recording=${encodeURIComponent(recording)}`
    this.#overwrite = overwrite
    // Readers of Parquet data sets pass over names that begin with a dot.
    this.#staged = join(folder, `.${this.#partition}.partial`)
    const there = tables.map((table) => this.place(table)).find((path) => existsSync(path))
    if (there !== undefined && !overwrite) {
      throw new H5TracksError(`${there} exists; pass overwrite: true (--overwrite) to replace it`, {
        code: 'EEXIST',
        path: there,
      })
    }
    rmSync(this.#staged, { recursive: true, force: true })
    mkdirSync(this.#staged, { recursive: true })
  }

  /** Where the files of a table are written. */
  staged(table: string): string {
    return join(this.#staged, table)
  }

  /** Where they are once they are complete. */
  place(table: string): string {
    return join(this.#folder, table, this.#partition)
  }

  settle(tables: readonly string[]): void {
    for (const table of tables) {
      const place = this.place(table)
      mkdirSync(join(this.#folder, table), { recursive: true })
      if (this.#overwrite && existsSync(place)) renameSync(place, join(this.#staged, `${table}.old`))
      renameSync(this.staged(table), place)
      syncPath(join(this.#folder, table))
    }
    rmSync(this.#staged, { recursive: true, force: true })
  }

  giveUp(): void {
    rmSync(this.#staged, { recursive: true, force: true })
  }
}
