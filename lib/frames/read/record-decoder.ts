/** Makes frames of any layout: records with the values of their fields. */
import type { FrameReading } from '../../layout/infer.js'
import type { Column } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import type { TypedArray } from '../../native/element-types.js'
import { CameraRecords } from '../file/cameras.js'
import { narrow } from '../file/last-frame-index.js'
import { type CellForm, Cells, cellForm } from './cells.js'
import type { Decoded, FrameDecoder } from './frames.js'

/** A value of a record or of a frame: its name, and the index of its column. */
interface Part {
  name: string
  at: number
}

/** A field with one column per camera. */
interface CameraPart {
  name: string
  columns: readonly number[]
}

type Values = Record<string, unknown>

/** Decodes the frames of a layout. What the fields need is found out once, when a file is opened. */
export class RecordDecoder<S extends LayoutSpec> implements FrameDecoder<FrameReading<S>> {
  readonly #forms: readonly CellForm[]
  readonly #cameras: CameraRecords
  readonly #slots: number
  readonly #index: number
  readonly #key: number
  readonly #ofFrame: readonly Part[]
  readonly #ofRecord: readonly Part[]
  readonly #ofCameras: readonly CameraPart[]
  readonly #dropped: CameraPart | undefined

  constructor({ layout, cameraNames, slots, columns }: Decoded) {
    const { index, key, drops } = layout
    this.#forms = columns.map(cellForm)
    this.#cameras = new CameraRecords(cameraNames)
    this.#slots = slots
    this.#index = columns.findIndex(({ field }) => field === index)
    this.#key = columns.findIndex(({ field }) => field === key)
    const parts = (wanted: (column: Column) => boolean): Part[] =>
      columns.flatMap((column, at) =>
        wanted(column) && !column.field.perCamera && column.field !== index ? [{ name: column.field.name, at }] : [],
      )
    this.#ofFrame = parts(({ field }) => field.perFrame)
    this.#ofRecord = parts(({ field }) => !field.perFrame)
    const byCamera = layout.fields.flatMap((field): (CameraPart & { drops: boolean })[] => {
      const own = columns.flatMap((column, at) => (column.field === field ? [at] : []))
      const lacking = own.length === 0 && cameraNames.length > 0
      return field.perCamera && !lacking ? [{ name: field.name, columns: own, drops: field === drops }] : []
    })
    this.#ofCameras = byCamera.filter((part) => !part.drops)
    this.#dropped = byCamera.find((part) => part.drops)
  }

  *frames(arrays: readonly TypedArray[], rows: number): Generator<FrameReading<S>, void, void> {
    const cells = this.#forms.map((form, i) => new Cells(form, arrays[i] as TypedArray))
    const indices = arrays[this.#index] as BigInt64Array
    const keys = arrays[this.#key] as Int32Array | undefined
    for (let row = 0; row < rows; row++) {
      const frameIndex = narrow(indices[row] as bigint)
      const perFrame = this.#perFrame(cells, row)
      const records = keys ? { records: this.#records(cells, keys, row) } : { record: this.#record(cells, row) }
      yield { frameIndex, ...records, perFrame } as unknown as FrameReading<S>
    }
  }

  #records(cells: readonly Cells[], keys: Int32Array, row: number): Values[] {
    const records: Values[] = []
    for (let cell = row * this.#slots; cell < (row + 1) * this.#slots; cell++) {
      if (keys[cell] !== -1) records.push(this.#record(cells, cell))
    }
    return records
  }

  #record(cells: readonly Cells[], cell: number): Values {
    const record: Values = {}
    for (const { name, at } of this.#ofRecord) record[name] = (cells[at] as Cells).at(cell)
    for (const { name, columns } of this.#ofCameras) record[name] = this.#byCamera(cells, columns, cell)
    return record
  }

  #byCamera(cells: readonly Cells[], columns: readonly number[], cell: number): Values {
    const record = Object.create(null) as Values
    for (let camera = 0; camera < columns.length; camera++) {
      const own = cells[columns[camera] as number] as Cells
      if (!own.isFill(cell)) record[this.#cameras.names[camera] as string] = own.at(cell)
    }
    return this.#cameras.ordered(record)
  }

  #perFrame(cells: readonly Cells[], row: number): Values {
    const values: Values = {}
    for (const { name, at } of this.#ofFrame) values[name] = (cells[at] as Cells).at(row)
    if (this.#dropped) values[this.#dropped.name] = this.#droppedBy(cells, this.#dropped.columns, row)
    return values
  }

  #droppedBy(cells: readonly Cells[], columns: readonly number[], row: number): string[] {
    return this.#cameras.names.filter((_, camera) => (cells[columns[camera] as number] as Cells).at(row) === true)
  }
}
