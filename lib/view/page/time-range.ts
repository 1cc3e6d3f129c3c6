/** The part of a recording that the timeline shows. */

/** Fewer frames than this are not spread over the timeline. */
const fewest = 20

export class TimeRange {
  /** The first frame, and the one after the last. */
  start = 0
  stop = 0
  #frames = 0
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get length(): number {
    return this.stop - this.start
  }

  get isWhole(): boolean {
    return this.start === 0 && this.stop === this.#frames
  }

  /** Sets the number of frames of the recording. The whole of it stays whole. */
  set frames(frames: number) {
    const whole = this.isWhole || frames < this.stop
    this.#frames = frames
    if (whole) this.#set(0, frames)
  }

  showAll(): void {
    this.#set(0, this.#frames)
  }

  /** Shows more or fewer frames. The frame `at` stays where it is. */
  zoom(factor: number, at: number): void {
    const length = Math.min(this.#frames, Math.max(Math.min(fewest, this.#frames), Math.round(this.length / factor)))
    const share = (Math.min(this.stop - 1, Math.max(this.start, at)) - this.start) / Math.max(1, this.length - 1)
    this.#place(Math.round(at - share * (length - 1)), length)
  }

  /** Moves by a share of its length. */
  pan(share: number): void {
    this.#place(this.start + Math.round(share * this.length), this.length)
  }

  /** Moves so that a frame is in it. */
  reveal(row: number): void {
    if (row >= this.start && row < this.stop) return
    this.#place(Math.round(row - this.length / 2), this.length)
  }

  #place(start: number, length: number): void {
    const from = Math.max(0, Math.min(start, this.#frames - length))
    this.#set(from, from + length)
  }

  #set(start: number, stop: number): void {
    if (start === this.start && stop === this.stop) return
    this.start = start
    this.stop = stop
    this.#changed()
  }
}
