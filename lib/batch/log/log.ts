/** The log of a run: numbered entries, each of which is put only if there is none with its number. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../store/store.js'
import { damaged, decodeEntry, encodeEntry, entryKey, entryNumber, type LogEntry } from './entry.js'
import { apply, emptyState, type LogState } from './state.js'

// Entries that are read at the same time, and attempts to put an entry whose outcome is not known.
const readsInFlight = 16
const putAttempts = 4

/** An entry was not appended, because another one has its number. The log has been read to its end. */
export class Superseded extends Error {}

export class RunLog {
  readonly store: Store
  readonly #state: LogState = emptyState()

  constructor(store: Store) {
    this.store = store
  }

  /** What the entries amount to that were read so far. */
  get state(): Readonly<LogState> {
    return this.#state
  }

  /** Reads all entries after those that were read. */
  async refresh(): Promise<void> {
    const listed = (await this.store.keys('log/')).map(entryNumber).filter((number) => number !== null)
    const last = Math.max(0, ...listed)
    for (let from = this.#state.number + 1; from <= last; from += readsInFlight) {
      const numbers = Array.from({ length: Math.min(readsInFlight, last - from + 1) }, (_, i) => from + i)
      const entries = await Promise.all(numbers.map((number) => this.#read(number)))
      for (const [i, entry] of entries.entries()) {
        if (entry === null) throw damaged(this.#where(numbers[i] as number), 'is missing')
        this.#apply(entry)
      }
    }
    await this.readOn()
  }

  /** Reads the entries after those that were read, one by one. For logs of which few entries are new. */
  async readOn(): Promise<void> {
    for (;;) {
      const entry = await this.#read(this.#state.number + 1)
      if (entry === null) return
      this.#apply(entry)
    }
  }

  /**
   * Appends an entry after those that were read. Throws Superseded if there is another one. Rejects with the error of the store if it
   * cannot be found out whether the entry exists.
   */
  async append(entry: LogEntry): Promise<void> {
    const number = this.#state.number + 1
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#put(number, entry)
      if (outcome === 'stored') return this.#apply(entry)
      // A reply that was lost: the store has the entry, and refuses to put it again.
      const found = await this.#read(number).catch((error) => {
        throw outcome === 'taken' ? error : outcome
      })
      if (found?.id === entry.id) return this.#apply(entry)
      if (found !== null) {
        await this.readOn()
        throw new Superseded(`${this.#where(number)} is an entry of another attempt`)
      }
      if (attempt === putAttempts) {
        throw outcome === 'taken' ? damaged(this.#where(number), 'exists and cannot be read') : outcome
      }
      await sleep(100 * attempt)
    }
  }

  async #put(number: number, entry: LogEntry): Promise<'stored' | 'taken' | Error> {
    try {
      return (await this.store.putIfAbsent(entryKey(number), encodeEntry(entry))) ? 'stored' : 'taken'
    } catch (error) {
      return error as Error
    }
  }

  async #read(number: number): Promise<LogEntry | null> {
    const bytes = await this.store.get(entryKey(number))
    return bytes === null ? null : decodeEntry(bytes, this.#where(number))
  }

  #apply(entry: LogEntry): void {
    apply(this.#state, entry, this.#where(this.#state.number + 1))
  }

  #where(number: number): string {
    return `${this.store.name}/${entryKey(number)}`
  }
}
