/** Lets a few tasks run at a time, so that many viewers do not make many windows at once. */
export class Gate {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  /** True if nobody waits or works. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#busy === 0
  }

  #busy = 0

  /** Runs a task when there is room, unless it is not wanted any more; then resolves to null. */
  async run<T>(task: () => Promise<T>, isWanted: () => boolean): Promise<T | null> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free--
    this.#busy++
    try {
      return isWanted() ? await task() : null
    } finally {
      this.#busy--
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
