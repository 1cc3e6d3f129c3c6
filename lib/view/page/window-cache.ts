/** The windows of a view that the page holds: the least recently used are dropped, so memory is bounded. */
import type { LayoutDescription, ViewDescription } from '../wire/description.js'
import { type ViewWindow, type WindowForm, windowBytes } from '../wire/window.js'
import { windowOf } from './api.js'

const mostBytes = 32 * 2 ** 20

/** A window, and a place for each slot: the mean of its known points, or the centre of its box. */
export interface Held {
  readonly window: ViewWindow
  readonly anchors: Float32Array
}

export class WindowCache {
  readonly #layout: LayoutDescription
  readonly #index: number
  readonly #view: ViewDescription
  readonly #form: WindowForm
  readonly #held = new Map<number, Held>()
  readonly #loading = new Map<number, Promise<void>>()
  readonly #most: number

  constructor(layout: LayoutDescription, index: number) {
    this.#layout = layout
    this.#index = index
    this.#view = layout.views[index]!
    this.#form = { slots: layout.slots, hasTime: layout.hasTime, view: this.#view }
    this.#most = Math.max(8, Math.floor(mostBytes / windowBytes(this.#form, this.#view.windowFrames)))
  }

  get frames(): number {
    return this.#view.windowFrames
  }

  /** The window that holds a row, if it is here. */
  at(row: number): Held | null {
    const start = row - (row % this.frames)
    const held = this.#held.get(start)
    if (!held || row >= start + held.window.frames) return null
    this.#held.delete(start)
    this.#held.set(start, held)
    return held
  }

  isLoading(row: number): boolean {
    return this.#loading.has(row - (row % this.frames))
  }

  get loads(): number {
    return this.#loading.size
  }

  /** Fetches the window that holds a row, unless it is on its way. */
  load(row: number): Promise<void> {
    const start = row - (row % this.frames)
    const loading = this.#loading.get(start) ?? this.#fetch(start)
    this.#loading.set(start, loading)
    return loading
  }

  async #fetch(start: number): Promise<void> {
    try {
      const window = await windowOf(this.#layout.name, this.#index, start, this.#form)
      this.#held.delete(start)
      this.#held.set(start, { window, anchors: anchorsOf(window, this.#view, this.#layout.slots) })
      for (const oldest of this.#held.keys()) {
        if (this.#held.size <= this.#most) break
        this.#held.delete(oldest)
      }
    } finally {
      this.#loading.delete(start)
    }
  }
}

function anchorsOf({ frames, parts }: ViewWindow, view: ViewDescription, slots: number): Float32Array {
  const { dimensions } = view
  const anchors = new Float32Array(frames * slots * dimensions).fill(Number.NaN)
  for (const [p, { values }] of parts.entries()) {
    const { kind, points } = view.parts[p]!
    const width = kind === 'box' ? 4 : points * dimensions
    for (let cell = 0; cell < frames * slots; cell++) {
      const at = cell * dimensions
      if (!Number.isNaN(anchors[at]!)) continue
      if (kind === 'box') {
        anchors[at] = values[4 * cell]! + values[4 * cell + 2]! / 2
        anchors[at + 1] = values[4 * cell + 1]! + values[4 * cell + 3]! / 2
      } else
        meanOf(values.subarray(cell * width, (cell + 1) * width), dimensions, anchors.subarray(at, at + dimensions))
    }
  }
  return anchors
}

function meanOf(values: Float32Array, dimensions: number, out: Float32Array): void {
  let known = 0
  const sums = [0, 0, 0]
  for (let at = 0; at < values.length; at += dimensions) {
    if (Number.isNaN(values[at]!)) continue
    known++
    for (let axis = 0; axis < dimensions; axis++) sums[axis]! += values[at + axis]!
  }
  for (let axis = 0; known > 0 && axis < dimensions; axis++) out[axis] = sums[axis]! / known
}
