import type { WriterOptions } from 'h5tracks'
import { scratch } from '../support/scratch.js'
import { CAMERAS, type Frame, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'

/** Writes the frames of `school` to files with so many frames each. */
export async function shardsOf(
  counts: readonly number[],
  options: WriterOptions = {},
  frames: readonly Frame[] = school(counts.reduce((all, n) => all + n, 0)),
): Promise<string[]> {
  const paths: string[] = []
  let first = 0
  for (const [i, count] of counts.entries()) {
    const path = scratch(`shard-${i}.h5`)
    paths.push(await written(frames.slice(first, first + count), CAMERAS, { chunkFrames: 10, ...options }, path))
    first += count
  }
  return paths
}
