/** The ranges that positions of a view take, from a sample of them. */
import type { Bounds } from '../wire/description.js'
import type { ViewWindow } from '../wire/window.js'
import type { Windows } from './windows.js'

const mostPoints = 4096
/** Frames, evenly spread, from which the ranges are found at first. */
const spreadFrames = 40
/** The share of the positions at each end that may be outliers. */
const outliers = 0.005

export class BoundsSample {
  readonly #windows: Windows
  /** The coordinates of the points kept, axis by axis. */
  #axes: number[][]
  /** Each n-th point is kept. */
  #every = 1
  #count = 0
  #sampledAt = 0

  constructor(windows: Windows) {
    this.#windows = windows
    this.#axes = Array.from({ length: windows.form.view.dimensions }, () => [])
  }

  /** The ranges at present. A file that has doubled since is sampled again. */
  async bounds(frames: number): Promise<Bounds | null> {
    if (frames >= 2 * this.#sampledAt && frames > 0) {
      this.#sampledAt = frames
      const rows = Array.from({ length: Math.min(frames, spreadFrames) }, (_, i) =>
        Math.floor(((i + 0.5) * frames) / Math.min(frames, spreadFrames)),
      )
      for (const row of rows) this.add((await this.#windows.read(row, 1)).window)
    }
    const [first] = this.#axes
    return first?.length ? this.#axes.map(rangeOf) : null
  }

  add({ parts }: ViewWindow): void {
    const { dimensions, parts: descriptions } = this.#windows.form.view
    for (const [i, { values }] of parts.entries()) {
      if (descriptions[i]?.kind === 'box') {
        for (let at = 0; at < values.length; at += 4) {
          const [x, y, w, h] = values.subarray(at, at + 4) as unknown as [number, number, number, number]
          this.#point([x, y])
          this.#point([x + w, y + h])
        }
      } else {
        for (let at = 0; at < values.length; at += dimensions) this.#point(values.subarray(at, at + dimensions))
      }
    }
  }

  #point(point: ArrayLike<number>): void {
    if (!Number.isFinite(point[0]!) || this.#count++ % this.#every !== 0) return
    for (const [axis, list] of this.#axes.entries()) list.push(point[axis]!)
    if (this.#axes[0]!.length < mostPoints) return
    this.#axes = this.#axes.map((list) => list.filter((_, i) => i % 2 === 0))
    this.#every *= 2
  }
}

/** The range without outliers: the whole one unless it is much wider. */
function rangeOf(list: readonly number[]): readonly [number, number] {
  const sorted = Float64Array.from(list).sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  const [from, to] = [at(outliers), at(1 - outliers)]
  const slack = (to - from) / 2
  return [at(0) >= from - slack ? at(0) : from, at(1) <= to + slack ? at(1) : to]
}
