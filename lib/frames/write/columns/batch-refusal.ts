/** Words the errors that refuse a batch of columns: the frame, the record and the camera of the first value that is wrong. */
import type { H5TracksError } from '../../../base/errors.js'
import type { FrameLocation } from '../../../base/frame-location.js'
import { fillNumber } from '../../../layout/half.js'
import { type Column, cellWidth, type Field } from '../../../layout/model.js'
import type { BatchFault, TypedArray } from '../../../native/native.js'

type Sources = readonly (TypedArray | null)[]

export class BatchRefusal {
  readonly #location: FrameLocation
  readonly #columns: readonly Column[]
  readonly #slots: number
  /** Index of the column of keys; -1 if a frame is one record. */
  readonly #keys: number

  constructor(location: FrameLocation, columns: readonly Column[], keys: number, slots: number) {
    this.#location = location
    this.#columns = columns
    this.#keys = keys
    this.#slots = slots
  }

  /** The error for a value that native code found. */
  ofFault(sources: Sources, { column, at, rule }: BatchFault): H5TracksError {
    if (rule === 'key') return this.#misplaced(sources, at)
    const { field } = this.#columns[column] as Column
    const { terms } = this.#location
    if (rule === 'member' && field.value.kind === 'enum') {
      const members = [...field.value.members].map(([name, n]) => `${n} (${name})`).join(', ')
      return this.#refusal(sources, column, at, 'ERR_OUT_OF_RANGE', `must be one of ${members}`)
    }
    if (rule === 'range') {
      const [least, most] = field.range ?? [0, 1]
      const kind = field.value.kind === 'float' ? 'a number' : 'an integer'
      return this.#refusal(sources, column, at, 'ERR_OUT_OF_RANGE', `must be ${kind} from ${least} to ${most}`)
    }
    if (rule === 'partial') {
      const size = field.shape.at(-1) ?? 1
      return this.ofPosition(sources, column, at - (at % size), size)
    }
    // Every column must have its fill value in an empty slot: otherwise the file could not be read as records again.
    return this.#refusal(
      sources,
      column,
      at,
      terms.invalid,
      `must be ${fillOf(field)} in a slot without ${terms.article}`,
    )
  }

  /** The error for a position of `size` numbers, of which only some are finite. */
  ofPosition(sources: Sources, column: number, at: number, size: number): H5TracksError {
    const { field, camera } = this.#columns[column] as Column
    this.#locate(sources, column, at)
    const values = Array.from((sources[column] as Float32Array).subarray(at, at + size))
    return this.#location.positionRefusal(values, field.name, at % cellWidth(field), camera ?? undefined)
  }

  #misplaced(sources: Sources, cell: number): H5TracksError {
    const { terms } = this.#location
    const ids = sources[this.#keys] as Int32Array
    const id = ids[cell] as number
    this.#location.frame = frameAt(sources, Math.floor(cell / this.#slots))
    this.#location.key = id < -1 ? -1 : id
    const refuse = (code: string, allowed: string) => this.#location.refusal(code, terms.key, allowed, id)
    if (id < -1) return refuse('ERR_OUT_OF_RANGE', 'must be -1 or an id from 0')
    if (cell % this.#slots > 0 && id === ids[cell - 1]) return refuse(terms.duplicate, 'must occur once in a frame')
    return refuse(terms.invalid, 'must ascend from slot 0, empty slots (-1) last')
  }

  #refusal(sources: Sources, index: number, at: number, code: string, allowed: string): H5TracksError {
    const { field, camera } = this.#columns[index] as Column
    const slot = this.#locate(sources, index, at)
    const where = slot !== null && this.#location.key === -1 ? `${allowed} (slot ${slot})` : allowed
    return this.#location.refusal(code, field.name, where, shownAt(field, sources[index], at), camera ?? undefined)
  }

  /** Sets frame and key of the value at `at`, and returns its slot; null if the value does not belong to a slot. */
  #locate(sources: Sources, index: number, at: number): number | null {
    const { field, width } = this.#columns[index] as Column
    const row = Math.floor(at / width)
    this.#location.frame = frameAt(sources, row)
    this.#location.key = -1
    if (this.#keys === -1 || field.perFrame) return null
    const slot = Math.floor((at % width) / (width / this.#slots))
    this.#location.key = (sources[this.#keys] as Int32Array)[row * this.#slots + slot] as number
    return slot
  }
}

/** The value at an element, as a caller gave it: a text is several elements. */
function shownAt({ value, elements }: Field, values: TypedArray | null | undefined, at: number): unknown {
  if (value.kind !== 'string') return values?.[at]
  const start = at - (at % elements)
  return new TextDecoder().decode(values?.subarray(start, start + elements) as Uint8Array).replace(/\0+$/, '')
}

/** The fill value as a caller gives it. */
function fillOf(field: Field): string {
  const { value, fill } = field
  if (value.kind === 'string') return 'empty'
  if (value.kind === 'enum') {
    return `${fill} (${[...value.members].find(([, n]) => n === fill)?.[0]})`
  }
  return String(fillNumber(field))
}

function frameAt(sources: Sources, row: number): bigint {
  return (sources[0] as BigInt64Array)[row] as bigint
}
