/** How frames of a recording are numbered. */

/** At most so many different steps are counted. */
const MOST_STEPS = 1000

/** The differences between successive frame indices. */
export class FrameSteps {
  #first: bigint | null = null
  #last: bigint | null = null
  #increasing = true
  readonly #counts = new Map<number, number>()

  add(frame: bigint): void {
    this.#first ??= frame
    if (this.#last !== null) {
      const step = Number(frame - this.#last)
      if (step <= 0) this.#increasing = false
      else if (this.#counts.has(step) || this.#counts.size < MOST_STEPS) {
        this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1)
      }
    }
    this.#last = frame
  }

  /** Frames from the first index to the last, both included; null if the indices do not increase. */
  get span(): number | null {
    if (this.#first === null || this.#last === null || !this.#increasing) return null
    return Number(this.#last - this.#first) + 1
  }

  /** The most frequent difference. */
  get usual(): number {
    const most = Math.max(...this.#counts.values())
    return Math.min(...[...this.#counts].filter(([, count]) => count === most).map(([step]) => step), 2 ** 53)
  }
}
