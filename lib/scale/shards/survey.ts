/** Checks that files continue one another, before anything is written: what they hold, and their frame indices. */
import { setImmediate } from 'node:timers/promises'
import { H5TracksError } from '../../base/errors.js'
import { firstNotAscending } from '../../frames/file/ascending.js'
import { lossesIn } from '../../frames/file/marks.js'
import { tallyIn } from '../../frames/file/metadata.js'
import { type FrameFile, lengthOf } from '../../frames/file/open.js'
import { type OpenLayouts, openLayouts } from '../../frames/file/open-layouts.js'
import { type Facts, factsOf, isSameStorage, refuseDifference, type StorageByPath } from './facts.js'

/** How files are checked. */
export interface SurveyOptions {
  /** 'same': the attributes of all files must be equal. 'first': those of the first file count. */
  metadata: 'same' | 'first'
  frameOrder: 'increasing' | 'any'
  /** The facts in which files may not differ. Default: all. */
  comparable?(facts: Facts): Facts
  signal?: AbortSignal
}

/** The rows of a layout in a file. */
export interface LayoutRows {
  /** The path of its group. */
  root: string
  frames: number
  first: bigint | null
  last: bigint | null
  /** The number of values that lost a fraction. */
  tally: number
}

/** A file of the dataset. */
export interface Shard {
  path: string
  layouts: LayoutRows[]
  /** What recoveries of the file lost. */
  losses: string[]
  /** The datasets are stored as those of the first file. */
  sameStorage: boolean
}

/** An open file with the storage of its datasets. */
export interface OpenShard extends OpenLayouts {
  storage: StorageByPath
}

/**
 * Opens every file in turn, calls `visit` for it, and returns what was found. Throws ERR_FORMAT for a file that differs from the first,
 * ERR_FRAME_ORDER, and the errors of opening.
 */
export async function survey(
  paths: readonly string[],
  options: SurveyOptions,
  visit?: (opened: OpenShard, shard: Shard, at: number) => Promise<void> | void,
): Promise<Shard[]> {
  let first: { path: string; facts: Facts; storage: StorageByPath } | undefined
  const ends = new Map<string, { path: string; last: bigint }>()
  const shards: Shard[] = []
  for (const [at, path] of paths.entries()) {
    // Opening blocks, so other work gets a turn between two files.
    await setImmediate()
    options.signal?.throwIfAborted()
    const opened = openLayouts(path)
    try {
      const found = factsOf(opened, options.metadata === 'same')
      const facts = options.comparable?.(found.facts) ?? found.facts
      first ??= { path, facts, storage: found.storage }
      refuseDifference(first, path, facts)
      const sameStorage = isSameStorage(first.storage, found.storage)
      const layouts: LayoutRows[] = []
      for (const one of opened.layouts) layouts.push(await rowsOf(one, options, ends))
      const shard = { path, layouts, losses: lossesIn(opened.file), sameStorage }
      await visit?.({ ...opened, storage: found.storage }, shard, at)
      shards.push(shard)
    } finally {
      opened.file.closeSync()
    }
  }
  return shards
}

async function rowsOf(
  opened: FrameFile,
  { frameOrder }: SurveyOptions,
  ends: Map<string, { path: string; last: bigint }>,
): Promise<LayoutRows> {
  const { layout, columns, metadata, path } = opened
  const { root } = layout
  const frames = lengthOf(opened)
  const index = columns.filter(({ field }) => field === layout.index)
  const [read] = await opened.readColumns(index, 0, frames)
  const values = read?.data as BigInt64Array
  const before = ends.get(root)
  if (frameOrder === 'increasing') {
    const bad = firstNotAscending(values, before?.last ?? null)
    if (bad !== -1) throw outOfOrder(path, root, values, bad, before)
  }
  const last = values.at(-1) ?? null
  if (last !== null) ends.set(root, { path, last })
  return { root, frames, first: values[0] ?? null, last, tally: tallyIn(layout, metadata) }
}

function outOfOrder(
  path: string,
  root: string,
  values: BigInt64Array,
  bad: number,
  before: { path: string; last: bigint } | undefined,
): H5TracksError {
  const frame = values[bad] as bigint
  const after =
    bad === 0 ? `frame ${before?.last}, the last of ${before?.path}` : `frame ${values[bad - 1]}, its row ${bad - 1}`
  return new H5TracksError(
    `${path}: row ${bad} of ${root} is frame ${frame}, which is not greater than ${after}; give the files in the order of their ` +
      "frames, or pass frameOrder: 'any'",
    { code: 'ERR_FRAME_ORDER', path, frame: Number.isSafeInteger(Number(frame)) ? Number(frame) : frame },
  )
}
