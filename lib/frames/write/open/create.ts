/** Creates a file of a layout and the block writer for its columns. */
import { existsSync, rmSync } from 'node:fs'
import { H5TracksError, show } from '../../../base/errors.js'
import type { DatasetSpec } from '../../../hdf5/objects/creation.js'
import type { Dataset } from '../../../hdf5/objects/dataset.js'
import { File } from '../../../hdf5/objects/file.js'
import { fillNumber } from '../../../layout/half.js'
import { type Column, cameraGroups, columnsOf, type Field, type Layout, rowBytes } from '../../../layout/model.js'
import { type NativeBlockStream, type NativeFile, native } from '../../../native/native.js'
import { describeLayout } from '../../file/describe.js'
import { needsRecovery } from '../../file/journal.js'
import { encodeMetadata, isLarge } from '../../file/metadata.js'
import { typeOf } from '../../file/stored-type.js'
import { Run } from '../blocks/run.js'
import { blockWriter, filtersOf, type StreamSpec } from './block-writer.js'
import type { CheckedOptions } from './options.js'
import { type GroupContents, templateKey } from './template-key.js'

const chunkLimit = 2 ** 32

/** A layout of a file, and the number of slots for its records in a frame. */
export interface Part {
  /** The name by which the caller knows the layout; null for the only one. */
  name: string | null
  layout: Layout
  slots: number
}

/** Layouts whose frames are written in step, in chunks of `chunkFrames` frames. */
export interface StreamContents {
  parts: readonly Part[]
  chunkFrames: number
}

/** What a new file holds. Each stream is written at its own pace. */
export interface Contents {
  streams: readonly StreamContents[]
  cameraNames: readonly string[]
}

/** The part of an open file that one writer fills. */
export interface OpenStream extends StreamContents {
  columns: readonly Column[]
  blocks: NativeBlockStream
  /** Number of frames that the file already holds. */
  frames: number
  /** Index of the last of these frames; null if there are none. */
  lastIndex: number | bigint | null
  /** Number of values that lost a fraction, as recorded in the file. */
  tally: number
}

/** A file that is open for writing. */
export interface OpenFile {
  /** The path of the file as it was given. */
  path: string
  options: CheckedOptions
  cameraNames: readonly string[]
  run: Run
  streams: readonly OpenStream[]
}

/** Creates a file and its block writer. All arguments are checked before the disk is touched. */
export function createFile(path: string, { streams, cameraNames }: Contents, options: CheckedOptions): OpenFile {
  const plans = streams.map(({ parts, chunkFrames }) => {
    const inStep = parts.map(({ layout }) => layout)
    return parts.map(({ layout, slots }) => {
      const columns = columnsOf(layout, cameraNames, slots)
      checkChunks(columns, chunkFrames, path)
      const attributes = encodeMetadata(layout, cameraNames, options.metadata, inStep)
      return { layout, slots, columns, chunkFrames, attributes }
    })
  })
  refuseJournalBefore(path, options)
  // Without a journal, a run has no image of its file.
  const template = options.durability === 'none' ? undefined : templateKey(plans.flat(), cameraNames, options)
  const { file, made } = openNew(path, options, template)
  try {
    const datasets = file.root ? createGroups(path, file, plans.flat(), options) : []
    const fresh = plans.map((groups, i) => {
      const columns = groups.flatMap((group) => group.columns)
      const filters = columns.map((column) => filtersOf(column, options))
      return { columns, filters, frames: 0, chunkFrames: (streams[i] as StreamContents).chunkFrames }
    })
    const layouts = plans.flat().map(({ layout }) => layout)
    const run = new Run(blockWriter({ file, layouts, streams: fresh, options, template }))
    // Closed only now, so that HDF5 need not read the open datasets again.
    for (const dataset of datasets) dataset.close()
    const open = streams.map((stream, i) => ({
      ...stream,
      columns: (fresh[i] as StreamSpec).columns,
      blocks: run.native.streams[i] as NativeBlockStream,
      ...{ frames: 0, lastIndex: null, tally: 0 },
    }))
    return { path, options, cameraNames, run, streams: open }
  } catch (error) {
    giveUp(path, file, made)
    throw error
  }
}

interface GroupPlan extends GroupContents {
  columns: readonly Column[]
}

/** Creates everything in a file that has no template. Returns its open datasets. */
function createGroups(
  path: string,
  native: NativeFile,
  plans: readonly GroupPlan[],
  options: CheckedOptions,
): Dataset[] {
  const file = new File({ filename: path, native }, 'w', {})
  return plans.flatMap((plan) => createGroup(file, plan, options))
}

/** Creates the group of a layout, with everything in it. Returns its open datasets. */
function createGroup(
  file: File,
  { layout, columns, chunkFrames, attributes }: GroupPlan,
  options: CheckedOptions,
): Dataset[] {
  // Tracking the order gives the group a newer format, which can hold large attributes.
  const trackOrder = attributes.some(([, value]) => isLarge(value))
  file.createGroupSync(layout.root, { trackOrder }).close()
  for (const group of cameraGroups(layout)) file.createGroupSync(group).close()
  using owner = file.groupSync(layout.root)
  for (const [name, { data, ...form }] of attributes) owner.attributes.setSync(name, data, form)
  const datasets = columns.map((column) => createColumn(file, column, chunkFrames, options))
  describeLayout(file, layout, columns, datasets)
  return datasets
}

// Errors are ignored here: the caller throws the error that led here.
function giveUp(path: string, file: NativeFile, made: boolean): void {
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

/**
 * Creates the file. It has no root if it gets the contents of the template. `made`: it did not exist, so it is deleted if it cannot be
 * used.
 */
function openNew(
  path: string,
  { overwrite, discardJournal }: CheckedOptions,
  template: string | undefined,
): { file: NativeFile; made: boolean } {
  const how = { ignoreJournal: discardJournal, compact: true, ...(template !== undefined && { template }) }
  if (overwrite && existsSync(path)) return { file: native.openFileSync(path, 'replace', how), made: false }
  try {
    return { file: native.openFileSync(path, 'x', how), made: true }
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'EEXIST') throw error
    // Another process created the file meanwhile, or the path is a dangling symbolic link.
    if (overwrite) return { file: native.openFileSync(path, existsSync(path) ? 'replace' : 'w', how), made: false }
    throw new H5TracksError(`${path} exists already; overwrite: true replaces it`, { ...error, path })
  }
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

function createColumn(file: File, column: Column, chunkFrames: number, options: CheckedOptions): Dataset {
  const { deflate, shuffle } = filtersOf(column, options)
  const spec: DatasetSpec = {
    type: typeOf(column.field),
    shape: [0, ...column.rowShape],
    maxShape: [null, ...column.rowShape],
    chunks: [chunkFrames, ...column.rowShape],
    fill: fillOf(column.field),
    // As h5py does, so that h5dump shows no difference.
    fillTime: 'alloc',
    // So that files differ only in what they hold.
    trackTimes: false,
    filters: [...(shuffle ? ['shuffle' as const] : []), ...(deflate === null ? [] : [{ deflate }])],
  }
  return file.createDatasetSync(column.path, spec)
}

/** The fill value of a dataset, as a user of HDF5 gives it. */
function fillOf(field: Field): number | bigint | string {
  if (field.value.kind === 'string') return ''
  return field.storage === 'int64' || field.storage === 'uint64' ? BigInt(field.fill) : fillNumber(field)
}
