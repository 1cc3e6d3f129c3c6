/** Into which blocks the frames of a file are divided, and in which order the blocks are written. */
import { checkInteger } from '../../base/errors.js'
import { type FrameFile, lengthOf } from '../../frames/file/open.js'
import type { OpenColumn } from '../../frames/file/open-columns.js'
import { rowBytes } from '../../layout/model.js'

/** The stored size of a block that object stores deliver well. */
const storedBytes = 2 ** 20
/** The size of a block in memory, which a reader decodes for a few frames of it. */
const memoryBytes = 16 * 2 ** 20

/** The frames of one layout. */
export interface Part {
  readonly source: FrameFile
  readonly columns: readonly OpenColumn[]
  readonly frames: number
  /** Number of frames of a block. */
  readonly chunkFrames: number
}

/** The frames of a layout, in blocks of `chunkFrames` frames; without it, in blocks of about 1 MiB. */
export function partOf(source: FrameFile, chunkFrames: number | undefined): Part {
  const { columns } = source
  const frames = lengthOf(source)
  const widest = Math.max(1, ...columns.map(rowBytes))
  // A chunk must be smaller than 4 GiB.
  const most = Math.floor((2 ** 32 - 1) / widest)
  const given = chunkFrames === undefined ? undefined : checkInteger('chunkFrames', chunkFrames, 1, most)
  return { source, columns, frames, chunkFrames: given ?? Math.min(fitting(source, frames), most) }
}

/** A multiple of the number of frames in a chunk of the file. */
function fitting({ columns, chunkFrames }: FrameFile, frames: number): number {
  if (frames === 0) return chunkFrames
  const stored = columns.reduce((sum, { dataset }) => sum + dataset.detailsSync().storageSize, 0)
  const inMemory = columns.reduce((sum, column) => sum + rowBytes(column), 0)
  const wanted = Math.min((storedBytes * frames) / Math.max(stored, 1), memoryBytes / Math.max(inMemory, 1), frames)
  return Math.max(1, Math.round(wanted / chunkFrames)) * chunkFrames
}

/** Frames `start` to `stop` of a part. */
export interface Block {
  readonly part: Part
  readonly start: number
  readonly stop: number
}

/** All blocks in the order of time: those of several layouts side by side, as if all layouts took the same time. */
export function inTimeOrder(parts: readonly Part[]): Block[] {
  const blocks: (Block & { at: number })[] = []
  for (const part of parts) {
    for (let start = 0; start < part.frames; start += part.chunkFrames) {
      const stop = Math.min(start + part.chunkFrames, part.frames)
      blocks.push({ part, start, stop, at: start / part.frames })
    }
  }
  return blocks.sort((a, b) => a.at - b.at)
}
