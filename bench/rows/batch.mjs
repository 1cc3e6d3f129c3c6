// A batch of recordings of a minute, four at a time in one process, against one long file with as many frames.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { spaced } from '../support/table.mjs'
import { against } from '../support/verdict.mjs'

const FRAMES = 1800

export default async function batch({ frames, repeat, file }) {
  const recordings = Math.max(4, Math.round(frames / 50))
  const path = file('batch')
  const results = await alternate(repeat, {
    many: () => ours('batch', { path, recordings, frames: FRAMES, atOnce: 4 }),
    one: () => ours('batch', { path, recordings: 1, frames: recordings * FRAMES, atOnce: 1 }),
  })
  const rate = (name) => results[name].map(({ seconds }) => (recordings * FRAMES) / seconds)
  return [
    against({
      what: `${spaced(recordings)} recordings of ${FRAMES} frames, 4 at a time, against one file`,
      unit: 'frames/s',
      higherIsBetter: true,
      ours: rate('many'),
      peer: rate('one'),
      atLeast: 0.7,
      aim: 0.9,
    }),
  ]
}
