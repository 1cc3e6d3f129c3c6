/** `concat`: one file of the frames of several. */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Run } from '../../batch/log/read-run.js'
import { nameOf } from '../../frames/file/choose.js'
import { lossesAttribute, markedIn } from '../../frames/file/marks.js'
import { lengthOf } from '../../frames/file/open.js'
import { type OpenLayouts, openLayouts } from '../../frames/file/open-layouts.js'
import { File } from '../../hdf5/objects/file.js'
import { call, runAsync } from '../../native/operation.js'
import { filesOf, type ShardFiles } from '../shards/files.js'
import { NewFile } from '../shards/output.js'
import { type Shard, survey } from '../shards/survey.js'
import { RowAppender } from './append-rows.js'

/** How far {@link concat} has come. */
export interface ConcatProgress {
  /** Number of frames that are in the new file, of all layouts together. */
  frames: number
  totalFrames: number
}

export interface ConcatOptions {
  /** Replace an existing file, once the new one is complete, instead of throwing EEXIST. Default: false. */
  overwrite?: boolean
  /**
   * 'same': the attributes that callers gave (`metadata`) must be equal in all files. 'first': those of the first file are kept, and
   * those of the others may differ. Default: 'same'.
   */
  metadata?: 'same' | 'first'
  /** 'increasing': frame indices must increase within the files and from file to file. Default: 'increasing'. */
  frameOrder?: 'increasing' | 'any'
  /** Abort; the output stays as it was. */
  signal?: AbortSignal
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
  const { overwrite, ...checking } = checked(options)
  const paths = filesOf(files).map(({ path }) => path)
  const path = toPath(out)
  const output = new NewFile(path, paths, overwrite)
  const shards = await survey(paths, checking)
  try {
    await create(output.partial, shards)
    const layouts = await fill(output.partial, shards, options)
    verify(output.partial, shards)
    output.settle()
    return { path, files: paths.length, layouts }
  } catch (error) {
    output.giveUp()
    throw error
  }
}

function checked(options: ConcatOptions) {
  checkOptions('concat', options, ['overwrite', 'metadata', 'frameOrder', 'signal', 'onProgress'])
  const { overwrite = false, metadata = 'same', frameOrder = 'increasing', signal } = options
  if (typeof overwrite !== 'boolean') throw invalidArgument('overwrite', overwrite, 'true or false')
  if (metadata !== 'same' && metadata !== 'first') throw invalidArgument('metadata', metadata, "'same' or 'first'")
  if (frameOrder !== 'increasing' && frameOrder !== 'any') {
    throw invalidArgument('frameOrder', frameOrder, "'increasing' or 'any'")
  }
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  return { overwrite, metadata, frameOrder, ...(signal && { signal }) } as const
}

/** Creates the new file: everything of the first one, except for its rows. */
async function create(partial: string, shards: readonly Shard[]): Promise<void> {
  const [{ path }] = shards as [Shard]
  const { file, layouts } = openLayouts(path)
  try {
    const columns = layouts.flatMap(({ columns }) => columns.map(({ path }) => [path, 0] as const))
    const { image, lost } = await runAsync(call('file.skeleton', file.handle, columns))
    if (lost.length > 0) {
      throw new H5TracksError(`${path} cannot be joined, because parts of it cannot be copied: ${lost.join('; ')}`, {
        code: 'ERR_UNSUPPORTED',
        path,
      })
    }
    writeFileSync(partial, new Uint8Array(image), { flag: 'wx' })
  } finally {
    file.closeSync()
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

/** Adds up what the attributes of the files count, and lists what recoveries of any of them lost. */
function addHistory(file: File, shards: readonly Shard[]): void {
  const { file: first, layouts } = openLayouts((shards[0] as Shard).path)
  first.closeSync()
  for (const { layout } of layouts) {
    const { tally } = layout.format
    const count = sum(shards.map((shard) => shard.layouts.find(({ root }) => root === layout.root)?.tally ?? 0))
    if (!tally || count === 0) continue
    using group = file.groupSync(layout.root)
    group.attributes.setSync(tally, count)
  }
  const losses = shards.flatMap(({ path, losses }) => losses.map((line) => `${basename(path)}: ${line}`))
  if (losses.length === 0) return
  using group = file.groupSync(markedIn(file) ?? '/')
  group.attributes.setSync(lossesAttribute, losses)
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
