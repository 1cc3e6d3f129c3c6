/** `writeParquet`: tables of a recording for DuckDB, pandas, polars and others. */
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { checkInteger, checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Run } from '../../batch/log/read-run.js'
import { nameOf } from '../../frames/file/choose.js'
import { type FrameFile, lengthOf } from '../../frames/file/open.js'
import { openLayouts } from '../../frames/file/open-layouts.js'
import { windowsOf } from '../../frames/read/frames.js'
import { readAhead } from '../../frames/read/read-ahead.js'
import { objectOf } from '../references/json.js'
import { filesOf, type ShardFiles } from '../shards/files.js'
import { type Shard, survey } from '../shards/survey.js'
import { Staging } from './staging.js'
import { loadParquet, TableWriter } from './table-writer.js'
import { type Table, tablesOf } from './tables.js'

export interface ParquetOptions {
  /** The name of the recording. Default: that of the run, else that of the first file without `.h5`. */
  recording?: string
  /** Replace the recording in the folder instead of throwing EEXIST. Default: false. */
  overwrite?: boolean
  /** Number of rows of a row group, 1000 to 1 000 000. Default: 65 536. */
  rowGroupRows?: number
  /** 'same': the metadata of all files must be equal. 'first': those of the first file count. Default: 'same'. */
  metadata?: 'same' | 'first'
  /** Abort; the folder stays as it was. */
  signal?: AbortSignal
  /** Is called after each window of about 1 MiB. */
  onProgress?(progress: { frames: number; totalFrames: number }): void
}

/** A table of a recording. */
export interface ParquetTable {
  name: string
  /** The folder with its files. */
  path: string
  rows: number
  files: number
}

export interface ParquetReport {
  recording: string
  /** Number of frames, of all layouts together. */
  frames: number
  tables: ParquetTable[]
}

/**
 * Writes the frames of a recording, one or more files or a sealed run, as Parquet tables: `<folder>/<table>/recording=<name>/part-0.parquet`,
 * so that a folder holds many recordings and readers see `recording` as a column. Needs the package hyparquet-writer. At most a few row
 * groups are in memory.
 *
 * - Tracking files: `tracks` (frame, fish_id, x, y, z, confidence, reprojection_residual, n_cameras, is_confirmed), `detections` (frame,
 *   fish_id, camera, detection, x, y, width, height) and `frames` (frame, fish: the number of fish).
 * - Any other layout: `<layout>` with a row for each record, `<layout>_cameras` with a row for each record and camera that has values, and
 *   `<layout>_frames` with what is per frame. A value with a shape becomes a column for each number, `<field>_<label>`. NaN becomes null.
 *
 * Rejects with ERR_UNSUPPORTED if hyparquet-writer is not installed or a table would have more than 2000 columns; ERR_FORMAT and
 * ERR_FRAME_ORDER for files that do not continue one another (see `concat`); EEXIST; and system errors.
 */
export async function writeParquet(
  files: ShardFiles | Run,
  folder: string | URL,
  options: ParquetOptions = {},
): Promise<ParquetReport> {
  const { overwrite, rowGroupRows, metadata, signal, onProgress } = checked(options)
  const paths = filesOf(files).map(({ path }) => path)
  const recording = options.recording ?? recordingOf(files, paths)
  const parquet = await loadParquet()
  const shards = await survey(paths, { metadata, frameOrder: 'increasing', ...(signal && { signal }) })
  const { tables, about } = describe(shards)
  const names = [...tables.values()].flat().map(({ name }) => name)
  const staging = new Staging(toPath(folder), recording, names, overwrite)
  try {
    const writers = new Map<string, TableWriter>()
    for (const [root, all] of tables) {
      for (const table of all) {
        const folder = staging.staged(table.name)
        writers.set(table.name, new TableWriter(parquet, table, folder, rowGroupRows, about.get(root) as string))
      }
    }
    const totalFrames = shards.flatMap(({ layouts }) => layouts).reduce((sum, { frames }) => sum + frames, 0)
    let frames = 0
    for await (const done of fill(shards, tables, writers, signal)) {
      frames += done
      onProgress?.({ frames, totalFrames })
    }
    for (const writer of writers.values()) writer.finish()
    staging.settle(names)
    const written = [...writers].map(([name, { rows, files }]) => ({ name, path: staging.place(name), rows, files }))
    return { recording, frames, tables: written }
  } catch (error) {
    staging.giveUp()
    throw error
  }
}

function checked(options: ParquetOptions) {
  checkOptions('writeParquet', options, ['recording', 'overwrite', 'rowGroupRows', 'metadata', 'signal', 'onProgress'])
  const { recording, overwrite = false, rowGroupRows = 65_536, metadata = 'same', signal, onProgress } = options
  if (recording !== undefined && (typeof recording !== 'string' || recording === '')) {
    throw invalidArgument('recording', recording, 'a name')
  }
  if (typeof overwrite !== 'boolean') throw invalidArgument('overwrite', overwrite, 'true or false')
  checkInteger('rowGroupRows', rowGroupRows, 1000, 1_000_000)
  if (metadata !== 'same' && metadata !== 'first') throw invalidArgument('metadata', metadata, "'same' or 'first'")
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  return { overwrite, rowGroupRows, metadata, signal, onProgress } as const
}

const recordingOf = (files: ShardFiles | Run, paths: readonly string[]): string =>
  'recording' in files ? files.recording : basename(paths[0] as string).replace(/\.(h5|hdf5)$/i, '')

/** The tables of each layout, and what each of their files says of it. */
function describe(shards: readonly Shard[]): { tables: Map<string, Table[]>; about: Map<string, string> } {
  const { file, layouts } = openLayouts((shards[0] as Shard).path)
  try {
    const about = (opened: FrameFile) => {
      const { layout, cameraNames, metadata } = opened
      return objectOf({ layout: nameOf(layout.root), cameras: [...cameraNames], metadata })
    }
    const tables = new Map(layouts.map((opened) => [opened.layout.root, tablesOf(opened)]))
    refuseTwice([...tables.values()].flat().map(({ name }) => name))
    return { tables, about: new Map(layouts.map((opened) => [opened.layout.root, about(opened)])) }
  } finally {
    file.closeSync()
  }
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return
  throw new H5TracksError(`two layouts of the file would both have a table ${twice}`, { code: 'ERR_UNSUPPORTED' })
}

// Values take several times as much memory as a row of a table than as they are stored.
const windowMemory = 2 ** 20

/** Fills the tables, window by window. Yields the number of frames of each window. */
async function* fill(
  shards: readonly Shard[],
  tables: ReadonlyMap<string, readonly Table[]>,
  writers: ReadonlyMap<string, TableWriter>,
  signal: AbortSignal | undefined,
): AsyncGenerator<number> {
  for (const { path } of shards) {
    const { file, layouts } = openLayouts(path)
    try {
      for (const opened of layouts) {
        const own = (tables.get(opened.layout.root) ?? []).map(({ name }) => writers.get(name) as TableWriter)
        const windows = readAhead(windowsOf(opened, 0, lengthOf(opened), windowMemory), async ([from, to]) => {
          const columns = await opened.readColumns(opened.columns, from, to)
          return { frames: to - from, arrays: columns.map(({ data }) => data) }
        })
        for await (const window of windows) {
          for (const writer of own) {
            writer.add(window)
            // Encoding a row group takes a while, so other work gets a turn.
            await setImmediate()
            signal?.throwIfAborted()
          }
          yield window.frames
        }
      }
    } finally {
      await file.close()
    }
  }
}
