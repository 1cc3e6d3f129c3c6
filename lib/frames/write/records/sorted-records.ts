/** Sorts the records of a frame by key. */
import type { FrameLocation } from '../../../base/frame-location.js'

/** The records of the current frame by ascending key. Allocates no memory in the steady state. */
export class SortedRecords<T extends object> {
  /** The number of records. Later elements of `keys` and `records` belong to other frames. */
  length = 0
  keys = new Int32Array(64)
  records: readonly T[] = []

  readonly #location: FrameLocation
  /** Name of the field with the key. */
  readonly #key: string
  /** A reused array for records that are not in an array or not in order. It never shrinks, because that would free its memory. */
  readonly #own: T[] = []

  constructor(location: FrameLocation) {
    this.#location = location
    this.#key = location.terms.key
  }

  /** Takes the records of a frame. Throws if one has no valid key, or if two have the same key. */
  take(records: Iterable<T>): void {
    if (Array.isArray(records)) {
      this.records = records
      this.length = records.length
    } else {
      this.#gather(records)
    }
    if (this.length > this.keys.length) this.keys = new Int32Array(2 * this.length)
    let ascending = true
    let before = -1
    for (let i = 0; i < this.length; i++) {
      const key = this.#keyOf(i)
      this.keys[i] = key
      if (key <= before) ascending = false
      before = key
    }
    if (!ascending) this.#sort()
  }

  #gather(records: unknown): void {
    if (typeof (records as Iterable<T> | null | undefined)?.[Symbol.iterator] !== 'function') {
      const { invalid, records: name, ofType } = this.#location.terms
      const allowed = `must be an array or another iterable of ${ofType}`
      throw this.#location.refusal(invalid, name, allowed, records)
    }
    this.records = this.#own
    this.length = 0
    for (const record of records as Iterable<T>) this.#own[this.length++] = record
  }

  #keyOf(i: number): number {
    const record: unknown = this.records[i]
    if (typeof record !== 'object' || record === null) {
      const { invalid, records } = this.#location.terms
      throw this.#location.refusal(invalid, `${records}[${i}]`, 'must be an object', record)
    }
    const key = (record as Readonly<Record<string, unknown>>)[this.#key]
    if (typeof key !== 'number' || (key | 0) !== key || key < 0) {
      this.#location.checkInteger(key, 0, `${this.#location.terms.records}[${i}].${this.#key}`)
    }
    return key
  }

  // An insertion sort: there are few records, mostly in order, and it needs no memory.
  #sort(): void {
    const own = this.#own
    const { keys } = this
    if (this.records !== own) {
      for (let i = 0; i < this.length; i++) own[i] = this.records[i] as T
      this.records = own
    }
    for (let i = 1; i < this.length; i++) {
      const key = keys[i] as number
      const record = own[i] as T
      let to = i
      for (; to > 0 && (keys[to - 1] as number) > key; to--) {
        keys[to] = keys[to - 1] as number
        own[to] = own[to - 1] as T
      }
      if (to > 0 && keys[to - 1] === key) {
        this.#location.key = key
        throw this.#location.refusal(this.#location.terms.duplicate, this.#key, 'must occur once in a frame', key)
      }
      keys[to] = key
      own[to] = record
    }
  }
}
