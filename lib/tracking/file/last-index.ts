import type { TrackingFile } from './open.js'

/** Index of the last of a file's `frames` frames: a bigint only beyond the safe integers, null where there is none. */
export function lastFrameIndex({ columns }: TrackingFile, frames: number): number | bigint | null {
  const column = columns.find(({ field }) => field === 'frameIndex')
  if (frames === 0 || column === undefined) return null
  const { data } = column.dataset.readSync([frames - 1])
  return narrow((data as BigInt64Array)[0] as bigint)
}

/** A number where that is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
