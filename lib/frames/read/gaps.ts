/** Finds the frames that are missing between consecutive frames of a file. */
import { narrow } from '../file/last-frame-index.js'
import type { WindowSource } from '../file/window-source.js'
import { windowsOf } from './frames.js'

/** A range of frame indices that a file does not have. */
export interface FrameGap {
  /** Index of the frame before the gap. A bigint only beyond the safe integers. */
  after: number | bigint
  /** Index of the frame after the gap. A bigint only beyond the safe integers. */
  before: number | bigint
  /** Number of indices between them. */
  missing: number
}

const gapBytes = 96

/** Finds the gaps in the first `stop` rows. Reads only the frame indices, in windows. */
export async function readGaps(source: WindowSource, stop: number): Promise<FrameGap[]> {
  const columns = source.columns.filter(({ field }) => field === source.layout.index)
  const gaps: FrameGap[] = []
  let last: bigint | null = null
  for (const [from, to] of windowsOf({ columns, chunkFrames: wholeChunks(source.chunkFrames) }, 0, stop)) {
    const [indices] = await source.readColumns(columns, from, to)
    const values = indices?.data as BigInt64Array
    collect(values, last, gaps)
    last = values.at(-1) ?? last
    source.checkRoom?.(gaps.length * gapBytes)
  }
  return gaps
}

const fewest = 2 ** 16

// Indices take 8 bytes a frame, so that windows of one small chunk would be mostly overhead.
function wholeChunks(chunkFrames: number): number {
  return chunkFrames * Math.max(1, Math.floor(fewest / chunkFrames))
}

function collect(values: BigInt64Array, last: bigint | null, gaps: FrameGap[]): void {
  if (values.length === 0) return
  if (last !== null) add(last, values[0] as bigint, gaps)
  // Each int64 is read as two int32, the lower half first, because bigints are slow; they are used beyond the safe integers.
  const halves = new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
  let before = numberAt(halves, 0)
  for (let i = 1; i < values.length; i++) {
    const index = numberAt(halves, i)
    const isSafe = Number.isSafeInteger(before) && Number.isSafeInteger(index)
    if (index !== before + 1 || !isSafe) add(values[i - 1] as bigint, values[i] as bigint, gaps)
    before = index
  }
}

function numberAt(halves: Int32Array, i: number): number {
  return (halves[2 * i + 1] as number) * 2 ** 32 + ((halves[2 * i] as number) >>> 0)
}

function add(after: bigint, before: bigint, gaps: FrameGap[]): void {
  const missing = before - after - 1n
  if (missing > 0n) gaps.push({ after: narrow(after), before: narrow(before), missing: Number(missing) })
}
