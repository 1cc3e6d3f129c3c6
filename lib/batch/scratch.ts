/** The folder on a local disk in which the unfinished shard of an attempt is written. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { systemError } from '../base/errors.js'
import { processTag, removeAbandoned } from '../base/process-tag.js'

export class Scratch {
  readonly #folder: string
  #files = 0

  /** Makes a folder for an attempt at a run, and removes those of attempts, at any run, whose process on this machine has ended. */
  constructor(run: string, epoch: number, parent = join(tmpdir(), `h5tracks-scratch-${userInfo().uid}`)) {
    this.#folder = join(parent, `${processTag()}-${digest(run)}-${epoch}-${randomUUID().slice(0, 8)}`)
    try {
      mkdirSync(parent, { recursive: true, mode: 0o700 })
      removeAbandoned(parent, '')
      mkdirSync(this.#folder, { mode: 0o700 })
    } catch (error) {
      throw systemError(error)
    }
  }

  /** A path for the next shard. */
  next(): string {
    return join(this.#folder, `${this.#files++}.h5`)
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
