/** `concat`: one file of the frames of several. */
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Run } from '../../batch/log/read-run.js'
import { nameOf } from '../../frames/file/choose.js'
import { lengthOf } from '../../frames/file/open.js'
import { type OpenLayouts, openLayouts } from '../../frames/file/open-layouts.js'
import { File } from '../../hdf5/objects/file.js'
import { filesOf, type ShardFiles } from '../shards/files.js'
import { checkJoinOptions, type JoinOptions } from '../shards/options.js'
import { NewFile } from '../shards/output.js'
import { addHistory, writeSkeleton } from '../shards/skeleton.js'
import { type Shard, survey } from '../shards/survey.js'
import { RowAppender } from './append-rows.js'

/** How far {@link concat} has come. */
export interface ConcatProgress {
  /** Number of frames that are in the new file, of all layouts together. */
  frames: number
  totalFrames: number
}

export interface ConcatOptions extends JoinOptions {
  /** Is called after each piece of about 8 MiB of values. */
  onProgress?(progress: ConcatProgress): void
}

/** The frames of a layout in the new file. */
export interface ConcatLayout {
  name: string
  frames: number
  /** Frames whose chunks were copied as they are. */
  copied: number
  /** Frames that were decoded and encoded again: those after a seam that is not at a chunk boundary. */
  encoded: number
}

export interface ConcatReport {
  path: string
  files: number
  layouts: ConcatLayout[]
}

/**
 * Writes the frames of several files, in the order given, or of a sealed run, to a new file. Chunks are copied without decoding where a file begins at a
 * chunk boundary of the new one; after another seam the frames are encoded again. Files of every layout, and of several, can be joined.
 * The new file is written as `<out>.partial` and takes its name when it is complete.
 *
 * All files are checked before anything is written. Rejects with ERR_FORMAT for a file that differs from the first one in layout,
 * version, cameras, slots, chunk shape, metadata or other contents (the message names both files and both values); ERR_FRAME_ORDER if
 * the frame indices do not go on; EEXIST; ERR_LOCKED, ERR_NEEDS_RECOVERY and ERR_NOT_CLOSED for a file that is being written or was not
 * closed; and system errors.
 */
export async function concat(
  files: ShardFiles | Run,
  out: string | URL,
  options: ConcatOptions = {},
): Promise<ConcatReport> {
  const { overwrite, ...checking } = checkJoinOptions('concat', options, ['onProgress'])
  const paths = filesOf(files).map(({ path }) => path)
  const path = toPath(out)
  const output = new NewFile(path, paths, overwrite)
  const shards = await survey(paths, checking)
  try {
    await writeSkeleton(output.partial, shards)
    const layouts = await fill(output.partial, shards, options)
    verify(output.partial, shards)
    output.settle()
    return { path, files: paths.length, layouts }
  } catch (error) {
    output.giveUp()
    throw error
  }
}

async function fill(
  partial: string,
  shards: readonly Shard[],
  { signal, onProgress }: ConcatOptions,
): Promise<ConcatLayout[]> {
  const file = await File.open(partial, 'r+')
  const appenders = new Map<string, RowAppender>()
  const progress = { frames: 0, totalFrames: sum(shards.flatMap(({ layouts }) => layouts.map(({ frames }) => frames))) }
  const onRows = (rows: number) => {
    progress.frames += rows
    onProgress?.({ ...progress })
  }
  try {
    const lasts = lastFiles(shards)
    for (const [at, shard] of shards.entries()) {
      const opened = openLayouts(shard.path)
      try {
        refuseChange(opened, shard)
        for (const one of opened.layouts) {
          const { root } = one.layout
          const appender = appenders.get(root) ?? new RowAppender(file)
          appenders.set(root, appender)
          const { sameStorage } = shard
          await appender.append(one, { sameStorage, isLast: at >= (lasts.get(root) ?? 0), signal, onRows })
        }
      } finally {
        opened.file.closeSync()
      }
    }
    for (const appender of appenders.values()) appender.close()
    addHistory(file, shards)
    await file.close()
  } catch (error) {
    file.closeSync()
    throw error
  }
  return [...appenders].map(([root, { copied, encoded }]) => {
    return { name: nameOf(root), frames: copied + encoded, copied, encoded }
  })
}

/** Of each layout, the place of the last file with frames of it. */
function lastFiles(shards: readonly Shard[]): Map<string, number> {
  const lasts = new Map<string, number>()
  for (const [at, { layouts }] of shards.entries()) {
    for (const { root, frames } of layouts) if (frames > 0) lasts.set(root, at)
  }
  return lasts
}

function refuseChange({ layouts }: OpenLayouts, { path, layouts: expected }: Shard): void {
  const same = layouts.every((one, i) => lengthOf(one) === expected[i]?.frames)
  if (same) return
  throw new H5TracksError(`${path} changed while it was being joined; run concat again`, { code: 'ERR_FORMAT', path })
}

/** Throws if the new file does not have every row. */
function verify(partial: string, shards: readonly Shard[]): void {
  const { file, layouts } = openLayouts(partial)
  try {
    for (const one of layouts) {
      const expected = sum(shards.map((shard) => framesIn(shard, one.layout.root)))
      if (lengthOf(one) === expected) continue
      throw new H5TracksError(`${partial} has ${lengthOf(one)} frames of ${one.layout.root} instead of ${expected}`, {
        code: 'ERR_HDF5',
        path: partial,
      })
    }
  } finally {
    file.closeSync()
  }
}

const framesIn = ({ layouts }: Shard, root: string): number =>
  layouts.find((layout) => layout.root === root)?.frames ?? 0

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0)
