/** Checks the frame indices: their order, and the numbers that they skip. */
import { firstNotAscending } from '../file/ascending.js'
import type { OpenColumn } from '../file/open-columns.js'
import type { Findings } from './findings.js'
import { Frames } from './report.js'

/** Checks the indices of pieces, which must come in ascending order. */
export class IndexCheck {
  readonly #findings: Findings
  readonly #anyOrder: boolean
  #last: bigint | null = null
  /** The row after the last one. */
  #stop = 0
  #increases = true
  #gaps: Frames | null = null
  #firstGap = ''
  #missing = 0n

  constructor(findings: Findings, anyOrder: boolean) {
    this.#findings = findings
    this.#anyOrder = anyOrder
  }

  check(column: OpenColumn, indices: BigInt64Array, start: number): void {
    if (this.#anyOrder || indices.length === 0) return
    const before = this.#last
    if (this.#checkOrder(column, indices, start)) this.#findGaps(column, indices, start, before)
    this.#last = indices.at(-1) as bigint
    this.#stop = start + indices.length
  }

  /** Reports missing frames. Their number means nothing if the index does not increase. */
  finish(): void {
    if (!this.#gaps || !this.#increases) return
    const frames = `${this.#missing} frame${this.#missing === 1n ? '' : 's'}`
    const places = this.#gaps.count === 1 ? '' : ` in ${this.#gaps.count} places`
    this.#gaps.describe(`the index skips ${frames}${places}: ${this.#firstGap}`)
    this.#findings.put(this.#gaps)
  }

  #checkOrder(column: OpenColumn, indices: BigInt64Array, start: number): boolean {
    let from = 0
    let last = this.#last
    while (from < indices.length) {
      const at = firstNotAscending(indices.subarray(from), last)
      if (at === -1) return from === 0
      this.#increases = false
      const row = from + at
      const before = row === 0 ? last : indices[row - 1]
      const place = start + row
      this.#findings
        .of('frame-order', column)
        .add(place, place + 1, () => `the index does not increase: frame ${place} has ${indices[row]} after ${before}`)
      last = indices[row] as bigint
      from = row + 1
    }
    return false
  }

  #findGaps(column: OpenColumn, indices: BigInt64Array, start: number, last: bigint | null): void {
    if (!this.#increases) return
    // Rows that cannot be read are not missing frames.
    const before = last !== null && this.#stop === start ? last : null
    const first = before === null ? (indices[0] as bigint) : before + 1n
    const expected = first + BigInt(indices.length) - 1n
    if (indices.at(-1) === expected) return
    this.#gaps ??= new Frames('missing-frames', column.path)
    for (let row = 0, previous = before; row < indices.length; row++) {
      const index = indices[row] as bigint
      if (previous !== null && index > previous + 1n) this.#addGap(start + row, previous, index)
      previous = index
    }
  }

  #addGap(row: number, previous: bigint, index: bigint): void {
    this.#missing += index - previous - 1n
    this.#gaps?.add(row, row + 1, () => {
      this.#firstGap = `frame ${row} has ${index} after ${previous}`
      return ''
    })
  }
}
