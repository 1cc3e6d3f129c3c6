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

/** What to read of each row: fields and cameras. */
export interface Choice {
  readonly columns: readonly Column[]
  readonly records: CameraRecords
  readonly groups: readonly ColumnGroup[]
  /** The bytes that the values of a row take in memory while they are read. */
  readonly rowMemory: number
}

/** The columns of a field. */
interface ColumnGroup {
  readonly field: Field
  /** The places among all columns of those of the field; in the order of the cameras if it has one column per camera. */
  readonly places: readonly number[]
}

/** The part of a file to read. */
export interface Selection {
  /** First row. */
  readonly start: number
  /** The row after the last. */
  readonly stop: number
  readonly choice: Choice
}

/** Chooses the columns of these fields and cameras. */
export function choose(source: WindowSource, fields: readonly string[], records: CameraRecords): Choice {
  const wanted = new Set(fields)
  const cameras = new Set<string>(records.names)
  const columns = source.columns.filter(
    ({ field, camera }) => wanted.has(field.name) && (camera === null || cameras.has(camera)),
  )
  const rowMemory = columns.reduce((sum, column) => sum + memoryOf(column), 0)
  return { columns, records, rowMemory, groups: groupsOf(fieldsNamed(source.layout, fields), columns, records) }
}

/** Reads the selected part off the calling thread. Rejects with ERR_LIMIT if the result exceeds the limit of the source. */
export async function readWindow(source: WindowSource, { choice, start, stop }: Selection): Promise<Window> {
  source.checkRoom?.(choice.rowMemory * (stop - start))
  return assemble(source, choice, await source.readColumns(choice.columns, start, stop))
}

/** The blocking form of {@link readWindow}. */
export function readWindowSync(source: BlockingSource, { choice, start, stop }: Selection): Window {
  source.checkRoom?.(choice.rowMemory * (stop - start))
  return assemble(source, choice, source.readColumnsSync(choice.columns, start, stop))
}

function assemble(source: WindowSource, { records, groups }: Choice, arrays: readonly ColumnArray[]): Window {
  const metadata = Object.assign(Object.create(null), source.metadata) as ReadMetadata
  return addValues({ cameraNames: [...records.names], metadata }, groups, arrays, records)
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
  return addValues({}, groupsOf(fields, columns, records), arrays, records)
}

function groupsOf(fields: readonly Field[], columns: readonly Column[], records: CameraRecords): ColumnGroup[] {
  const owned = new Map<Field, number[]>(fields.map((field) => [field, []]))
  for (const [place, { field }] of columns.entries()) owned.get(field)?.push(place)
  const groups = fields.map((field) => ({ field, places: owned.get(field) as number[] }))
  return groups.filter(({ field, places }) => places.length > 0 || (field.perCamera && records.names.length === 0))
}

function addValues<T extends object>(
  window: T,
  groups: readonly ColumnGroup[],
  arrays: readonly ColumnArray[],
  records: CameraRecords,
): T & Record<string, ColumnValues | Record<string, ColumnValues>> {
  const values = window as Record<string, unknown>
  for (const { field, places } of groups) {
    const at = (i: number) => valuesOf(field, arrays[places[i] as number] as ColumnArray)
    values[field.name] = field.perCamera
      ? records.make((camera) => (camera < places.length ? at(camera) : undefined))
      : at(0)
  }
  return values as T & Record<string, ColumnValues | Record<string, ColumnValues>>
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
