/** Creates a file of a layout and the block writer for its columns. */
import { existsSync, rmSync } from 'node:fs'
import { H5TracksError, show } from '../../base/errors.js'
import type { DatasetSpec } from '../../hdf5/objects/creation.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { bytesOf } from '../../hdf5/objects/elements.js'
import { File } from '../../hdf5/objects/file.js'
import { fromHalfBits } from '../../layout/half.js'
import { type Column, cameraGroups, columnsOf, type Field, type Layout, rowBytes } from '../../layout/model.js'
import { type BlockColumn, type NativeBlockWriter, native } from '../../native/native.js'
import { describeLayout } from '../file/describe.js'
import { needsRecovery } from '../file/journal.js'
import { markedBy } from '../file/marks.js'
import { encodeMetadata, isLarge } from '../file/metadata.js'
import { typeOf } from '../file/stored-type.js'
import type { CheckedOptions, WritingOptions } from './options.js'

const chunkLimit = 2 ** 32
// Bytes that the blocks of a writer take together, unless the caller chooses their number.
const defaultMemory = 64 * 2 ** 20
const defaultInFlight = 7

/** The default filters of all datasets. The level is only declared in the file: our own encoder has no levels. */
const defaultFilters = { level: 1, shuffle: true } as const

/** What a new file holds. */
export interface Contents {
  layout: Layout
  cameraNames: readonly string[]
  /** Number of slots for records in a frame. */
  slots: number
}

/** A file that is open for writing. */
export interface OpenForWriting extends Contents {
  /** The path of the file as it was given. */
  path: string
  options: CheckedOptions
  chunkFrames: number
  columns: readonly Column[]
  blocks: NativeBlockWriter
  /** Number of frames that the file already holds. */
  frames: number
  /** Index of the last of these frames; null if there are none. */
  lastIndex: number | bigint | null
  /** Number of values that lost a fraction, as recorded in the file. */
  tally: number
}

/** Creates a file and its block writer. All arguments are checked before the disk is touched. */
export function createFile(path: string, contents: Contents, options: CheckedOptions): OpenForWriting {
  const { layout, cameraNames, slots } = contents
  const { chunkFrames } = options
  const columns = columnsOf(layout, cameraNames, slots)
  const attributes = encodeMetadata(layout, cameraNames, options.metadata)
  checkChunks(columns, chunkFrames, path)
  refuseJournalBefore(path, options)
  const { file, made } = openNew(path, options)
  try {
    // Tracking the order gives the group a newer format, which can hold large attributes.
    const trackOrder = attributes.some(([, value]) => isLarge(value))
    file.createGroupSync(layout.root, { trackOrder }).close()
    for (const group of cameraGroups(layout)) file.createGroupSync(group).close()
    using owner = file.groupSync(layout.root)
    for (const [name, { data, ...form }] of attributes) owner.attributes.setSync(name, data, form)
    const datasets = columns.map((column) => createColumn(file, column, options))
    describeLayout(file, layout, columns, datasets)
    const blocks = blockWriter(
      file,
      layout,
      columns.map((column) => ({ ...blockColumn(column), ...filtersOf(column, options) })),
      options,
      0,
    )
    // Closed only now, so that HDF5 need not read the open datasets again.
    for (const dataset of datasets) dataset.close()
    return { ...contents, path, options, chunkFrames, columns, blocks, frames: 0, lastIndex: null, tally: 0 }
  } catch (error) {
    giveUp(path, file, made)
    throw error
  }
}

// Errors are ignored here: the caller throws the error that led here.
function giveUp(path: string, file: File, made: boolean): void {
  try {
    // Before the file is closed, so that no other process can open it first.
    if (made) rmSync(path, { force: true })
  } catch {}
  try {
    file.closeSync()
  } catch {}
}

// Opening the file refuses as well, but here the message can name the option.
function refuseJournalBefore(path: string, { discardJournal }: CheckedOptions): void {
  if (discardJournal || native.journalState(path) !== 'left') return
  throw needsRecovery(path, ', or pass discardJournal: true to give them up')
}

/** Creates the file. `made`: it did not exist, so it is deleted if it cannot be used. */
function openNew(path: string, { overwrite, discardJournal }: CheckedOptions): { file: File; made: boolean } {
  const how = { ignoreJournal: discardJournal }
  if (overwrite && existsSync(path)) return { file: openBeside(path, how), made: false }
  try {
    return { file: new File(path, 'x', how), made: true }
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'EEXIST') throw error
    // Another process created the file meanwhile, or the path is a dangling symbolic link.
    if (overwrite) return { file: existsSync(path) ? openBeside(path, how) : new File(path, 'w', how), made: false }
    throw new H5TracksError(`${path} exists already; overwrite: true replaces it`, { ...error, path })
  }
}

/** Creates a file that replaces the existing one when its run begins. */
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

/** The filters of a column: zlib level (null for no deflate), our own encoder, and shuffle. */
export interface Filters {
  deflate: number | null
  fast: boolean
  shuffle: boolean
}

function filtersOf({ type }: Column, { compression }: CheckedOptions): Filters {
  const { level = defaultFilters.level, shuffle: wanted = defaultFilters.shuffle } = compression
  // AquaPose's flags have the filter, too; for the bytes of a text it would be as useless.
  const shuffle = wanted && type !== 'uint8' && type !== 'int8'
  // A level that the caller chose needs a general encoder, because our own has none.
  return { deflate: level, fast: compression.level === undefined, shuffle }
}

function createColumn(file: File, column: Column, options: CheckedOptions): Dataset {
  const { deflate, shuffle } = filtersOf(column, options)
  const spec: DatasetSpec = {
    type: typeOf(column.field),
    shape: [0, ...column.rowShape],
    maxShape: [null, ...column.rowShape],
    chunks: [options.chunkFrames, ...column.rowShape],
    fill: fillOf(column.field),
    // As h5py does, so that h5dump shows no difference.
    fillTime: 'alloc',
    filters: [...(shuffle ? ['shuffle' as const] : []), ...(deflate === null ? [] : [{ deflate }])],
  }
  return file.createDatasetSync(column.path, spec)
}

/** Describes a column for native code, without its filters. */
export function blockColumn({ path, type, rowShape, fill, field }: Column): Omit<BlockColumn, keyof Filters> {
  const range = type === 'bool' ? ([0, 1] as const) : field.range
  return { path, type, rowShape: storedShape(rowShape, field), fill, range, perCell: !field.perFrame }
}

/** Makes a writer of blocks of `chunkFrames` frames, for a file that already holds `frames` frames. */
export function blockWriter(
  file: File,
  layout: Layout,
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
    keys: columns.findIndex(({ path }) => path === `${layout.root}/${layout.key?.dataset}`),
    rows: chunkFrames,
    blocks: inFlight + 1,
    base: frames - tail,
    tail,
    threads,
    durability,
    syncInterval,
    newFile,
    discardJournal,
    marked: markedBy([layout]),
  })
}

/** The shape of a row in elements of the storage type. */
const storedShape = (shape: readonly number[], { elements }: Field): number[] =>
  elements === 1 ? [...shape] : [...shape, elements]

/** The fill value of a dataset, as a user of HDF5 gives it. */
function fillOf({ value, fill, storage }: Field): number | bigint | string {
  if (value.kind === 'string') return ''
  if (value.kind === 'float' && value.type === 'float16') return fromHalfBits(fill)
  return storage === 'int64' || storage === 'uint64' ? BigInt(fill) : fill
}

const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1)
