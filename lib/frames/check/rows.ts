/** Checks the values of rows and reports findings. */
import { type Column, cellWidth, type Layout } from '../../layout/model.js'
import type { OpenColumn } from '../file/open-columns.js'
import type { Findings } from './findings.js'
import { IndexCheck } from './frame-index.js'
import type { Piece, Values } from './pieces.js'
import type { FindingCode } from './report.js'
import { findInEmpty, type Rule, rulesOf } from './rules.js'
import * as scan from './scan.js'
import { element, shown, shownList } from './shown.js'

/** Checks pieces of a layout, which must come in ascending order. */
export class RowCheck {
  readonly #findings: Findings
  readonly #layout: Layout
  readonly #slots: number
  readonly #index: IndexCheck
  readonly #empty = { cells: new Int32Array(0), count: 0 }
  readonly #rules = new Map<Column, Rule[]>()

  // The current piece.
  #start = 0
  #indices: BigInt64Array | undefined
  #keys: Int32Array = new Int32Array(0)

  constructor(findings: Findings, layout: Layout, slots: number, anyOrder: boolean) {
    this.#findings = findings
    this.#layout = layout
    this.#slots = slots
    this.#index = new IndexCheck(findings, anyOrder)
  }

  check({ start, columns }: Piece): void {
    const { index, key } = this.#layout
    const entries = [...columns]
    const indices = entries.find(([column]) => column.field === index)
    const keys = entries.find(([column]) => column.field === key)
    this.#start = start
    this.#indices = indices?.[1] as BigInt64Array | undefined
    if (indices) this.#index.check(indices[0], indices[1] as BigInt64Array, start)
    if (keys && this.#slots > 0) {
      this.#keys = keys[1] as Int32Array
      this.#checkSlots(keys[0])
    }
    // Without keys, it is not known what the columns of records should hold.
    const canCheck = key === null || (keys !== undefined && this.#slots > 0)
    for (const [column, values] of entries) {
      const { field } = column
      if (field === index || field === key || !(canCheck || field.perFrame)) continue
      if (this.#hasKeys(column)) this.#checkEmpty(column, values)
      this.#checkValues(column, values)
    }
  }

  /** Reports what is known only after the last piece. */
  finish(): void {
    this.#index.finish()
  }

  #hasKeys({ field }: Column): boolean {
    return this.#layout.key !== null && !field.perFrame
  }

  #checkSlots(column: OpenColumn): void {
    const keys = this.#keys
    const { terms } = this.#findings
    if (this.#empty.cells.length < keys.length) this.#empty.cells = new Int32Array(keys.length)
    scan.irregularRows(keys, this.#slots, this.#empty, (cell) => {
      const row = [...keys.subarray(cell, cell + this.#slots)]
      const there = row.filter((key) => key >= 0)
      const negative = row.findIndex((key) => key < -1)
      if (negative !== -1) {
        this.#found(column, terms.negative, cell + negative, `${terms.key} below -1`, row[negative])
      }
      const twice = there.find((key, i) => there.indexOf(key) !== i)
      if (twice !== undefined) {
        const where = `${terms.record} ${twice} in slots ${row.indexOf(twice)} and ${row.lastIndexOf(twice)}`
        this.#found(column, terms.duplicate, cell, `${terms.aRecord} occurs twice`, where)
      }
      const gap = row.findIndex((key, slot) => key >= 0 && slot > 0 && row[slot - 1] === -1)
      if (gap !== -1 || there.some((key, i) => i > 0 && key < (there[i - 1] as number))) {
        const text = `${terms.keys} do not ascend from slot 0 with the empty slots (-1) last`
        this.#found(column, 'slot-order', cell, text, shownList(row))
      }
    })
  }

  #checkEmpty(column: Column, values: Values): void {
    const width = cellWidth(column.field)
    const { withoutRecord, noRecord, isTracking } = this.#findings.terms
    findInEmpty(column, values, this.#empty, (at) => {
      const text = `a value where there is ${noRecord}`
      const value = isTracking ? shown(values[at]) : element(column, values, at, 1)
      this.#found(column, withoutRecord, Math.floor(at / width), text, value)
    })
  }

  #checkValues(column: Column, values: Values): void {
    const width = cellWidth(column.field)
    const hasKeys = this.#hasKeys(column)
    for (const rule of this.#rulesOf(column)) {
      rule.find(values, (at) => {
        const cell = Math.floor(at / width)
        // Empty slots were checked before.
        if (hasKeys && this.#keys[cell] === -1) return
        this.#found(column, rule.code, cell, () => rule.text(values, at), element(column, values, at, rule.size))
      })
    }
  }

  #rulesOf(column: Column): Rule[] {
    const known = this.#rules.get(column)
    if (known) return known
    const rules = rulesOf(column, this.#findings.terms)
    this.#rules.set(column, rules)
    return rules
  }

  #found(column: Column, code: FindingCode, cell: number, text: string | (() => string), value: unknown): void {
    const slots = this.#hasKeys(column) ? this.#slots : 1
    const row = Math.floor(cell / slots)
    const frame = this.#start + row
    this.#findings.of(code, column).add(frame, frame + 1, () => {
      const inSlot = this.#hasKeys(column) && code !== this.#findings.terms.duplicate && code !== 'slot-order'
      const index = this.#indices?.[row]
      const number = index === undefined || index === BigInt(frame) ? '' : ` (${this.#layout.index.dataset} ${index})`
      const what = typeof text === 'string' ? text : text()
      return `${what}: ${inSlot ? `slot ${cell % slots} of ` : ''}frame ${frame}${number} has ${value}`
    })
  }
}
