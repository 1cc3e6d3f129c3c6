/** Which animals are seen in the frames of a window: those with a known point or box. */
import type { ViewWindow } from '../wire/window.js'
import type { Windows } from './windows.js'

/** A frame and the ids of the animals that are seen in it. */
export interface Sight {
  readonly frameIndex: number
  readonly ids: readonly number[]
}

/** Bytes of a window that is read to find out what is in it. */
const readBytes = 2 ** 21

export class Sights {
  readonly #views: readonly Windows[]
  /** Number of frames that are read at once. */
  readonly frames: number

  /** @param views the first is read for all frames, the others where it leaves animals unknown. */
  constructor(views: readonly Windows[], rowBytes: number) {
    this.#views = views
    this.frames = Math.max(1, Math.min(8192, Math.floor(readBytes / rowBytes)))
  }

  /** Reads frames. `onWindow` gets the windows that are read, with the indices of their views. */
  async read(start: number, frames: number, onWindow?: (window: ViewWindow, view: number) => void): Promise<Sight[]> {
    const [first, ...others] = this.#views as [Windows, ...Windows[]]
    const { window } = await first.read(start, frames)
    onWindow?.(window, 0)
    const { slots } = first.form
    const open: boolean[] = Array.from(window.ids, (id) => id >= 0)
    const seen = new Uint8Array(open.length)
    see(window, seen)
    for (const [i, view] of others.entries()) {
      if (!open.some((isOpen, cell) => isOpen && seen[cell] === 0)) break
      const { window: more } = await view.read(start, window.frames)
      onWindow?.(more, i + 1)
      if (more.frames === window.frames) see(more, seen)
    }
    return Array.from({ length: window.frames }, (_, row) => {
      const ids: number[] = []
      for (let cell = row * slots; cell < (row + 1) * slots; cell++) {
        if (open[cell] && seen[cell] === 1) ids.push(window.ids[cell]!)
      }
      return { frameIndex: window.frameIndex[row]!, ids }
    })
  }
}

/** Marks the cells that have a known point or box; all of them if a view shows nothing. */
function see({ parts, ids }: ViewWindow, seen: Uint8Array): void {
  if (parts.length === 0) seen.fill(1)
  for (const { values } of parts) {
    const width = ids.length === 0 ? 0 : values.length / ids.length
    for (let cell = 0; cell < seen.length; cell++) {
      if (seen[cell] === 1) continue
      for (let at = cell * width; at < (cell + 1) * width; at++) {
        if (!Number.isNaN(values[at])) {
          seen[cell] = 1
          break
        }
      }
    }
  }
}
