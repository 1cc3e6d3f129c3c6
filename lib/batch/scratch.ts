/** The folder on a local disk in which the unfinished shard of an attempt is written. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { systemError } from '../base/errors.js'

export class Scratch {
  readonly #folder: string
  #files = 0

  /** Makes a folder for an attempt at a run, and removes those of attempts, at any run, whose process on this machine has ended. */
  constructor(run: string, epoch: number, parent = join(tmpdir(), `h5tracks-scratch-${userInfo().uid}`)) {
    const host = digest(hostname())
    this.#folder = join(parent, `${host}-${process.pid}-${digest(run)}-${epoch}-${randomUUID().slice(0, 8)}`)
    try {
      mkdirSync(parent, { recursive: true, mode: 0o700 })
      for (const name of readdirSync(parent)) {
        const [, of, pid] = pattern.exec(name) ?? []
        if (of === host && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true })
      }
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

/** The host, the process, the run, the epoch, and a random part. */
const pattern = /^([0-9a-f]{16})-(\d+)-[0-9a-f]{16}-\d+-[0-9a-f]{8}$/

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
