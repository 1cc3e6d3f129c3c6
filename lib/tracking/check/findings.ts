/** The findings of a check while they are being made. Touches nothing. */
import type { Column } from '../file/layout.js'
import { type Finding, type FindingCode, Frames } from './report.js'

export class Findings {
  readonly #about = new Map<string, Frames>()

  /** The frames of `column` that have this; made when they are asked for first. */
  of(code: FindingCode, { path }: Column): Frames {
    const key = `${code} ${path}`
    const frames = this.#about.get(key) ?? new Frames(code, path)
    this.#about.set(key, frames)
    return frames
  }

  /** All that were found, in the order of `columns`. */
  list(columns: readonly Column[]): Finding[] {
    const found = [...this.#about.values()].filter(({ count }) => count > 0)
    return columns.flatMap(({ path }) => found.filter(({ dataset }) => dataset === path).map((of) => of.finding()))
  }
}
