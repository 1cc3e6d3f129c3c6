/** A range of frames by their indices, and the rows of a file that hold it. */
import { invalidArgument } from '../base/errors.js'

/** A range of frames, by their index (the number that `writeFrame` was given). */
export interface IndexRange {
  /** The first frame index. Default: that of the first frame. */
  start?: number | bigint
  /** The frame index after the last one. Default: all to the end. */
  stop?: number | bigint
}

/** A checked range, and whether a frame index is in it. */
export interface CheckedRange {
  readonly start: bigint | null
  readonly stop: bigint | null
  has(frameIndex: bigint): boolean
}

/** Throws ERR_INVALID_ARGUMENT. */
export function checkRange({ start, stop }: IndexRange): CheckedRange {
  const first = start === undefined ? null : toIndex('start', start)
  const end = stop === undefined ? null : toIndex('stop', stop)
  if (first !== null && end !== null && end < first) {
    throw invalidArgument('stop', stop, `a frame index of at least start (${first})`)
  }
  return { start: first, stop: end, has: (at) => (first === null || at >= first) && (end === null || at < end) }
}

function toIndex(name: string, value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (Number.isSafeInteger(value)) return BigInt(value as number)
  throw invalidArgument(name, value, 'a frame index: a safe integer or a bigint')
}

/** Consecutive rows of a file. */
export interface RowRange {
  start: number
  stop: number
}

const indicesAtOnce = 2 ** 20

/**
 * The consecutive rows of a file with `length` rows whose frame indices are in the range: several, if the indices do not increase. At most
 * the frame indices are read.
 */
export async function rowsInRange(
  length: number,
  range: CheckedRange,
  readIndices: (rows: RowRange) => Promise<BigInt64Array>,
): Promise<RowRange[]> {
  if (range.start === null && range.stop === null) return length === 0 ? [] : [{ start: 0, stop: length }]
  const found: RowRange[] = []
  for (let from = 0; from < length; from += indicesAtOnce) {
    const indices = await readIndices({ start: from, stop: Math.min(length, from + indicesAtOnce) })
    for (let i = 0; i < indices.length; i++) {
      if (!range.has(indices[i] as bigint)) continue
      const last = found.at(-1)
      if (last?.stop === from + i) last.stop++
      else found.push({ start: from + i, stop: from + i + 1 })
    }
  }
  return found
}
