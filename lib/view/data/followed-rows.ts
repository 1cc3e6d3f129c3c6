/** The rows of a file whose writer lives when it is opened. When the writer closes the file, the finished file is read. */
import type { LiveReading } from './live.js'
import type { RowFacts, Rows, RowsRead, RowsState, RowsWanted } from './rows.js'

export class FollowedRows implements Rows {
  readonly facts: RowFacts
  readonly #path: string
  readonly #reopen: () => Promise<Rows>
  /** null once it is closed. */
  #live: LiveReading | null
  #finished: Rows | null = null
  #finishing: Promise<void> | null = null
  #frames = 0
  #problem: string | null = null
  /** Number of reads from the journal that are under way. */
  #reads = 0
  #closed = false

  constructor(path: string, live: LiveReading, reopen: () => Promise<Rows>) {
    this.#path = path
    this.#live = live
    this.#reopen = reopen
    this.facts = live.facts
  }

  state(): RowsState {
    if (this.#finished) return this.#finished.state()
    if (this.#live && !this.#finishing && this.#problem === null) {
      const { rows, closed, alive } = this.#live.look()
      this.#frames = rows
      if (closed) this.#finishing = this.#finish()
      else if (!alive) this.#problem = `The writer of ${this.#path} died; h5tracks recover restores its last frames.`
    }
    return { frames: this.#frames, live: this.#problem === null, problem: this.#problem }
  }

  async #finish(): Promise<void> {
    try {
      this.#finished = await this.#reopen()
      if (this.#closed) await this.#finished.close()
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
    }
    await this.#closeJournal()
  }

  async *read(wanted: RowsWanted): AsyncGenerator<RowsRead, void, void> {
    await this.#finishing
    if (this.#finished) {
      yield* this.#finished.read(wanted)
      return
    }
    this.#reads++
    try {
      if (this.#live) yield* this.#live.read(wanted)
    } finally {
      this.#reads--
      await this.#closeJournal()
    }
  }

  /** Closes the journal if nobody reads it and nobody will. */
  async #closeJournal(): Promise<void> {
    if (this.#reads > 0 || !(this.#finished || this.#closed)) return
    const live = this.#live
    this.#live = null
    await live?.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#finishing
    await this.#finished?.close()
    await this.#closeJournal()
  }
}
