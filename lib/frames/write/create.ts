/** Creates a file of a layout and the block writer for its columns. */
import { existsSync, rmSync } from 'node:fs'
import { H5TracksError, show } from '../../base/errors.js'
import type { DatasetSpec } from '../../hdf5/objects/creation.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { File } from '../../hdf5/objects/file.js'
import type { Inferred } from '../../hdf5/values/attribute-value.js'
import { fromHalfBits } from '../../layout/half.js'
import { type Column, cameraGroups, columnsOf, type Field, type Layout, rowBytes } from '../../layout/model.js'
import { type NativeBlockWriter, native } from '../../native/native.js'
import { describeLayout } from '../file/describe.js'
import { needsRecovery } from '../file/journal.js'
import { encodeMetadata, isLarge } from '../file/metadata.js'
import { typeOf } from '../file/stored-type.js'
import { blockWriter, filtersOf } from './block-writer.js'
import type { CheckedOptions } from './options.js'

const chunkLimit = 2 ** 32

/** A layout of a file, and the number of slots for its records in a frame. */
export interface Part {
  /** The name by which the caller knows the layout; null for the only one. */
  name: string | null
  layout: Layout
  slots: number
}

/** What a new file holds: one layout, or several whose frames are written in step. */
export interface Contents {
  parts: readonly Part[]
  cameraNames: readonly string[]
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
  const { parts, cameraNames } = contents
  const { chunkFrames } = options
  const plans = parts.map(({ layout, slots }) => ({
    layout,
    columns: columnsOf(layout, cameraNames, slots),
    attributes: encodeMetadata(layout, cameraNames, options.metadata),
  }))
  const columns = plans.flatMap((plan) => plan.columns)
  checkChunks(columns, chunkFrames, path)
  refuseJournalBefore(path, options)
  const { file, made } = openNew(path, options)
  try {
    const datasets = plans.flatMap((plan) => createGroup(file, plan, options))
    const filters = columns.map((column) => filtersOf(column, options))
    const layouts = parts.map(({ layout }) => layout)
    const blocks = blockWriter({ file, layouts, columns, filters, options, frames: 0 })
    // Closed only now, so that HDF5 need not read the open datasets again.
    for (const dataset of datasets) dataset.close()
    return { ...contents, path, options, chunkFrames, columns, blocks, frames: 0, lastIndex: null, tally: 0 }
  } catch (error) {
    giveUp(path, file, made)
    throw error
  }
}

interface GroupPlan {
  layout: Layout
  columns: readonly Column[]
  attributes: readonly [string, Inferred][]
}

/** Creates the group of a layout, with everything in it. Returns its open datasets. */
function createGroup(file: File, { layout, columns, attributes }: GroupPlan, options: CheckedOptions): Dataset[] {
  // Tracking the order gives the group a newer format, which can hold large attributes.
  const trackOrder = attributes.some(([, value]) => isLarge(value))
  file.createGroupSync(layout.root, { trackOrder }).close()
  for (const group of cameraGroups(layout)) file.createGroupSync(group).close()
  using owner = file.groupSync(layout.root)
  for (const [name, { data, ...form }] of attributes) owner.attributes.setSync(name, data, form)
  const datasets = columns.map((column) => createColumn(file, column, options))
  describeLayout(file, layout, columns, datasets)
  return datasets
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

/** The fill value of a dataset, as a user of HDF5 gives it. */
function fillOf({ value, fill, storage }: Field): number | bigint | string {
  if (value.kind === 'string') return ''
  if (value.kind === 'float' && value.type === 'float16') return fromHalfBits(fill)
  return storage === 'int64' || storage === 'uint64' ? BigInt(fill) : fill
}
