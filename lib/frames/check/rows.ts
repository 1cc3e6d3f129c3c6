/** Checks the values of rows and reports findings. */

import type { Column } from '../../layout/model.js'
import { firstNotAscending } from '../file/ascending.js'
import type { OpenColumn } from '../file/open-columns.js'
import type { Findings } from './findings.js'
import type { Piece, Values } from './pieces.js'
import type { FindingCode } from './report.js'
import * as scan from './scan.js'

/** Checks pieces, which must come in ascending order. */
export class RowCheck {
  readonly #findings: Findings
  readonly #slots: number
  readonly #anyOrder: boolean
  readonly #absent = { cells: new Int32Array(0), count: 0 }
  #lastIndex: bigint | null = null

  // The current piece.
  #start = 0
  #indices: BigInt64Array | undefined
  #ids: Int32Array = new Int32Array(0)

  constructor(findings: Findings, slots: number, anyOrder: boolean) {
    this.#findings = findings
    this.#slots = slots
    this.#anyOrder = anyOrder
  }

  check({ start, columns }: Piece): void {
    const entries = [...columns]
    const find = (field: string) => entries.find(([column]) => column.field.name === field)
    const [index, ids] = [find('frameIndex'), find('fishId')]
    this.#start = start
    this.#indices = index?.[1] as BigInt64Array | undefined
    if (index && !this.#anyOrder) this.#checkOrder(index[0])
    // Without ids, it is not known what the other columns should hold.
    if (!ids || this.#slots === 0) return
    this.#ids = ids[1] as Int32Array
    this.#checkSlots(ids[0])
    for (const [column, values] of entries) {
      if (column.field.name === 'frameIndex' || column.field.name === 'fishId') continue
      this.#checkAbsent(column, values)
      this.#checkValues(column, values)
    }
  }

  #checkOrder(column: OpenColumn): void {
    const indices = this.#indices as BigInt64Array
    let from = 0
    while (from < indices.length) {
      const at = firstNotAscending(indices.subarray(from), this.#lastIndex)
      if (at === -1) break
      const row = from + at
      const before = row === 0 ? this.#lastIndex : indices[row - 1]
      const place = this.#start + row
      this.#findings
        .of('frame-order', column)
        .add(place, place + 1, () => `the index does not increase: frame ${place} has ${indices[row]} after ${before}`)
      this.#lastIndex = indices[row] as bigint
      from = row + 1
    }
    this.#lastIndex = indices.at(-1) ?? this.#lastIndex
  }

  #checkSlots(column: OpenColumn): void {
    const ids = this.#ids
    if (this.#absent.cells.length < ids.length) this.#absent.cells = new Int32Array(ids.length)
    scan.irregularRows(ids, this.#slots, this.#absent, (cell) => {
      const row = [...ids.subarray(cell, cell + this.#slots)]
      const fish = row.filter((id) => id >= 0)
      const negative = row.findIndex((id) => id < -1)
      if (negative !== -1) this.#found(column, 'negative-id', cell + negative, 'an id below -1', row[negative])
      const twice = fish.find((id, i) => fish.indexOf(id) !== i)
      if (twice !== undefined) {
        const where = `fish ${twice} in slots ${row.indexOf(twice)} and ${row.lastIndexOf(twice)}`
        this.#found(column, 'duplicate-fish', cell, 'a fish occurs twice', where)
      }
      const gap = row.findIndex((id, slot) => id >= 0 && slot > 0 && row[slot - 1] === -1)
      if (gap !== -1 || fish.some((id, i) => i > 0 && id < (fish[i - 1] as number))) {
        const text = 'ids do not ascend from slot 0 with the empty slots (-1) last'
        const shown = row.length > 12 ? `${row.slice(0, 12).join(', ')}, ...` : row.join(', ')
        this.#found(column, 'slot-order', cell, text, shown)
      }
    })
  }

  #checkAbsent(column: Column, values: Values): void {
    const width = column.width / this.#slots
    const found = (at: number) =>
      this.#found(
        column,
        'value-without-fish',
        Math.floor(at / width),
        'a value where there is no fish',
        shown(values[at]),
      )
    if (column.type === 'int32') scan.intsNotFill(values as Int32Array, this.#absent, width, column.fill, found)
    else if (column.type === 'bool') scan.bytesNotFill(values as Uint8Array, this.#absent, width, column.fill, found)
    else scan.floatsNotFill(values as Float32Array, this.#absent, width, column.fill, found)
  }

  #checkValues(column: Column, values: Values): void {
    const width = column.width / this.#slots
    const report = (code: FindingCode, text: string) => (at: number) => {
      const cell = Math.floor(at / width)
      // Empty slots were checked before.
      if (this.#ids[cell] === -1) return
      const numbers = Array.from(values.subarray(at, at + width), shown).join(', ')
      this.#found(column, code, cell, text, width === 1 ? numbers : `(${numbers})`)
    }
    const field = column.field.name
    if (field === 'cameraAssignments') {
      scan.below(values as Int32Array, -1, report('negative-value', 'the index of a detection is below -1'))
    } else if (field === 'nCameras') {
      scan.below(values as Int32Array, 0, report('negative-value', 'a number of cameras is below 0'))
    } else if (field === 'isConfirmed') {
      scan.notFlags(values as Uint8Array, report('not-a-flag', 'neither 0 nor 1'))
    } else if (field === 'centroid3d') {
      const text = 'a position of which a part is not known (NaN)'
      scan.partialPositions(values as Float32Array, report('partial-position', text))
    } else if (field === 'bboxes') {
      const text = 'a box whose third or fourth number is -1, as if there were no box'
      scan.partialBoxes(values as Int32Array, report('partial-box', text))
    }
  }

  #found(column: Column, code: FindingCode, cell: number, text: string, value: unknown): void {
    const row = Math.floor(cell / this.#slots)
    const frame = this.#start + row
    this.#findings.of(code, column).add(frame, frame + 1, () => {
      const slot = code === 'duplicate-fish' || code === 'slot-order' ? '' : `slot ${cell % this.#slots} of `
      const index = this.#indices?.[row]
      const number = index === undefined || index === BigInt(frame) ? '' : ` (frame_index ${index})`
      return `${text}: ${slot}frame ${frame}${number} has ${value}`
    })
  }
}

/** Formats a number with the digits of a float32. */
function shown(value: number | bigint | undefined): string {
  return String(typeof value !== 'number' || Number.isInteger(value) ? value : Number(value.toPrecision(7)))
}
