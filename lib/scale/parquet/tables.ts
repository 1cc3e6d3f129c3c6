/** The Parquet tables of a layout: records, what cameras saw of them, and frames. */
import { H5TracksError } from '../../base/errors.js'
import { nameOf } from '../../frames/file/choose.js'
import type { FrameFile } from '../../frames/file/open.js'
import { type CellForm, cellForm } from '../../frames/read/cells.js'
import type { Field, Layout } from '../../layout/model.js'
import { isTracking } from '../../layouts/tracking.js'
import type { TypedArray } from '../../native/element-types.js'
import { type ColumnData, isNullable, parquetType, presenceOf, type TableRows, takeValues } from './values.js'

/** A window of a file: the stored values of its columns. */
export interface Window {
  readonly frames: number
  readonly arrays: readonly TypedArray[]
}

/** A column of a table. */
export interface TableColumn {
  readonly name: string
  readonly type: string
  readonly converted_type?: string
  readonly nullable: boolean
  /** Readers look for rows by this column: it has statistics. */
  readonly key?: boolean
  read(window: Window, rows: TableRows): ColumnData
}

/** A table. */
export interface Table {
  readonly name: string
  readonly columns: readonly TableColumn[]
  rows(window: Window): TableRows
}

/** More columns than this are refused: readers open a table of thousands slowly. */
const mostColumns = 2000

/** What the tables and columns of tracking files are called. */
const ofTracking = {
  tables: { records: 'tracks', cameras: 'detections', frames: 'frames' },
  columns: new Map([
    ['centroid_3d', ['x', 'y', 'z']],
    ['camera_assignments', ['detection']],
    ['bboxes', ['x', 'y', 'width', 'height']],
  ]),
}

/** The tables of the layout of a file. */
export function tablesOf(source: FrameFile): Table[] {
  const { layout, cameraNames, columns: all, slots } = source
  const tracking = isTracking(layout)
  const base = nameOf(layout.root).replaceAll('/', '_')
  const names = tracking ? ofTracking.tables : { records: base, cameras: `${base}_cameras`, frames: `${base}_frames` }
  const forms = all.map(cellForm)
  const placesOf = (field: Field) => all.flatMap((column, at) => (column.field === field ? [at] : []))
  const indexAt = placesOf(layout.index)[0] as number
  const keyAt = layout.key ? (placesOf(layout.key)[0] as number) : null
  const frame = keyColumn('frame', (window, { count, frames }) => {
    const indices = window.arrays[indexAt] as BigInt64Array
    const values = new BigInt64Array(count)
    for (let row = 0; row < count; row++) values[row] = indices[frames[row] as number] as bigint
    return { values, absent: null }
  })
  const fieldColumns = (fields: readonly Field[], byCamera: boolean) =>
    fields.flatMap((field) => columnsOfField(layout, field, placesOf(field), forms, byCamera, tracking))
  const own = (wanted: (field: Field) => boolean) =>
    layout.fields.filter((field) => wanted(field) && field !== layout.index && field !== layout.drops)
  const cells = (window: Window) => presentCells(window, keyAt, slots)

  const records: Table = {
    name: names.records,
    columns: distinct([
      frame,
      ...fieldColumns(
        own((field) => !field.perCamera && (layout.key === null || !field.perFrame)),
        false,
      ),
      ...(layout.key ? [] : dropColumns(layout, cameraNames, placesOf, forms)),
    ]),
    rows: cells,
  }
  const tables = [records]
  const seen = own((field) => field.perCamera)
  if (seen.length > 0 && cameraNames.length > 0) {
    const camera = textColumn('camera', (_, { cameras }) => ({
      values: Array.from(cameras ?? [], (at) => cameraNames[at] as string),
      absent: null,
    }))
    tables.push({
      name: names.cameras,
      columns: distinct([
        frame,
        ...(layout.key ? fieldColumns([layout.key], false) : []),
        camera,
        ...fieldColumns(seen, true),
      ]),
      rows: (window) => seenCells(window, cells(window), seen.map(placesOf), forms),
    })
  }
  if (layout.key) {
    const count = numberColumn(tracking ? 'fish' : 'records', 'INT32', (window, { count }) => ({
      values: countsOf(window, keyAt, slots, count),
      absent: null,
    }))
    tables.push({
      name: names.frames,
      columns: distinct([
        frame,
        count,
        ...fieldColumns(
          own((field) => field.perFrame && !field.perCamera),
          false,
        ),
        ...dropColumns(layout, cameraNames, placesOf, forms),
      ]),
      rows: ({ frames }) => everyRow(frames),
    })
  }
  for (const { name, columns } of tables) refuseTooWide(name, columns.length)
  return tables
}

