/** Counts frames, records and values over a file of any layout. */
import { fillNumber } from '../../layout/half.js'
import type { ReadColumns } from '../../layout/infer.js'
import type { Field, Layout } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import type { TypedArray } from '../../native/element-types.js'

type Data = TypedArray | string[]
type Column = { data: Data }

/** The counts of a file, added up window by window. */
export class LayoutTally {
  first: bigint | null = null
  last: bigint | null = null
  /** True if each index was greater than the one before. */
  increasing = true
  /** Number of indices that are skipped, and of the places where. */
  missing = 0n
  gaps = 0
  frames = 0
  records = 0
  framesWithout = 0
  mostInAFrame = 0
  readonly keys = new Set<number>()
  readonly #layout: Layout
  readonly #cameras: readonly string[]
  readonly #slots: number
  readonly #values = new Map<string, number>()

  constructor(layout: Layout, cameras: readonly string[], slots: number) {
    this.#layout = layout
    this.#cameras = cameras
    this.#slots = slots
  }

  /** Number of values of a field, in one camera or in all, that have an element other than the fill value. */
  valuesOf({ name, perCamera }: Field, camera?: string): number {
    if (!perCamera) return this.#values.get(name) ?? 0
    const cameras = camera === undefined ? this.#cameras : [camera]
    return cameras.reduce((sum, one) => sum + (this.#values.get(`${name}/${one}`) ?? 0), 0)
  }

  add(window: ReadColumns<LayoutSpec>): void {
    const columns = window as unknown as Record<string, Column | Record<string, Column>>
    const { index, key, fields } = this.#layout
    this.#addIndices((columns[index.name] as Column).data as BigInt64Array)
    const keys = key && ((columns[key.name] as Column).data as Int32Array)
    this.#addRecords(keys)
    for (const field of fields) {
      const own = columns[field.name]
      if (own === undefined) continue
      if (!field.perCamera) this.#addValues(field.name, field, (own as Column).data, keys)
      else {
        for (const camera of this.#cameras) {
          const column = (own as Record<string, Column>)[camera]
          if (column) this.#addValues(`${field.name}/${camera}`, field, column.data, keys)
        }
      }
    }
  }

  #addIndices(indices: BigInt64Array): void {
    for (const index of indices) {
      this.first ??= index
      if (this.last !== null) {
        if (index <= this.last) this.increasing = false
        else if (index > this.last + 1n) {
          this.gaps++
          this.missing += index - this.last - 1n
        }
      }
      this.last = index
    }
    this.frames += indices.length
    if (!this.#layout.key) this.records += indices.length
  }

  #addRecords(keys: Int32Array | null): void {
    if (!keys) return
    for (let row = 0; row < keys.length; row += this.#slots) {
      let present = 0
      for (let cell = row; cell < row + this.#slots; cell++) {
        const key = keys[cell] as number
        if (key < 0) continue
        present++
        this.keys.add(key)
      }
      this.records += present
      if (present === 0) this.framesWithout++
      if (present > this.mostInAFrame) this.mostInAFrame = present
    }
  }

  #addValues(name: string, field: Field, data: Data, keys: Int32Array | null): void {
    const { key, index } = this.#layout
    const width = field.shape.reduce((all, n) => all * n, 1)
    const isOther = otherThan(field)
    let count = 0
    for (let cell = 0; cell * width < data.length; cell++) {
      if (keys && !field.perFrame && (keys[cell] as number) < 0) continue
      // Every frame has an index, and every record a key.
      if (field === index || field === key) count++
      else
        for (let at = cell * width; at < (cell + 1) * width; at++) {
          if (!isOther(data[at])) continue
          count++
          break
        }
    }
    this.#values.set(name, (this.#values.get(name) ?? 0) + count)
  }
}

function otherThan(field: Field): (given: unknown) => boolean {
  const { value, fill, storage } = field
  if (value.kind === 'string') return (given) => given !== ''
  if (storage === 'int64' || storage === 'uint64') {
    const wide = BigInt(fill)
    return (given) => given !== wide
  }
  const number = fillNumber(field)
  return Number.isNaN(number) ? (given) => !Number.isNaN(given) : (given) => given !== number
}
