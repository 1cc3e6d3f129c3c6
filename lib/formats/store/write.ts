/** Writes recordings into a new file: each becomes a group. */
import { H5TracksError, show } from '../../base/errors.js'
import { FrameFileWriter } from '../../frames/write/frame-file-writer.js'
import type { ColumnsInput } from '../../layout/infer.js'
import { columnsOf, type Layout, rowsIn, usesCameras } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import type { Recording, WriteOptions } from '../core/format.js'
import { asTracking, fitsTracking } from './aquapose.js'

const chunkBytes = 8 * 2 ** 20
const mostChunkFrames = 1000
const blocksBytes = 24 * 2 ** 20
const [leastInFlight, mostInFlight] = [3, 16]

/** Writes recordings one after another. Frames of a large layout get smaller chunks, so that memory stays bounded. */
export async function writeStore(given: readonly Recording[], path: string, options: WriteOptions): Promise<void> {
  const recordings = given.map((one) =>
    options.tracking && fitsTracking(one) ? asTracking(one, options.finalPath, options.report) : one,
  )
  checkNames(recordings, options.finalPath)
  const layouts = Object.fromEntries(recordings.map((recording, i) => [`r${i}`, described(recording, options)]))
  const chunkFrames = Object.fromEntries(recordings.map((recording, i) => [`r${i}`, chunkFramesOf(recording, options)]))
  const cameras = camerasOf(recordings)
  const file = new FrameFileWriter<Record<string, Layout>>(path, layouts, {
    ...(cameras.length > 0 || recordings.some(({ layout }) => usesCameras(layout)) ? { cameras } : {}),
    chunkFrames,
    ...(options.small && { compression: 'small' }),
    frameOrder: 'any',
    durability: 'none',
    blocksInFlight: blocksInFlightOf(recordings, Object.values(chunkFrames)),
  })
  try {
    for (const [i, recording] of recordings.entries()) {
      const writer = file.writers[`r${i}`]
      for await (const batch of recording.batches()) {
        options.signal?.throwIfAborted()
        if (!writer?.writeFrames(batch as unknown as ColumnsInput<LayoutSpec>)) await writer?.drain()
      }
    }
  } catch (error) {
    await file.close().catch(() => {})
    throw error
  }
  await file.close()
}

function checkNames(recordings: readonly Recording[], path: string): void {
  const roots = recordings.map(({ layout }) => layout.root)
  const twice = roots.find((root, i) => roots.indexOf(root) !== i)
  if (twice === undefined) return
  throw new H5TracksError(`${path} cannot hold two recordings of the name ${show(twice.slice(1))}`, {
    code: 'ERR_INVALID_ARGUMENT',
    path,
    field: 'recordings',
  })
}

/** The layout with the metadata of the recording and of the options among its attributes. */
function described({ layout, metadata }: Recording, options: WriteOptions): Layout {
  return Object.freeze({ ...layout, attributes: { ...layout.attributes, ...metadata, ...options.metadata } })
}

function chunkFramesOf({ layout, cameras, frames }: Recording, { chunkFrames }: WriteOptions): number {
  if (chunkFrames !== undefined) return chunkFrames
  const most = Math.min(mostChunkFrames, rowsIn(chunkBytes, columnsOf(layout, cameras, layout.slots)))
  return Math.max(1, Math.min(most, frames ?? most))
}

/** Enough blocks for a batch and the next, so that the loop need not wait for a free one; fewer where they are large. */
function blocksInFlightOf(recordings: readonly Recording[], chunkFrames: readonly number[]): number {
  const rows = recordings.map(({ layout, cameras }) => rowsIn(blocksBytes, columnsOf(layout, cameras, layout.slots)))
  const fitting = rows.map((count, i) => Math.floor(count / recordings.length / (chunkFrames[i] as number)))
  return Math.max(leastInFlight, Math.min(mostInFlight, ...fitting))
}

/** The cameras of all recordings, in the order in which they first occur. */
function camerasOf(recordings: readonly Recording[]): string[] {
  return [...new Set(recordings.flatMap(({ cameras }) => cameras))]
}
