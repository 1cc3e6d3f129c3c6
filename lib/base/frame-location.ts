/** Checks values of a frame. An error names the frame, the fish (or other record) and the camera. */
import { H5TracksError, show } from './errors.js'
import { fishTerms, type Terms } from './terms.js'
import type { Vector } from './vectors.js'

/** The current frame and fish of a writer or tracker, for the errors that refuse a frame. */
export class FrameLocation {
  frame: number | bigint = 0
  /** Key of the current record, which is the id of a fish in a tracking file; -1 for none. */
  key = -1
  readonly terms: Terms
  /** The last part of each message, which says what was not done. */
  readonly #outcome: string

  constructor(outcome = 'the frame was not written', terms = fishTerms) {
    this.#outcome = outcome
    this.terms = terms
  }

  /** The error for a value of the frame, of the fish or of the fish in a camera. `value` is its field, as in `tracks[0].bboxes[2]`. */
  refusal(code: string, value: string, allowed: string, given: unknown, camera?: unknown): H5TracksError {
    const at = []
    const fields: { frame?: number | bigint; fish?: number; key?: number; camera?: string } = {}
    if (typeof this.frame === 'number' || typeof this.frame === 'bigint') {
      at.push(`frame ${this.frame}`)
      fields.frame = this.frame
    }
    if (this.key >= 0) {
      at.push(`${this.terms.record} ${this.key}`)
      fields[this.terms.property] = this.key
    }
    if (camera !== undefined) {
      at.push(`camera ${show(camera)}`)
      fields.camera = String(camera)
    }
    const where = at.length > 0 ? `${at.join(', ')}: ` : ''
    return new H5TracksError(`${where}${value} ${allowed}; got ${show(given)}; ${this.#outcome}`, {
      code,
      ...fields,
      field: value.replace(/^(tracks|records|associations|detections)\[\d+\]\./, '').replace(/\[\d+\]$/, ''),
    })
  }

  /** Checks a value that is stored as int32. Throws ERR_INVALID_TRACK and ERR_OUT_OF_RANGE. */
  checkInteger(value: unknown, min: number, field: string, camera?: string): asserts value is number {
    if (typeof value !== 'number') throw this.refusal(this.terms.invalid, field, 'must be a number', value, camera)
    if ((value | 0) !== value || value < min) {
      const allowed = `must be an integer from ${min} to ${2 ** 31 - 1}`
      throw this.refusal('ERR_OUT_OF_RANGE', field, allowed, value, camera)
    }
  }

  /**
   * Checks a position, of `field`, whose numbers are not all finite. All NaN is valid: the position is not known. `at`: the index in
   * the field of its first number.
   */
  checkUnknownPosition(position: ArrayLike<number>, field: string, at = 0, camera?: string): void {
    const values = Array.from(position)
    if (!values.every(Number.isNaN)) throw this.positionRefusal(values, field, at, camera)
  }

  /** The error for a position, of `field`, of which only some numbers are finite. */
  positionRefusal(values: readonly number[], field: string, at: number, camera?: string): H5TracksError {
    const infinite = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY)
    if (infinite >= 0) {
      const allowed = 'must be finite; null says that a position is not known'
      return this.refusal('ERR_OUT_OF_RANGE', `${field}[${at + infinite}]`, allowed, values[infinite], camera)
    }
    const count = { 2: 'two', 3: 'three' }[values.length] ?? String(values.length)
    const allowed = `must be ${count} numbers, or null (or ${count} NaN) if the position is not known`
    return this.refusal(this.terms.invalid, field, allowed, values, camera)
  }

  /** Checks that the frame's index is valid and greater than `after`. Throws ERR_FRAME_ORDER if it is not greater. */
  checkFrameIndex(after: number | bigint | null): void {
    const index: unknown = this.frame
    if (typeof index === 'number') {
      if (!Number.isSafeInteger(index)) {
        throw this.refusal('ERR_OUT_OF_RANGE', 'frameIndex', 'must be a safe integer or a bigint', index)
      }
    } else if (typeof index !== 'bigint') {
      throw this.refusal(this.terms.invalid, 'frameIndex', 'must be a number or a bigint', index)
    } else if (BigInt.asIntN(64, index) !== index) {
      throw this.refusal('ERR_OUT_OF_RANGE', 'frameIndex', 'must be within int64', index)
    }
    if (after !== null && index <= after) {
      throw this.refusal('ERR_FRAME_ORDER', 'frameIndex', `must be above ${after}, the frame before`, index)
    }
  }

  /** Checks a position that is used in computations and returns a copy of it. */
  checkPoint(value: ArrayLike<number>, field: string): Vector {
    if (typeof value !== 'object' || value?.length !== 3) {
      throw this.refusal('ERR_INVALID_TRACK', field, 'must be three numbers', value)
    }
    const point: Vector = [value[0]!, value[1]!, value[2]!]
    if (!(isStorable(point[0]) && isStorable(point[1]) && isStorable(point[2]))) {
      throw this.refusal('ERR_OUT_OF_RANGE', field, 'must be three finite numbers within float32', point)
    }
    return point
  }
}

/** True if a coordinate is finite as float32, in which it is stored. */
function isStorable(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(Math.fround(value))
}