/** A column for each value of a field: `<dataset>_<label>`, or `<dataset>` for a single value. */
function columnsOfField(
  layout: Layout,
  field: Field,
  places: readonly number[],
  forms: readonly CellForm[],
  byCamera: boolean,
  tracking: boolean,
): TableColumn[] {
  const form = forms[places[0] ?? -1]
  if (form === undefined) return []
  const names = (tracking && ofTracking.columns.get(field.dataset)) || namesOf(layout, field)
  return names.map((name, i): TableColumn => {
    const at = i * form.elements
    return {
      name,
      ...parquetType(form),
      nullable: byCamera || isNullable(form),
      key: field === layout.key,
      read: ({ arrays }, rows) =>
        takeValues(
          form,
          places.map((place) => arrays[place] as TypedArray),
          byCamera ? rows : { ...rows, cameras: null },
          at,
          byCamera,
        ),
    }
  })
}

function namesOf({ axes }: Layout, { dataset, shape, axes: axisNames }: Field): string[] {
  return shape.reduce<string[]>(
    (names, length, axis) => {
      const labels = axes.get(axisNames[axis] ?? '')
      return names.flatMap((name) => Array.from({ length }, (_, i) => `${name}_${labels?.[i] ?? i}`))
    },
    [dataset],
  )
}

/** For each camera, whether it dropped the frame. */
function dropColumns(
  { drops }: Layout,
  cameraNames: readonly string[],
  placesOf: (field: Field) => number[],
  forms: readonly CellForm[],
): TableColumn[] {
  if (!drops) return []
  return placesOf(drops).map((place, camera): TableColumn => {
    const form = forms[place] as CellForm
    return {
      name: `${drops.dataset.replace(/^camera_/, '')}_${cameraNames[camera]}`,
      ...parquetType(form),
      nullable: false,
      read: ({ arrays }, rows) => takeValues(form, [arrays[place] as TypedArray], rows, 0, false),
    }
  })
}

const keyColumn = (name: string, read: TableColumn['read']): TableColumn => ({
  ...numberColumn(name, 'INT64', read),
  key: true,
})

const numberColumn = (name: string, type: string, read: TableColumn['read']): TableColumn => ({
  name,
  type,
  nullable: false,
  read,
})
const textColumn = (name: string, read: TableColumn['read']): TableColumn => ({
  ...numberColumn(name, 'BYTE_ARRAY', read),
  converted_type: 'UTF8',
})

/** The cells with a record; every frame, if a frame is one record. */
function presentCells(window: Window, keyAt: number | null, slots: number): TableRows {
  if (keyAt === null) return everyRow(window.frames)
  const keys = window.arrays[keyAt] as Int32Array
  const cells = new Int32Array(window.frames * slots)
  const frames = new Int32Array(cells.length)
  let count = 0
  for (let cell = 0; cell < cells.length; cell++) {
    if (keys[cell] === -1) continue
    cells[count] = cell
    frames[count++] = Math.floor(cell / slots)
  }
  return { count, cells: cells.subarray(0, count), frames: frames.subarray(0, count), cameras: null }
}

function everyRow(count: number): TableRows {
  const rows = Int32Array.from({ length: count }, (_, row) => row)
  return { count, cells: rows, frames: rows, cameras: null }
}

/** Of those cells, each camera's that hold another value than fill values. */
function seenCells(window: Window, all: TableRows, fields: readonly number[][], forms: readonly CellForm[]): TableRows {
  const cameras = fields[0]?.length ?? 0
  const most = all.count * cameras
  const [cells, frames, at] = [new Int32Array(most), new Int32Array(most), new Uint16Array(most)]
  const tests = fields.map((places) => {
    return presenceOf(
      forms[places[0] as number] as CellForm,
      places.map((place) => window.arrays[place] as TypedArray),
    )
  })
  let count = 0
  for (let row = 0; row < all.count; row++) {
    const cell = all.cells[row] as number
    for (let camera = 0; camera < cameras; camera++) {
      if (!tests.some((isPresent) => isPresent(camera, cell))) continue
      cells[count] = cell
      frames[count] = all.frames[row] as number
      at[count++] = camera
    }
  }
  return { count, cells: cells.subarray(0, count), frames: frames.subarray(0, count), cameras: at.subarray(0, count) }
}

function countsOf(window: Window, keyAt: number | null, slots: number, count: number): Int32Array {
  const keys = window.arrays[keyAt ?? -1] as Int32Array
  const counts = new Int32Array(count)
  for (let cell = 0; cell < count * slots; cell++) {
    if (keys[cell] !== -1) counts[Math.floor(cell / slots)] = (counts[Math.floor(cell / slots)] as number) + 1
  }
  return counts
}

/** Columns with names of their own: a field that is called like one before gets an underscore. */
function distinct(columns: readonly TableColumn[]): TableColumn[] {
  const names = new Set<string>(['recording'])
  return columns.map((column) => {
    let { name } = column
    while (names.has(name)) name += '_'
    names.add(name)
    return { ...column, name }
  })
}

function refuseTooWide(name: string, columns: number): void {
  if (columns <= mostColumns) return
  throw new H5TracksError(
    `the table ${name} would have ${columns} columns, one for each value of a record; at most ${mostColumns} are written. ` +
      'Use writeReferences, which keeps arrays as they are',
    { code: 'ERR_UNSUPPORTED' },
  )
}
