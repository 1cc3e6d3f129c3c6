/** Collects the findings of a check. */
import type { Column } from '../../layout/model.js'
import { type Finding, type FindingCode, Frames } from './report.js'
import type { CheckTerms } from './terms.js'

/** The findings about one layout. */
export class Findings {
  /** The words and codes of the layout. */
  readonly terms: CheckTerms
  readonly #about = new Map<string, Frames>()

  constructor(terms: CheckTerms) {
    this.terms = terms
  }

  /** The collection of the frames of `column` with this finding. */
  of(code: FindingCode, { path }: Column): Frames {
    const key = `${code} ${path}`
    const frames = this.#about.get(key) ?? new Frames(code, path)
    this.#about.set(key, frames)
    return frames
  }

  /** Adds frames that were collected elsewhere. */
  put(frames: Frames): void {
    this.#about.set(`${frames.code} ${frames.dataset}`, frames)
  }

  /** All findings, in the order of `columns`. */
  list(columns: readonly Column[]): Finding[] {
    const found = [...this.#about.values()].filter(({ count }) => count > 0)
    return columns.flatMap(({ path }) => found.filter(({ dataset }) => dataset === path).map((of) => of.finding()))
  }
}
