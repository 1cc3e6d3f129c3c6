/** Opens a tracking file and checks its layout. */
import { H5TracksError, show } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { DatasetInfo } from '../../hdf5/objects/dataset-info.js'
import { canHold } from '../../hdf5/objects/dataset-io.js'
import { File } from '../../hdf5/objects/file.js'
import { elementOf, sizeOf } from '../../hdf5/values/type-spec.js'
import { native } from '../../native/native.js'
import { refuseJournal } from './journal.js'
import { type Column, columnsOf, fields, root, rowBytes } from './layout.js'
import { readCameraNames, readMetadata } from './metadata.js'
import { columnReading, type OpenColumn } from './open-columns.js'
import { explainDamage, explained, type LossOptions, notClosed, wasClosed } from './unclosed.js'
import { wholeRows } from './whole-rows.js'
import type { BlockingSource } from './window-source.js'

/** A tracking file that is open for reading and whose layout was checked. */
export interface TrackingFile extends BlockingSource {
  file: File
  columns: readonly OpenColumn[]
  /** Number of reliable rows; present if the file was not closed. */
  frames?: number
}

/** Opens a tracking file. ERR_FORMAT names the invalid dataset, what was expected and what was found. */
export function openTrackingFile(path: string | URL, options: LossOptions = {}): TrackingFile {
  const file = openReadable(path, options)
  try {
    return verify(file, options)
  } catch (error) {
    file.closeSync()
    throw error
  }
}

// A file whose writer died may lack frames, or have rows that were never written. The process of the writer may read its own file.
function openReadable(path: string | URL, options: LossOptions): File {
  try {
    return openUnwritten(path, options)
  } catch (error) {
    throw error instanceof H5TracksError ? explainDamage(toPath(path), namingFollow(toPath(path), error)) : error
  }
}

function openUnwritten(path: string | URL, { acceptLoss = false }: LossOptions): File {
  const file = new File(path, 'r', { acceptLoss })
  try {
    if (!file.native.writtenHere) refuseJournal(file.filename)
    return file
  } catch (error) {
    file.closeSync()
    throw error
  }
}

/** Adds to the error of a locked file that it can be followed while it is written. */
export function namingFollow(path: string, error: H5TracksError): H5TracksError {
  if (error.code !== 'ERR_LOCKED' || native.journalState(path) !== 'in use') return error
  const way = 'use TrackingReader.follow or h5tracks tail -f to read it while it is written'
  return new H5TracksError(`${error.message}; ${way}`, { ...error, path })
}

/** Checks that an open file has the layout of a tracking file, and that it was closed, unless losses are accepted. */
export function verify(file: File, { acceptLoss = false }: LossOptions = {}): TrackingFile {
  const tracking = explained(file, () => layOut(file))
  // While a writer of this process has the file open, it is not marked as closed.
  const closed = file.native.writtenHere || wasClosed(file) !== false
  if (!closed && !acceptLoss) throw notClosed(file)
  if (closed) checkLengths(tracking)
  const whole = closed
    ? tracking
    : { ...tracking, closedCleanly: false, frames: wholeRows(tracking, lengthsOf(tracking)) }
  checkSize(whole)
  return whole
}

/** Opens the datasets of a tracking file and checks them, except for their lengths. Throws ERR_FORMAT. */
export function layOut(file: File): TrackingFile {
  const kind = file.kindSync(root)
  if (kind !== 'group') throw formatError(file, root, 'a group', found(kind))
  const cameraNames = readCameraNames(file)
  const fishPath = `${root}/${fields.fishId.name}`
  const fish = openDataset(file, fishPath).detailsSync()
  const maxFish = fish.shape?.[1]
  if (fish.shape?.length !== 2 || maxFish === undefined) {
    throw formatError(file, fishPath, 'a shape of (N, S)', describeShape(fish.shape))
  }
  const columns = columnsOf(cameraNames, maxFish).map((column) => {
    const dataset = openDataset(file, column.path)
    checkColumn(file, column, dataset.detailsSync())
    return { ...column, dataset }
  })
  const chunkFrames = fish.chunks?.[0] ?? Math.max(fish.shape[0] ?? 0, 1)
  const metadata = readMetadata(file)
  return {
    file,
    path: file.filename,
    cameraNames,
    metadata,
    maxFish,
    chunkFrames,
    closedCleanly: true,
    columns,
    ...columnReading(false),
  }
}

