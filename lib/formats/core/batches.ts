/** Helpers for readers of formats: fills batches frame by frame. */
import { fillNumber } from '../../layout/half.js'
import { cellWidth, columnsOf, type Field, type Layout, rowsIn } from '../../layout/model.js'
import { fieldArray, type MutableArray } from './arrays.js'
import type { Batch, BatchColumn } from './format.js'

const batchBytes = 8 * 2 ** 20
const mostFrames = 10_000

/** The columns of a batch that is being filled, with room for `capacity` frames. All values are fill values at first. */
interface OpenColumn {
  readonly field: Field
  readonly camera: string | null
  readonly width: number
  readonly data: MutableArray
}

/** The value of a field as a record gives it: a number for a number, bool or enum; a text; or the values in row-major order. */
export type CellValue = number | bigint | boolean | string | ArrayLike<number | bigint | boolean | string>

/** A record of a frame: its key and its values by field; per camera, by camera. What is left out gets the fill value. */
export interface BatchRecord {
  readonly key?: number
  readonly [field: string]: CellValue | Readonly<Record<string, CellValue>> | null | undefined
}

/**
 * Fills batches. Two ways:
 *
 * - `add(frameIndex, records, perFrame)` takes the records of a frame in any order.
 * - `row(frameIndex)` begins a frame, and `cell(row, slot)` gives the place of a record in the arrays of `column(name, camera)`, for
 *   readers that copy many numbers. Records must then fill the slots from 0 by ascending key, and store their keys.
 *
 * When `isFull`, `take()` the batch.
 */
export class BatchBuilder {
  readonly layout: Layout
  /** Number of frames that a batch has room for. */
  readonly capacity: number
  readonly #cameras: readonly string[]
  #columns: OpenColumn[]
  #rows = 0

  constructor(layout: Layout, cameras: readonly string[] = []) {
    this.layout = layout
    this.#cameras = cameras
    this.capacity = Math.min(mostFrames, rowsIn(batchBytes, columnsOf(layout, cameras, layout.slots)))
    this.#columns = this.#blank()
  }

  get rows(): number {
    return this.#rows
  }

  get isFull(): boolean {
    return this.#rows >= this.capacity
  }

  /** Begins a frame and returns its row. */
  row(frameIndex: number | bigint): number {
    const row = this.#rows++
    ;(this.column(this.layout.index.name) as BigInt64Array)[row] = BigInt(frameIndex)
    return row
  }

  /** The place of a slot among all slots of the batch: multiply it by the number of values of a field. */
  cell(row: number, slot: number): number {
    return row * this.layout.slots + slot
  }

  /** The array of a field, for one of its cameras if it has one per camera. It is another one after `take`. */
  column(name: string, camera?: string): MutableArray {
    return this.#column(name, camera).data
  }

  /** Adds a frame with its records in any order. At most as many as the layout has slots. */
  add(
    frameIndex: number | bigint,
    records: readonly BatchRecord[],
    perFrame: Readonly<Record<string, CellValue | null | undefined>> = {},
  ): void {
    const row = this.row(frameIndex)
    for (const [name, value] of Object.entries(perFrame)) this.#put(this.#column(name), row, value)
    const { key } = this.layout
    const sorted =
      key && records.length > 1 ? [...records].sort((a, b) => (a.key as number) - (b.key as number)) : records
    for (const [slot, record] of sorted.entries()) this.#record(this.cell(row, slot), record)
  }

  /** The frames so far, as a batch; the next one is empty. */
  take(): Batch {
    const batch: Record<string, BatchColumn | Record<string, BatchColumn>> = {}
    for (const { name, perCamera } of this.layout.fields) if (perCamera) batch[name] = {}
    for (const { field, camera, width, data } of this.#columns) {
      const values = this.#rows === this.capacity ? data : data.slice(0, this.#rows * width)
      if (camera === null) batch[field.name] = { data: values }
      else {
        batch[field.name] ??= {}
        ;(batch[field.name] as Record<string, BatchColumn>)[camera] = { data: values }
      }
    }
    this.#rows = 0
    this.#columns = this.#blank()
    return batch
  }

  #record(cell: number, record: BatchRecord): void {
    for (const [name, value] of Object.entries(record)) {
      if (name === 'key') this.#put(this.#column((this.layout.key as Field).name), cell, value as number)
      else if (value !== null && value !== undefined) this.#value(name, cell, value)
    }
  }

  #value(name: string, cell: number, value: CellValue | Readonly<Record<string, CellValue>>): void {
    const perCamera = this.layout.fields.find((field) => field.name === name)?.perCamera
    if (!perCamera) {
      this.#put(this.#column(name), cell, value as CellValue)
      return
    }
    for (const [camera, own] of Object.entries(value as Readonly<Record<string, CellValue>>)) {
      this.#put(this.#column(name, camera), cell, own)
    }
  }

  #put({ field, data }: OpenColumn, cell: number, value: CellValue | null | undefined): void {
    if (value === null || value === undefined) return
    const width = valuesOf(field)
    const array = data as unknown[]
    const wide = data instanceof BigInt64Array || data instanceof BigUint64Array
    const one = (v: unknown) => (wide ? BigInt(v as number) : typeof v === 'boolean' ? Number(v) : v)
    if (typeof value !== 'object') {
      array[cell * width] = one(value)
      return
    }
    for (let i = 0; i < width; i++) array[cell * width + i] = one(value[i])
  }

  #column(name: string, camera?: string): OpenColumn {
    const found = this.#columns.find(
      (column) => column.field.name === name && (camera === undefined || column.camera === camera),
    )
    if (found) return found
    throw new TypeError(`no column ${name}${camera === undefined ? '' : ` of camera ${camera}`} in ${this.layout.root}`)
  }

  #blank(): OpenColumn[] {
    const { layout, capacity } = this
    return columnsOf(layout, this.#cameras, layout.slots).map(({ field, camera, width }) => {
      const values = width / field.elements
      return {
        field,
        camera,
        width: values,
        data: fieldArray(field, capacity * values, field === layout.key ? -1 : fillNumber(field)),
      }
    })
  }
}

/** The number of values that one record (or one frame) has of a field. */
export const valuesOf = (field: Field): number => cellWidth(field) / field.elements
