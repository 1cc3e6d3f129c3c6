/** Reads single values of a window. */
import { H5TracksError, show } from '../../base/errors.js'
import { isHalf } from '../../layout/half.js'
import { type Column, cellWidth } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import { narrow } from '../file/last-frame-index.js'
import { bytesIn, halfTable, textAt } from './values.js'

/** What is known of the values of a column before any are read. */
export interface CellForm {
  readonly column: Column
  /** How a value is made from elements. */
  readonly kind: 'number' | 'wide' | 'half' | 'bool' | 'enum' | 'string'
  /** Number of elements of a cell. */
  readonly width: number
  /** Number of elements of a single value. */
  readonly elements: number
  readonly shaped: boolean
  /** The fill value as an element. */
  readonly fill: number | bigint
  /** The fill value is NaN, which has many bit patterns. */
  readonly fillIsNaN: boolean
  /** The names of an enum by their numbers. */
  readonly members: ReadonlyMap<number, string>
}

/** Compiles what the values of a column need. */
export function cellForm(column: Column): CellForm {
  const { field, type } = column
  const { value, shape, elements } = field
  const wide = type === 'int64' || type === 'uint64'
  const kind = isHalf(field) ? 'half' : value.kind === 'float' ? 'number' : value.kind
  return {
    column,
    kind: kind === 'integer' ? (wide ? 'wide' : 'number') : kind,
    width: cellWidth(field),
    elements,
    shaped: shape.length > 0,
    fill: wide ? BigInt(field.fill) : field.fill,
    fillIsNaN: Number.isNaN(kind === 'half' ? halfTable()[field.fill] : field.fill),
    members: new Map(value.kind === 'enum' ? [...value.members].map(([name, n]) => [n, name]) : []),
  }
}

/** The values of a column in a window, cell by cell. A cell holds what one record has, or one frame if the field is per frame. */
export class Cells {
  readonly #form: CellForm
  readonly #stored: TypedArray
  readonly #bytes: Buffer | undefined

  constructor(form: CellForm, stored: TypedArray) {
    this.#form = form
    this.#stored = stored
    this.#bytes = form.kind === 'string' ? bytesIn(stored) : undefined
  }

  /** The value of a cell: a copy. */
  at(cell: number): unknown {
    const { width, shaped, kind, elements } = this.#form
    const from = cell * width
    if (!shaped) return this.#single(from)
    if (kind === 'number' || kind === 'wide') return this.#stored.slice(from, from + width)
    if (kind === 'half') {
      const numbers = new Float32Array(width)
      for (let i = 0; i < width; i++) numbers[i] = this.#single(from + i) as number
      return numbers
    }
    const values: unknown[] = []
    for (let i = from; i < from + width; i += elements) values.push(this.#single(i))
    return values
  }

  /** True if the cell holds only fill values. */
  isFill(cell: number): boolean {
    const { width, fill, fillIsNaN, kind } = this.#form
    const stored = this.#stored
    for (let i = cell * width; i < (cell + 1) * width; i++) {
      const value = stored[i]
      if (!Object.is(value, fill) && !(fillIsNaN && Number.isNaN(kind === 'half' ? this.#single(i) : value)))
        return false
    }
    return true
  }

  #single(at: number): unknown {
    const value = this.#stored[at]
    switch (this.#form.kind) {
      case 'number':
        return value
      case 'wide':
        return narrow(value as bigint)
      case 'half':
        return halfTable()[value as number]
      case 'bool':
        return value === 1
      case 'enum':
        return this.#form.members.get(value as number) ?? this.#noMember(value)
      case 'string':
        return textAt(this.#bytes as Buffer, at, this.#form.elements)
    }
  }

  #noMember(value: unknown): never {
    const { column, members } = this.#form
    const problem = `${show(column.path)} holds ${value}, which is none of its members ${show([...members.values()])}`
    throw new H5TracksError(`${problem}; 'read' gives it as a number`, { code: 'ERR_FORMAT', field: column.field.name })
  }
}