function openDataset(file: File, path: string): Dataset {
  const kind = file.kindSync(path)
  if (kind !== 'dataset') throw formatError(file, path, 'a dataset', found(kind))
  return file.datasetSync(path)
}

function checkColumn(file: File, column: Column, { type, shape, layout, external }: DatasetInfo): void {
  if (layout === 'virtual' || external.length > 0) {
    const how = layout === 'virtual' ? 'a virtual dataset' : 'external raw storage'
    throw formatError(file, column.path, 'values in the file', `values in other files, which are not opened (${how})`)
  }
  const element = elementOf(type)
  if (element !== column.type) {
    const is = element ?? `${type.class} of ${sizeOf(type)} bytes`
    throw formatError(file, column.path, column.type, is)
  }
  const [, ...row] = shape ?? []
  if (shape === null || shape.length === 0 || String(row) !== String(column.rowShape)) {
    throw formatError(file, column.path, `a shape of (${['N', ...column.rowShape].join(', ')})`, describeShape(shape))
  }
}

function checkLengths(tracking: TrackingFile): void {
  const { file, columns } = tracking
  const lengths = lengthsOf(tracking)
  const odd = lengths.findIndex((length) => length !== lengths[0])
  if (odd === -1) return
  const { path } = columns[odd] as OpenColumn
  throw formatError(
    file,
    path,
    `${lengths[0]} rows, as ${columns[0]?.path} has`,
    `${lengths[odd]}; run h5tracks check for details`,
  )
}

/** The present number of frames in the file, to which a writer in this process may add. */
export function lengthOf({ columns, frames }: TrackingFile): number {
  return frames ?? columns[0]?.dataset.shapeSync()?.[0] ?? 0
}

/**
 * The number of rows of each dataset. A writer in this process extends all datasets at once, but may do so while this function asks
 * for their lengths. So different lengths count only if they are the same when asked for again.
 */
export function lengthsOf({ columns }: TrackingFile): number[] {
  let before = ''
  for (;;) {
    const lengths = columns.map(({ dataset }) => dataset.shapeSync()?.[0] ?? 0)
    if (String(lengths) === before || lengths.every((length) => length === lengths[0])) return lengths
    before = String(lengths)
  }
}

// Without this check, reading the fill values of a small file that claims many frames could take years.
function checkSize(tracking: TrackingFile): void {
  const { file, columns } = tracking
  const frames = lengthOf(tracking)
  const bytes = frames * columns.reduce((sum, column) => sum + rowBytes(column), 0)
  const size = file.byteSizeSync()
  if (canHold(size, bytes)) return
  throw new H5TracksError(
    `${file.filename} claims ${frames} frames, ${bytes} bytes; a file of ${size} bytes cannot hold them`,
    { code: 'ERR_TOO_LARGE', path: file.filename },
  )
}

function found(kind: string | null): string {
  if (kind === null) return 'nothing of that name'
  return kind === 'external link' ? 'a link into another file, which is not followed' : `a ${kind}`
}

function describeShape(shape: readonly number[] | null): string {
  return shape === null ? 'a null dataspace' : `(${shape.join(', ')})`
}

function formatError(file: File, path: string, expected: string, is: string): H5TracksError {
  return new H5TracksError(
    `${file.filename} is not a tracking file: ${show(path)}: expected ${expected}; found ${is}`,
    {
      code: 'ERR_FORMAT',
      path: file.filename,
    },
  )
}
