/** Creates a file of a layout and the block writer for its columns. */
import { existsSync, rmSync } from 'node:fs'
import { H5TracksError, show } from '../../../base/errors.js'
import { File } from '../../../hdf5/objects/file.js'
import { type Column, columnsOf, type Layout, rowBytes } from '../../../layout/model.js'
import { type NativeBlockStream, type NativeFile, native } from '../../../native/native.js'
import { needsRecovery } from '../../file/journal.js'
import { encodeMetadata, isLarge } from '../../file/metadata.js'
import { Run } from '../blocks/run.js'
import { blockWriter, filtersOf, type StreamSpec } from './block-writer.js'
import { createGroups, type GroupPlan, setMetadata } from './contents.js'
import type { CheckedOptions } from './options.js'
import { type TemplateKeys, templateKeys } from './template-key.js'

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
      const { attributes, metadata } = encodeMetadata(layout, cameraNames, options.metadata, inStep)
      const trackOrder = [...attributes, ...metadata].some(([, value]) => isLarge(value))
      return { layout, slots, columns, chunkFrames, attributes, metadata, trackOrder }
    })
  })
  refuseJournalBefore(path, options)
  // Without a journal, a run has no image of its file.
  const templates = options.durability === 'none' ? null : templateKeys(plans.flat(), cameraNames, options)
  const { file, made } = openNew(path, options, templates)
  try {
    if (file.root) fill(path, file, plans.flat(), options, templates)
    const fresh = plans.map((groups, i) => {
      const columns = groups.flatMap((group) => group.columns)
      const filters = columns.map((column) => filtersOf(column, options))
      return { columns, filters, frames: 0, chunkFrames: (streams[i] as StreamContents).chunkFrames }
    })
    const layouts = plans.flat().map(({ layout }) => layout)
    const run = new Run(blockWriter({ file, layouts, streams: fresh, options, template: templates?.whole }))
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

/** Creates what the file still lacks. */
function fill(
  path: string,
  native: NativeFile,
  plans: readonly GroupPlan[],
  options: CheckedOptions,
  templates: TemplateKeys | null,
): void {
  const file = new File({ filename: path, native }, 'w', {})
  if (!native.hasContents) {
    createGroups(file, plans, options)
    if (templates) native.keepTemplate(templates.withoutMetadata)
  }
  setMetadata(file, plans)
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
 * Creates the file. It has no root if it gets all its contents from a template. `made`: it did not exist, so it is deleted if it cannot be
 * used.
 */
function openNew(
  path: string,
  { overwrite, discardJournal }: CheckedOptions,
  templates: TemplateKeys | null,
): { file: NativeFile; made: boolean } {
  const how = { ignoreJournal: discardJournal, compact: true, ...(templates && { templates }) }
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
