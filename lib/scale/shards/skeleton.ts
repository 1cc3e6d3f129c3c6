/** The file that a logical dataset in HDF5 starts from: everything of the first file, except for its rows. */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { H5TracksError } from '../../base/errors.js'
import { lossesAttribute, markedIn } from '../../frames/file/marks.js'
import { type OpenLayouts, openLayouts } from '../../frames/file/open-layouts.js'
import type { File } from '../../hdf5/objects/file.js'
import type { NativeVirtualSource } from '../../native/native.js'
import { call, runAsync } from '../../native/operation.js'
import type { Shard } from './survey.js'

/** A dataset of a layout that is virtual in the new file. */
export interface VirtualCopy {
  path: string
  shape: readonly number[]
  sources: readonly NativeVirtualSource[]
}

/**
 * Creates `partial` from the first file. Its datasets of layouts have no rows, or are virtual. Throws ERR_UNSUPPORTED if the file has
 * objects that cannot be copied.
 */
export async function writeSkeleton(
  partial: string,
  shards: readonly Shard[],
  virtual: readonly VirtualCopy[] = [],
): Promise<void> {
  const [{ path }] = shards as [Shard]
  const opened = openLayouts(path)
  try {
    await writeSkeletonOf(opened, path, partial, virtual)
  } finally {
    opened.file.closeSync()
  }
}

/** Does the same with an open file. */
export async function writeSkeletonOf(
  { file, layouts }: OpenLayouts,
  path: string,
  partial: string,
  virtual: readonly VirtualCopy[] = [],
): Promise<void> {
  const others = new Set(virtual.map((copy) => copy.path))
  const columns = layouts.flatMap(({ columns }) => columns.map(({ path }) => [path, 0] as const))
  const emptied = columns.filter(([path]) => !others.has(path))
  const { image, lost } = await runAsync(call('file.skeleton', file.handle, emptied, virtual))
  if (lost.length > 0) {
    throw new H5TracksError(`${path} cannot be copied, because parts of it cannot be: ${lost.join('; ')}`, {
      code: 'ERR_UNSUPPORTED',
      path,
    })
  }
  writeFileSync(partial, new Uint8Array(image), { flag: 'wx' })
}

/** Adds up what the attributes of the files count, and lists what recoveries of any of them lost. */
export function addHistory(file: File, shards: readonly Shard[]): void {
  const { file: first, layouts } = openLayouts((shards[0] as Shard).path)
  first.closeSync()
  for (const { layout } of layouts) {
    const { tally } = layout.format
    const rows = shards.map((shard) => shard.layouts.find(({ root }) => root === layout.root))
    const count = rows.reduce((all, one) => all + (one?.tally ?? 0), 0)
    if (!tally || count === 0) continue
    using group = file.groupSync(layout.root)
    group.attributes.setSync(tally, count)
  }
  const losses = shards.flatMap(({ path, losses }) => losses.map((line) => `${basename(path)}: ${line}`))
  if (losses.length === 0) return
  using group = file.groupSync(markedIn(file) ?? '/')
  group.attributes.setSync(lossesAttribute, losses)
}
