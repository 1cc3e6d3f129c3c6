/** Words the errors that refuse a batch of columns: the frame, the record and the camera of the first value that is wrong. */
import type { H5TracksError } from '../../base/errors.js'
import type { FrameLocation } from '../../base/frame-location.js'
import { type Column, cellWidth, type Layout } from '../../layout/model.js'
import type { TypedArray } from '../../native/native.js'

type Sources = readonly (TypedArray | null)[]

export class BatchRefusal {
  readonly #location: FrameLocation
  readonly #columns: readonly Column[]
  readonly #slots: number
  /** Index of the column of keys; -1 if a frame is one record. */
  readonly #keys: number

  constructor(location: FrameLocation, layout: Layout, columns: readonly Column[], slots: number) {
    this.#location = location
    this.#columns = columns
    this.#slots = slots
    this.#keys = columns.findIndex(({ field }) => field === layout.key)
  }

  /** The error for a value that native code found. */
  ofFault(sources: Sources, { column, at }: { column: number; at: number }): H5TracksError {
    if (column === this.#keys) return this.#misplaced(sources, at)
    const { field } = this.#columns[column] as Column
    const { terms } = this.#location
    const value = Number(sources[column]?.[at])
    const [least, most] = field.range ?? [0, 1]
    if (field.value.kind === 'enum' && ![...field.value.members.values()].includes(value)) {
      const members = [...field.value.members].map(([name, n]) => `${n} (${name})`).join(', ')
      return this.#refusal(sources, column, at, 'ERR_OUT_OF_RANGE', `must be one of ${members}`)
    }
    if ((field.range || field.value.kind === 'bool') && !(value >= least && value <= most) && value !== field.fill) {
      const kind = field.value.kind === 'float' ? 'a number' : 'an integer'
      return this.#refusal(sources, column, at, 'ERR_OUT_OF_RANGE', `must be ${kind} from ${least} to ${most}`)
    }
    // Every column must have its fill value in an empty slot: otherwise the file could not be read as records again.
    return this.#refusal(sources, column, at, terms.invalid, `must be ${field.fill} in a slot without ${terms.article}`)
  }

  /** Throws if a position, whose numbers are not all finite, is not all NaN. */
  checkPosition(sources: Sources, column: number, at: number, size: number): void {
    const { field, camera } = this.#columns[column] as Column
    this.#locate(sources, column, at)
    const values = (sources[column] as Float32Array).subarray(at, at + size)
    this.#location.checkUnknownPosition(values, field.name, at % cellWidth(field), camera ?? undefined)
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
    return this.#location.refusal(code, field.name, where, sources[index]?.[at], camera ?? undefined)
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

function frameAt(sources: Sources, row: number): bigint {
  return (sources[0] as BigInt64Array)[row] as bigint
}
