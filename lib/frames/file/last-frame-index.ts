/** The number of frames of a file and the index of the last one. */
import type { File } from '../../hdf5/objects/file.js'
import type { Layout } from '../../layout/model.js'

/** The number of frames, and the index of the last one: a bigint only beyond the safe integers, null without frames. */
export function countFrames(
  file: File,
  { root, index }: Layout,
): { frames: number; lastFrameIndex: number | bigint | null } {
  using indices = file.datasetSync(`${root}/${index.dataset}`)
  const frames = indices.shapeSync()?.[0] ?? 0
  return {
    frames,
    lastFrameIndex: frames === 0 ? null : narrow((indices.readSync([frames - 1]).data as BigInt64Array)[0]!),
  }
}

/** Converts a bigint to a number if that is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
