/** The frames of batches, as a reader of an h5tracks file gives them. */
import { CameraRecords } from '../../frames/file/cameras.js'
import { narrow } from '../../frames/file/last-frame-index.js'
import { fillNumber } from '../../layout/half.js'
import type { FrameReading } from '../../layout/infer.js'
import type { Field, Layout } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import { arrayIn } from '../core/arrays.js'
import { valuesOf } from '../core/batches.js'
import type { Batch, BatchArray, Recording } from '../core/format.js'

type Values = Record<string, unknown>
type Cell = (cell: number) => unknown

/** Makes frames out of batches. Fields that a batch leaves out are left out. */
export class BatchFrames {
  readonly #layout: Layout
  readonly #cameras: CameraRecords

  constructor({ layout, cameras }: Recording) {
    this.#layout = layout
    this.#cameras = new CameraRecords(cameras)
  }

  *frames(batch: Batch): Generator<FrameReading<LayoutSpec>, void, void> {
    const { index, key, slots, drops } = this.#layout
    const indices = arrayIn(batch, index.name) as BigInt64Array
    const keys = key && (arrayIn(batch, key.name) as Int32Array)
    const ofFrame = this.#cells(batch, true)
    const ofRecord = this.#cells(batch, false)
    for (const [row, frameIndex] of indices.entries()) {
      const perFrame = valuesAt(ofFrame, row)
      if (drops) perFrame[drops.name] = this.#dropped(batch, drops, row)
      const places = Array.from({ length: keys ? slots : 1 }, (_, slot) => row * (keys ? slots : 1) + slot)
      const all = places.filter((cell) => keys?.[cell] !== -1).map((cell) => valuesAt(ofRecord, cell))
      const records = keys ? { records: all } : { record: all[0] }
      yield { frameIndex: narrow(frameIndex), ...records, perFrame } as unknown as FrameReading<LayoutSpec>
    }
  }

  /** Readers of the fields of frames or of records; those of cameras come last. */
  #cells(batch: Batch, perFrame: boolean): [string, Cell][] {
    const { fields, index, drops } = this.#layout
    const own = fields.filter((field) => field.perFrame === perFrame && field !== index && field !== drops)
    const cells = (perCamera: boolean) =>
      own.flatMap((field): [string, Cell][] => {
        if (field.perCamera !== perCamera) return []
        const cell = perCamera ? this.#cameraCell(field, batch) : cellOf(field, arrayIn(batch, field.name))
        return cell ? [[field.name, cell]] : []
      })
    return [...cells(false), ...cells(true)]
  }

  #cameraCell(field: Field, batch: Batch): Cell | undefined {
    const { names } = this.#cameras
    const own = names.flatMap((camera) => {
      const array = arrayIn(batch, field.name, camera)
      const cell = cellOf(field, array)
      return array && cell ? [{ camera, cell, array }] : []
    })
    if (own.length === 0 && names.length > 0) return undefined
    return (at) => {
      const record = Object.create(null) as Values
      for (const { camera, cell, array } of own) if (!isFill(field, array, at)) record[camera] = cell(at)
      return this.#cameras.ordered(record)
    }
  }

  #dropped(batch: Batch, { name }: Field, row: number): string[] {
    return this.#cameras.names.filter((camera) => (arrayIn(batch, name, camera) as Uint8Array | undefined)?.[row] === 1)
  }
}

const valuesAt = (cells: readonly [string, Cell][], at: number): Values =>
  Object.fromEntries(cells.map(([name, cell]) => [name, cell(at)]))

function cellOf(field: Field, array: BatchArray | undefined): Cell | undefined {
  if (!array) return undefined
  const single = singleOf(field)
  if (field.shape.length === 0) {
    return (at) => {
      const value = single(array[at] as Element)
      return typeof value === 'bigint' ? narrow(value) : value
    }
  }
  const width = valuesOf(field)
  return (at) => Array.from({ length: width }, (_, i) => single(array[at * width + i] as Element))
}

type Element = number | bigint | string

function singleOf({ value }: Field): (element: Element) => unknown {
  if (value.kind === 'bool') return (element) => element === 1
  if (value.kind === 'enum') {
    const names = new Map([...value.members].map(([name, number]) => [Number(number), name]))
    return (element) => names.get(Number(element)) ?? element
  }
  return (element) => element
}

/** True if a cell holds only fill values. */
function isFill(field: Field, array: BatchArray, at: number): boolean {
  const width = valuesOf(field)
  const fill = fillNumber(field)
  for (let i = at * width; i < (at + 1) * width; i++) {
    const value = array[i] as Element
    if (typeof value === 'string' ? value !== '' : !Object.is(Number(value), fill)) return false
  }
  return true
}
