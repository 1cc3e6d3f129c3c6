import { rmSync } from 'node:fs'
import { H5TracksError, show } from '../errors.js'
import { File } from '../hdf5/file.js'
import { type NativeBlockWriter, native } from '../native.js'
import { type Column, cameraGroups, columnsOf, defaultFilters, root, rowBytes } from './layout.js'
import { encodeMetadata } from './metadata.js'
import type { CheckedOptions } from './options.js'

const chunkLimit = 2 ** 32
// What the blocks of one writer take together, unless the caller says how many there are.
const defaultMemory = 64 * 2 ** 20
const defaultInFlight = 7

/** A new tracking file, with what writes blocks of its columns. All is checked before the disk is touched. */
export function createTrackingFile(
  path: string,
  cameraNames: readonly string[],
  options: CheckedOptions,
): { columns: Column[]; blocks: NativeBlockWriter } {
  const { chunkFrames, maxFish } = options
  const columns = columnsOf(cameraNames, maxFish)
  const attributes = encodeMetadata(cameraNames, options.metadata)
  checkChunks(columns, chunkFrames, path)
  const file = openNew(path, options.overwrite)
  try {
    for (const group of [root, ...cameraGroups]) file.createGroup(group)
    for (const [name, attribute] of attributes) file.writeAttribute(root, name, attribute)
    for (const column of columns) createColumn(file, column, options)
    return { columns, blocks: blockWriter(file, columns, options) }
  } catch (error) {
    file.close()
    // What was there before is gone already; what is there now is nobody's.
    if (!options.overwrite) rmSync(path, { force: true })
    throw error
  }
}

function openNew(path: string, overwrite: boolean): File {
  try {
    return new File(path, overwrite ? 'w' : 'x')
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'EEXIST') throw error
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

interface Filters {
  deflate: number | null
  fast: boolean
  shuffle: boolean
}

function filtersOf({ compression }: CheckedOptions): Filters {
  const { level = defaultFilters.level, shuffle = defaultFilters.shuffle } = compression
  // Who names a level means a general encoder's.
  return { deflate: level, fast: compression.level === undefined, shuffle }
}

function createColumn(file: File, column: Column, options: CheckedOptions): void {
  const { deflate, shuffle } = filtersOf(options)
  file.createDataset({
    path: column.path,
    type: column.type,
    shape: [0, ...column.rowShape],
    maxShape: [null, ...column.rowShape],
    chunks: [options.chunkFrames, ...column.rowShape],
    fill: column.fill,
    ...(deflate === null ? {} : { deflate }),
    shuffle,
  })
}

function blockWriter(file: File, columns: readonly Column[], options: CheckedOptions): NativeBlockWriter {
  const { chunkFrames, threads } = options
  const bytes = columns.reduce((sum, column) => sum + rowBytes(column), 0) * chunkFrames
  const fitting = Math.floor(defaultMemory / bytes) - 1
  const inFlight = options.blocksInFlight ?? Math.min(Math.max(fitting, 1), defaultInFlight)
  return new native.BlockWriter(file.native, {
    columns: columns.map((column) => {
      const { path, type, rowShape, fill } = column
      return { path, type, rowShape, fill, ...filtersOf(options) }
    }),
    rows: chunkFrames,
    blocks: inFlight + 1,
    base: 0,
    threads,
  })
}
