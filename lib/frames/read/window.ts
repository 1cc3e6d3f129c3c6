/** Reads a window: some fields and cameras of a range of frames. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { ReadMetadata } from '../../layout/infer.js'
import type { Column, Field, Layout } from '../../layout/model.js'
import { CameraRecords } from '../file/cameras.js'
import type { BlockingSource, ColumnArray, WindowSource } from '../file/window-source.js'
import { type ColumnValues, memoryOf, valuesOf } from './values.js'

/** The columns of a window by field; those of a field with one column per camera by camera. */
export interface Window extends Record<string, unknown> {
  cameraNames: string[]
  metadata: ReadMetadata
}

/** The part of a file to read. */
export interface Selection {
  /** First row. */
  start: number
  /** The row after the last. */
  stop: number
  fields: readonly string[]
  records: CameraRecords
}

/** Reads the selected part off the calling thread. */
export async function readWindow(source: WindowSource, selection: Selection): Promise<Window> {
  const columns = selectColumns(source, selection)
  return assemble(source, selection, columns, await source.readColumns(columns, selection.start, selection.stop))
}

/** The blocking form of {@link readWindow}. */
export function readWindowSync(source: BlockingSource, selection: Selection): Window {
  const columns = selectColumns(source, selection)
  return assemble(source, selection, columns, source.readColumnsSync(columns, selection.start, selection.stop))
}

/** Selects the columns. Throws ERR_LIMIT if the result exceeds the limit of the source. */
function selectColumns(source: WindowSource, { fields, records, start, stop }: Selection): Column[] {
  const wanted = new Set(fields)
  const cameras = new Set<string>(records.names)
  const columns = source.columns.filter(
    ({ field, camera }) => wanted.has(field.name) && (camera === null || cameras.has(camera)),
  )
  source.checkRoom?.(columns.reduce((sum, column) => sum + memoryOf(column), 0) * (stop - start))
  return columns
}

function assemble(
  source: WindowSource,
  { fields, records }: Selection,
  columns: readonly Column[],
  arrays: readonly ColumnArray[],
): Window {
  const metadata = Object.assign(Object.create(null), source.metadata) as ReadMetadata
  const values = byField(fieldsNamed(source.layout, fields), columns, arrays, records)
  return { cameraNames: [...records.names], metadata, ...values }
}

/**
 * Converts the stored arrays of columns and groups them by field. A field with one column per camera becomes a record. Fields without
 * columns, which the file lacks, are left out.
 */
export function byField(
  fields: readonly Field[],
  columns: readonly Column[],
  arrays: readonly ColumnArray[],
  records: CameraRecords,
): Record<string, ColumnValues | Record<string, ColumnValues>> {
  const owned = new Map<Field, ColumnValues[]>()
  for (let i = 0; i < columns.length; i++) {
    const { field } = columns[i] as Column
    const values = valuesOf(field, arrays[i] as ColumnArray)
    const others = owned.get(field)
    if (others) others.push(values)
    else owned.set(field, [values])
  }
  const entries: [string, ColumnValues | Record<string, ColumnValues>][] = []
  for (const field of fields) {
    const own = owned.get(field)
    if (field.perCamera && (own || records.names.length === 0)) {
      entries.push([field.name, records.make((camera) => own?.[camera])])
    } else if (own) entries.push([field.name, own[0] as ColumnValues])
  }
  return Object.fromEntries(entries)
}

/** Checks the fields that a caller names; all fields by default. Throws ERR_INVALID_ARGUMENT. */
export function checkFields(layout: Layout, fields: readonly string[] | undefined): readonly string[] {
  const known = layout.fields.map(({ name }) => name)
  if (fields === undefined) return known
  // A field that this file lacks is left out.
  const { perFrame, fields: ofRecords, perCamera } = layout.spec
  known.push(...Object.keys({ ...perFrame, ...ofRecords, ...perCamera }).filter((name) => !known.includes(name)))
  if (!Array.isArray(fields)) throw invalidArgument('fields', fields, 'an array of field names')
  for (const field of fields) {
    if (!known.includes(field)) throw invalidArgument('fields', field, `names among ${known.join(', ')}`)
  }
  return fields
}

function fieldsNamed({ fields }: Layout, names: readonly string[]): Field[] {
  return names.flatMap((name) => fields.find((field) => field.name === name) ?? [])
}

/** Checks the cameras that a caller names and returns them in the order of the file. Throws ERR_UNKNOWN_CAMERA. */
export function checkCameras({ path, cameraNames }: WindowSource, cameras: readonly string[]): CameraRecords {
  if (!Array.isArray(cameras)) throw invalidArgument('cameras', cameras, 'an array of camera names')
  for (const camera of cameras) {
    if (cameraNames.includes(camera)) continue
    throw new H5TracksError(`${path} has no camera ${show(camera)}; it has ${show(cameraNames)}`, {
      code: 'ERR_UNKNOWN_CAMERA',
      path,
      camera: String(camera),
      field: 'cameras',
    })
  }
  return new CameraRecords(cameraNames.filter((name) => cameras.includes(name)))
}
