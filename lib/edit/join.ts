/** `join`: one recording out of several that follow one another, also if each counts its frames from the start or has other sizes. */
import { H5TracksError, invalidArgument } from '../base/errors.js'
import { toPath } from '../base/path.js'
import type { Run } from '../batch/log/read-run.js'
import { nameOf } from '../frames/file/choose.js'
import { type FrameFile, lengthOf } from '../frames/file/open.js'
import type { OpenColumn } from '../frames/file/open-columns.js'
import { openLayouts } from '../frames/file/open-layouts.js'
import { File } from '../hdf5/objects/file.js'
import { RowAppender } from '../scale/concat/append-rows.js'
import { filesOf, type ShardFiles } from '../scale/shards/files.js'
import { NewFile } from '../scale/shards/output.js'
import { addHistory, writeSkeleton } from '../scale/shards/skeleton.js'
import { inSlots } from './in-slots.js'
import { type JoinedFile, type Offset, offsetsOf, surveyFiles } from './join-survey.js'
import { checkEditOptions, type EditOptions } from './options.js'
import { useMetadataOf } from './use-metadata.js'

export interface JoinOptions extends EditOptions {
  /**
   * What is added to the frame indices of each file. 0: they go on from file to file. A number: 0 for the first file, `offset` for the second, twice
   * `offset` for the third. A list: one number for each file. 'auto': the frames of a file that do not go on follow the last frame of the file
   * before. Default: 0.
   */
  offset?: Offset
  /** 'same': the metadata must be equal in all files; 'first': those of the first file are kept. Default: 'same'. */
  metadata?: 'same' | 'first'
}

/** A file as it was joined. */
export interface JoinedPart {
  path: string
  frames: number
  /** What was added to its frame indices: by the names of its layouts. */
  offsets: Record<string, number>
}

export interface JoinReport {
  path: string
  files: JoinedPart[]
  layouts: { name: string; frames: number; slots: number; copied: number; encoded: number }[]
  /** What a reader of the new file should know. */
  notes: string[]
}

/**
 * Joins recordings that follow one another into a new file. Unlike `concat`, it takes files that each count their frames from the start
 * (`offset`), that list the same cameras in another order, or that have other numbers of slots or other chunks: their frames are encoded again. The new file has the
 * slots of the file with the most. Ids stay as they are: if trackers numbered the animals anew in each file, use `swapIds` after or before.
 *
 * All files are checked before anything is written. Rejects with ERR_FORMAT for a file that differs from the first one in layout, cameras,
 * metadata or other contents; ERR_FRAME_ORDER if the frame indices do not go on; EEXIST; and the errors of opening.
 */
export async function join(files: ShardFiles | Run, out: string | URL, options: JoinOptions = {}): Promise<JoinReport> {
  checkEditOptions('join', options, ['offset', 'metadata'])
  const { offset = 0, metadata = 'same', overwrite = false, signal } = options
  if (metadata !== 'same' && metadata !== 'first') throw invalidArgument('metadata', metadata, "'same' or 'first'")
  const paths = filesOf(files).map(({ path }) => path)
  checkOffset(offset, paths.length)
  const path = toPath(out)
  const output = new NewFile(path, paths, overwrite)
  const shards = await surveyFiles(paths, metadata, signal)
  const offsets = offsetsOf(shards, offset)
  const notes = shards.flatMap(({ notes }) => notes)
  // Files of one layout differ at most in sizes, so the file with the most slots is the first of the new one.
  const base = shards.reduce((best, one) => (one.slots > best.slots ? one : best))
  const ordered = [base.shard, ...shards.map(({ shard }) => shard).filter((shard) => shard !== base.shard)]
  try {
    await writeSkeleton(output.partial, ordered)
    const layouts = await fill(output.partial, shards, base, offsets, options)
    output.settle()
    const parts = shards.map(({ shard }, i) => ({
      path: shard.path,
      frames: Math.max(...shard.layouts.map(({ frames }) => frames)),
      offsets: Object.fromEntries(
        [...(offsets[i] as Map<string, bigint>)].map(([root, by]) => [nameOf(root), Number(by)]),
      ),
    }))
    return { path, files: parts, layouts, notes }
  } catch (error) {
    output.giveUp()
    throw error
  }
}

