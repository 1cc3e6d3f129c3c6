/** Which row is shown: it plays, steps and jumps, and waits for frames that are not here yet. */
export interface Reel {
  /** Number of rows. */
  readonly frames: number
  readonly fps: number
  /** True if the frame of a row can be drawn; if not, it is fetched. */
  isHere(row: number): boolean
}

export class Player {
  /** The row that is wanted. */
  row = 0
  speed = 1
  /** Shows the newest frame of a file that is being written. */
  atEnd = false
  #isPlaying = false
  /** The part of a frame that has passed since `row`. */
  #rest = 0
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get isPlaying(): boolean {
    return this.#isPlaying
  }

  toggle({ frames }: Reel): void {
    if (!this.#isPlaying && this.row >= frames - 1) this.row = 0
    this.#isPlaying = !this.#isPlaying
    this.#rest = 0
    this.atEnd = false
    this.#onChange()
  }

  stop(): void {
    this.#isPlaying = false
    this.#onChange()
  }

  seek(row: number, { frames }: Reel): void {
    this.row = Math.max(0, Math.min(frames - 1, Math.round(row)))
    this.#rest = 0
    this.atEnd = this.row >= frames - 1
    this.#onChange()
  }

  /** Moves on by the time that has passed, s. */
  advance(seconds: number, reel: Reel): void {
    if (!this.#isPlaying) return
    this.#rest += Math.min(seconds, 0.25) * reel.fps * this.speed
    const whole = Math.floor(this.#rest)
    if (whole === 0) return
    const next = Math.min(reel.frames - 1, this.row + whole)
    // Waits instead of running ahead of the frames.
    if (!reel.isHere(next)) {
      this.#rest = Math.min(this.#rest, 1)
      return
    }
    this.#rest -= whole
    this.row = next
    if (next >= reel.frames - 1) this.#isPlaying = false
    this.#onChange()
  }

  /** The video that plays says which row it shows. */
  showVideoRow(row: number, { frames }: Reel): void {
    if (!this.#isPlaying || row === this.row) return
    this.row = Math.max(0, Math.min(frames - 1, row))
    if (this.row >= frames - 1) this.#isPlaying = false
    this.#onChange()
  }

  grew({ frames }: Reel): void {
    if (this.atEnd && !this.#isPlaying) this.row = Math.max(0, frames - 1)
    this.#onChange()
  }
}
