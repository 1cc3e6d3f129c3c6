/** Reads a window: some fields and cameras of a range of frames. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { CameraRecords } from '../file/cameras.js'
import { type Column, fieldNames, fields as layout, rowBytes } from '../file/layout.js'
import type { FieldName, ReadMetadata, TrackingWindow } from '../file/types.js'
import type { BlockingSource, ColumnArray, WindowSource } from '../file/window-source.js'

/** The part of a file to read. */
export interface Selection<F extends FieldName> {
  /** First row. */
  start: number
  /** The row after the last. */
  stop: number
  fields: readonly F[]
  records: CameraRecords
}

/** Reads the selected part off the calling thread. */
export async function readWindow<F extends FieldName>(
  source: WindowSource,
  selection: Selection<F>,
): Promise<TrackingWindow<F>> {
  const columns = selectColumns(source, selection)
  return assemble(source, selection, columns, await source.readColumns(columns, selection.start, selection.stop))
}

/** The blocking form of {@link readWindow}. */
export function readWindowSync<F extends FieldName>(
  source: BlockingSource,
  selection: Selection<F>,
): TrackingWindow<F> {
  const columns = selectColumns(source, selection)
  return assemble(source, selection, columns, source.readColumnsSync(columns, selection.start, selection.stop))
}

/** Selects the columns. Throws ERR_LIMIT if the result exceeds the limit of the source. */
function selectColumns(source: WindowSource, { fields, records, start, stop }: Selection<FieldName>): Column[] {
  const wanted = new Set<FieldName>(fields)
  const cameras = new Set<string>(records.names)
  const columns = source.columns.filter(
    ({ field, camera }) => wanted.has(field) && (camera === null || cameras.has(camera)),
  )
  source.checkRoom?.(columns.reduce((sum, column) => sum + rowBytes(column), 0) * (stop - start))
  return columns
}

function assemble<F extends FieldName>(
  source: WindowSource,
  { fields, records }: Selection<F>,
  columns: readonly Column[],
  arrays: readonly ColumnArray[],
): TrackingWindow<F> {
  const metadata = Object.assign(Object.create(null), source.metadata) as ReadMetadata
  const values = byField(fields, columns, arrays, records)
  return { cameraNames: [...records.names], metadata, ...values } as TrackingWindow<F>
}

/** Groups the arrays of columns by field. A field with one column per camera becomes a record. */
export function byField<F extends FieldName>(
  fields: readonly F[],
  columns: readonly Column[],
  arrays: readonly ColumnArray[],
  records: CameraRecords,
): Record<F, ColumnArray | Record<string, ColumnArray>> {
  const entries = fields.map((field) => {
    const own = arrays.filter((_, i) => columns[i]?.field === field)
    return [field, layout[field].perCamera ? records.make((camera) => own[camera]) : own[0]]
  })
  return Object.fromEntries(entries) as Record<F, ColumnArray | Record<string, ColumnArray>>
}

/** Checks the fields that a caller names; all fields by default. Throws ERR_INVALID_ARGUMENT. */
export function checkFields<F extends FieldName>(fields: readonly F[] | undefined): readonly F[] {
  if (fields === undefined) return fieldNames as F[]
  if (!Array.isArray(fields)) throw invalidArgument('fields', fields, 'an array of field names')
  for (const field of fields) {
    if (!Object.hasOwn(layout, field)) throw invalidArgument('fields', field, `names among ${fieldNames.join(', ')}`)
  }
  return fields
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