function checkOffset(offset: unknown, files: number): void {
  const isWhole = (value: unknown) => Number.isSafeInteger(value)
  const isList = Array.isArray(offset) && offset.length === files && offset.every(isWhole)
  if (offset === 'auto' || isWhole(offset) || isList) return
  throw invalidArgument('offset', offset, `an integer, a list of ${files} integers, or 'auto'`)
}

async function fill(
  partial: string,
  shards: readonly JoinedFile[],
  base: JoinedFile,
  offsets: readonly Map<string, bigint>[],
  { signal, onProgress, metadata }: JoinOptions,
): Promise<JoinReport['layouts']> {
  const file = await File.open(partial, 'r+')
  const progress = { frames: 0, totalFrames: 0 }
  for (const { shard } of shards) for (const { frames } of shard.layouts) progress.totalFrames += frames
  const onRows = (rows: number) => {
    progress.frames += rows
    onProgress?.({ ...progress })
  }
  const appenders = new Map<string, { appender: RowAppender; slots: number }>()
  const target = openLayouts(base.shard.path)
  try {
    for (const [i, { shard }] of shards.entries()) {
      const opened = openLayouts(shard.path)
      try {
        for (const to of target.layouts) {
          const { root } = to.layout
          const from = opened.layouts.find(({ layout }) => layout.root === root) as FrameFile
          refuseChange(from, shard.layouts.find((layout) => layout.root === root)?.frames ?? 0)
          const made = appenders.get(root) ?? { appender: new RowAppender(file), slots: to.slots }
          appenders.set(root, made)
          const by = offsets[i]?.get(root) ?? 0n
          const isLast = shards.slice(i + 1).every((later) => framesOf(later, root) === 0)
          const source = asIn(to, from, by)
          // Without an offset, encoded chunks are copied; else the frame indices are encoded again, and all columns with them.
          const sameStorage =
            by === 0n && source.columns === from.columns && shard.sameStorage && base.shard.sameStorage
          await made.appender.append(source, { sameStorage, isLast, signal, onRows })
        }
      } finally {
        opened.file.closeSync()
      }
    }
    for (const { appender } of appenders.values()) appender.close()
    if (metadata === 'first') useMetadataOf((shards[0] as JoinedFile).shard.path, file)
    addHistory(
      file,
      shards.map(({ shard }) => shard),
    )
    await file.close()
  } catch (error) {
    file.closeSync()
    throw error
  } finally {
    target.file.closeSync()
  }
  return [...appenders].map(([root, { appender, slots }]) => {
    const { copied, encoded } = appender
    return { name: nameOf(root), frames: copied + encoded, slots, copied, encoded }
  })
}

const framesOf = ({ shard }: JoinedFile, root: string): number =>
  shard.layouts.find((layout) => layout.root === root)?.frames ?? 0

/** A layout with its columns in the order and with the slots of another file, and its frame indices moved on. */
function asIn(to: FrameFile, from: FrameFile, by: bigint): FrameFile {
  const columns = to.columns.map(({ path }) => from.columns.find((column) => column.path === path) as OpenColumn)
  const inOrder = columns.every((column, i) => column === from.columns[i])
  if (inOrder && to.slots === from.slots && by === 0n) return from
  const at = columns.findIndex(({ field }) => field === from.layout.index)
  const read: FrameFile['readColumns'] = async (_wanted, start, stop) => {
    const arrays = await from.readColumns(columns, start, stop)
    const indices = arrays[at]?.data as BigInt64Array
    if (by !== 0n) for (let i = 0; i < indices.length; i++) indices[i] = (indices[i] as bigint) + by
    return arrays.map((array, i) => inSlots(array, columns[i] as OpenColumn, to.columns[i] as OpenColumn))
  }
  return { ...from, columns: to.columns, frames: lengthOf(from), readColumns: read }
}

function refuseChange(from: FrameFile, expected: number): void {
  if (lengthOf(from) === expected) return
  throw new H5TracksError(`${from.path} changed while it was being joined; run join again`, {
    code: 'ERR_FORMAT',
    path: from.path,
  })
}
