/** What a conversion could not carry, what it guessed, and where it kept what has no place of its own. */

/** Everything that is not carried or was guessed, by name and count. */
export interface Report {
  /** `count` values of `what` are not in the output. `why` reads on: 'COCO has no field for it'. */
  lost(what: string, count: number, why: string): void
  /** The input does not say `what`; `value` was assumed. */
  guessed(what: string, value: string): void
  /** `what` has no place of its own in the output, and is kept in `where`. */
  kept(what: string, where: string): void
}

/** An entry of a report. Losses with the same name and reason are added up. */
export type ReportEntry =
  | { readonly kind: 'lost'; readonly what: string; readonly count: number; readonly why: string }
  | { readonly kind: 'guessed'; readonly what: string; readonly value: string }
  | { readonly kind: 'kept'; readonly what: string; readonly where: string }

/** Collects the entries of a report, in the order in which they first occurred. */
export class ReportList implements Report {
  readonly #entries = new Map<string, ReportEntry>()

  lost(what: string, count: number, why: string): void {
    if (count <= 0) return
    const key = `lost\0${what}\0${why}`
    const before = this.#entries.get(key)
    const sum = (before?.kind === 'lost' ? before.count : 0) + count
    this.#entries.set(key, { kind: 'lost', what, count: sum, why })
  }

  guessed(what: string, value: string): void {
    this.#entries.set(`guessed\0${what}\0${value}`, { kind: 'guessed', what, value })
  }

  kept(what: string, where: string): void {
    this.#entries.set(`kept\0${what}\0${where}`, { kind: 'kept', what, where })
  }

  get entries(): ReportEntry[] {
    return [...this.#entries.values()]
  }
}
