/** The folder on a local disk in which the unfinished shards of a run are written. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

export class Scratch {
  readonly #folder: string
  readonly #epoch: number
  readonly #id = randomUUID()
  #files = 0

  /** The files of one attempt. Those of earlier attempts at the same run, which are fenced, are removed. */
  constructor(run: string, epoch: number, folder = join(tmpdir(), `h5tracks-scratch-${userInfo().uid}`)) {
    this.#folder = join(folder, createHash('sha256').update(run).digest('hex').slice(0, 16))
    this.#epoch = epoch
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(this.#folder)) {
      const epoch = /^(\d+)-/.exec(name)?.[1]
      if (epoch !== undefined && Number(epoch) < this.#epoch) rmSync(join(this.#folder, name), { force: true })
    }
  }

  /** A path for the next shard. */
  next(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    return join(this.#folder, `${this.#epoch}-${this.#id}-${this.#files++}.h5`)
  }

  /** Removes all files of the attempt, and the folder if it is empty. */
  remove(): void {
    try {
      for (const name of readdirSync(this.#folder)) {
        if (name.startsWith(`${this.#epoch}-${this.#id}-`)) rmSync(join(this.#folder, name), { force: true })
      }
      rmdirSync(this.#folder)
    } catch {
      // Another attempt has files in it, or removed it.
    }
  }
}
