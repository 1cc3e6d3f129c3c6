import { existsSync, rmSync } from 'node:fs'
import { H5TracksError, show } from '../../base/errors.js'
import type { DatasetSpec } from '../../hdf5/objects/creation.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { bytesOf } from '../../hdf5/objects/elements.js'
import { File } from '../../hdf5/objects/file.js'
import { type BlockColumn, type NativeBlockWriter, native } from '../../native/native.js'
import { needsRecovery } from '../file/journal.js'
import { type Column, cameraGroups, columnsOf, defaultFilters, fields, root, rowBytes } from '../file/layout.js'
import { encodeMetadata, isLarge } from '../file/metadata.js'
import type { CheckedOptions, WritingOptions } from './options.js'

const chunkLimit = 2 ** 32
// What the blocks of one writer take together, unless the caller says how many there are.
const defaultMemory = 64 * 2 ** 20
const defaultInFlight = 7

/** A file that is being written. */
export interface OpenForWriting {
  /** The file, as it was named. */
  path: string
  options: CheckedOptions
  cameraNames: readonly string[]
  maxFish: number
  chunkFrames: number
  columns: readonly Column[]
  blocks: NativeBlockWriter
  /** Frames that the file holds already, and the index of the last. */
  frames: number
  lastIndex: number | bigint | null
  /** Boxes that it says lost fractions. */
  boxesTruncated: number
}

/** A new tracking file, with what writes blocks of its columns. All is checked before the disk is touched. */
export function createTrackingFile(
  path: string,
  cameraNames: readonly string[],
  options: CheckedOptions,
): OpenForWriting {
  const { chunkFrames, maxFish } = options
  const columns = columnsOf(cameraNames, maxFish)
  const attributes = encodeMetadata(cameraNames, options.metadata)
  checkChunks(columns, chunkFrames, path)
  refuseJournalBefore(path, options)
  const { file, made } = openNew(path, options)
  try {
    // Other groups are of the oldest format, whose attributes are smaller.
    const trackOrder = attributes.some(([, value]) => isLarge(value))
    file.createGroupSync(root, { trackOrder }).close()
    for (const group of cameraGroups) file.createGroupSync(group).close()
    using owner = file.groupSync(root)
    for (const [name, { data, ...form }] of attributes) owner.attributes.setSync(name, data, form)
    const datasets = columns.map((column) => createColumn(file, column, options))
    const filters = filtersOf(options)
    const blocks = blockWriter(
      file,
      columns.map((column) => ({ ...blockColumn(column), ...filters })),
      options,
      0,
    )
    // Only now: what is open HDF5 need not read again.
    for (const dataset of datasets) dataset.close()
    const empty = { frames: 0, lastIndex: null, boxesTruncated: 0 }
    return { path, options, cameraNames, maxFish, chunkFrames, columns, blocks, ...empty }
  } catch (error) {
    giveUp(path, file, made)
    throw error
  }
}

// The error that led here is the one to tell, whatever comes after it.
function giveUp(path: string, file: File, made: boolean): void {
  try {
    // Before another one can get hold of it.
    if (made) rmSync(path, { force: true })
  } catch {}
  try {
    file.closeSync()
  } catch {}
}

// Opening refuses too; here the remedy is known.
function refuseJournalBefore(path: string, { discardJournal }: CheckedOptions): void {
  if (discardJournal || native.journalState(path) !== 'left') return
  throw needsRecovery(path, '; discardJournal: true gives them up')
}

/** `made`: the name is new, and goes with the file where that cannot be used. */
function openNew(path: string, { overwrite, discardJournal }: CheckedOptions): { file: File; made: boolean } {
  const how = { ignoreJournal: discardJournal }
  if (overwrite && existsSync(path)) return { file: openBeside(path, how), made: false }
  try {
    return { file: new File(path, 'x', how), made: true }
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'EEXIST') throw error
    // Somebody was quicker, or it is a link that points to nothing yet.
    if (overwrite) return { file: existsSync(path) ? openBeside(path, how) : new File(path, 'w', how), made: false }
    throw new H5TracksError(`${path} exists already; overwrite: true replaces it`, { ...error, path })
  }
}

/** A new file that takes the name when its run has begun. */
function openBeside(path: string, how: { ignoreJournal: boolean }): File {
  return new File({ filename: path, native: native.openFileSync(path, 'replace', how) }, 'w', how)
}

function checkChunks(columns: readonly Column[], chunkFrames: number, path: string): void {
  for (const column of columns) {
    const bytes = rowBytes(column) * chunkFrames
    if (bytes >= chunkLimit) {
      throw new H5TracksError(
        `a chunk of ${show(column.path)}, ${chunkFrames} frames (chunkFrames) of ${rowBytes(column)} bytes, takes ` +
          `${bytes} bytes; a chunk must be smaller than ${chunkLimit} bytes`,
        { code: 'ERR_TOO_LARGE', path },
      )
    }
  }
}

/** How chunks of a column are encoded. */
export interface Filters {
  deflate: number | null
  fast: boolean
  shuffle: boolean
}

function filtersOf({ compression }: CheckedOptions): Filters {
  const { level = defaultFilters.level, shuffle = defaultFilters.shuffle } = compression
  // Who names a level means a general encoder's.
  return { deflate: level, fast: compression.level === undefined, shuffle }
}

function createColumn(file: File, column: Column, options: CheckedOptions): Dataset {
  const { deflate, shuffle } = filtersOf(options)
  const spec: DatasetSpec = {
    type: column.type,
    shape: [0, ...column.rowShape],
    maxShape: [null, ...column.rowShape],
    chunks: [options.chunkFrames, ...column.rowShape],
    fill: column.fill,
    // As h5py does, so that a file of ours shows no difference under h5dump.
    fillTime: 'alloc',
    filters: [...(shuffle ? ['shuffle' as const] : []), ...(deflate === null ? [] : [{ deflate }])],
  }
  return file.createDatasetSync(column.path, spec)
}

/** A column as native code has it, but for its filters. */
export function blockColumn({ path, type, rowShape, fill, field }: Column): Omit<BlockColumn, keyof Filters> {
  const { range = null, perFrame = false } = fields[field]
  return { path, type, rowShape, fill, range, perCell: !perFrame }
}

/** What writes blocks of `chunkFrames` frames into a file that holds `frames` already. */
export function blockWriter(
  file: File,
  columns: BlockColumn[],
  options: WritingOptions & { chunkFrames: number },
  frames: number,
): NativeBlockWriter {
  const { chunkFrames, threads, durability, syncInterval, discardJournal, newFile = true } = options
  const bytes = columns.reduce((sum, { type, rowShape }) => sum + bytesOf(type) * product(rowShape), 0) * chunkFrames
  const fitting = Math.floor(defaultMemory / bytes) - 1
  const inFlight = options.blocksInFlight ?? Math.min(Math.max(fitting, 1), defaultInFlight)
  const tail = frames % chunkFrames
  return new native.BlockWriter(file.native, {
    columns,
    keys: columns.findIndex(({ path }) => path === `${root}/${fields.fishId.name}`),
    rows: chunkFrames,
    blocks: inFlight + 1,
    base: frames - tail,
    tail,
    threads,
    durability,
    syncInterval,
    newFile,
    discardJournal,
    marked: root,
  })
}

const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1)
