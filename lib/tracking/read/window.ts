import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { readRows, readRowsSync } from '../../hdf5/objects/elements.js'
import type { NdArray } from '../../hdf5/values/types.js'
import { CameraRecords } from '../file/cameras.js'
import { type Column, fieldNames, fields as layout, rowBytes } from '../file/layout.js'
import type { OpenColumn, TrackingFile } from '../file/open.js'
import type { FieldName, ReadMetadata, TrackingWindow } from '../file/types.js'

/** The part of a file that is wanted. */
export interface Selection<F extends FieldName> {
  /** First row. */
  start: number
  /** The row after the last. */
  stop: number
  fields: readonly F[]
  records: CameraRecords
}

/** Where windows come from: a file that is open here, or a process that has it open. */
export interface WindowSource {
  /** The file, as it was named. */
  readonly path: string
  readonly cameraNames: readonly string[]
  readonly metadata: ReadMetadata
  readonly maxFish: number
  readonly chunkFrames: number
  /** False: see `acceptLoss`. */
  readonly closedCleanly: boolean
  readonly columns: readonly Column[]
  /** Rows `start` to `stop` of some of the columns. */
  readColumns(columns: readonly Column[], start: number, stop: number): Promise<AnyArray[]>
  /** Throws where results of so many bytes are not wanted. */
  checkRoom?(bytes: number): void
}

// Rows that were never written must not read as frames without fish.
const stored = { storedOnly: true }

export type AnyArray = NdArray<BigInt64Array | Int32Array | Float32Array | Uint8Array>

/** Reads the selected part, off the calling thread. */
export async function readWindow<F extends FieldName>(
  source: WindowSource,
  selection: Selection<F>,
): Promise<TrackingWindow<F>> {
  const columns = selectColumns(source, selection)
  source.checkRoom?.(columns.reduce((sum, column) => sum + rowBytes(column), 0) * (selection.stop - selection.start))
  return assemble(source, selection, columns, await source.readColumns(columns, selection.start, selection.stop))
}

/** As {@link readWindow}, on the calling thread. */
export function readWindowSync<F extends FieldName>(
  tracking: TrackingFile,
  selection: Selection<F>,
  ownMemory = false,
): TrackingWindow<F> {
  const columns = selectColumns(tracking, selection)
  const arrays = readRowsSync(columns, selection.start, selection.stop, { ...stored, ownMemory })
  return assemble(tracking, selection, columns, arrays as AnyArray[])
}

/** Rows of columns that are open here: `readColumns` of a file's source. */
export async function readOpenColumns(
  columns: readonly OpenColumn[],
  start: number,
  stop: number,
  ownMemory = false,
): Promise<AnyArray[]> {
  return (await readRows(columns, start, stop, { ...stored, ownMemory })) as AnyArray[]
}

function selectColumns<C extends Column>(
  { columns }: { columns: readonly C[] },
  { fields, records }: Selection<FieldName>,
): C[] {
  const wanted = new Set<FieldName>(fields)
  const cameras = new Set<string>(records.names)
  return columns.filter(({ field, camera }) => wanted.has(field) && (camera === null || cameras.has(camera)))
}

function assemble<F extends FieldName>(
  source: WindowSource,
  { fields, records }: Selection<F>,
  columns: readonly Column[],
  arrays: readonly AnyArray[],
): TrackingWindow<F> {
  const metadata = Object.assign(Object.create(null), source.metadata) as ReadMetadata
  const values = byField(fields, columns, arrays, records)
  return { cameraNames: [...records.names], metadata, ...values } as TrackingWindow<F>
}

/** The arrays of columns by field, those of a field per camera as a record. */
export function byField<F extends FieldName>(
  fields: readonly F[],
  columns: readonly Column[],
  arrays: readonly AnyArray[],
  records: CameraRecords,
): Record<F, AnyArray | Record<string, AnyArray>> {
  const entries = fields.map((field) => {
    const own = arrays.filter((_, i) => columns[i]?.field === field)
    return [field, layout[field].perCamera ? records.make((camera) => own[camera]) : own[0]]
  })
  return Object.fromEntries(entries) as Record<F, AnyArray | Record<string, AnyArray>>
}

/** Fields as a caller names them, checked; without any, all. */
export function checkFields<F extends FieldName>(fields: readonly F[] | undefined): readonly F[] {
  if (fields === undefined) return fieldNames as F[]
  if (!Array.isArray(fields)) throw invalidArgument('fields', fields, 'an array of field names')
  for (const field of fields) {
    if (!Object.hasOwn(layout, field)) throw invalidArgument('fields', field, `of ${fieldNames.join(', ')}`)
  }
  return fields
}

/** The cameras that a caller names, in the file's order; ERR_UNKNOWN_CAMERA for one that the file has not. */
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
