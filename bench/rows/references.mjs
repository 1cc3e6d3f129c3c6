// References to the chunks of many short recordings, in one file or in a file for each; extrapolated to 10 000.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

const RECORDINGS = 10_000
const FRAMES = 2000

export default async function references({ frames, repeat, file }) {
  const count = Math.max(4, Math.round(frames / 250))
  const path = file('references')
  const results = await alternate(Math.min(repeat, 3), {
    one: () => ours('references', { path, count, frames: FRAMES, each: false }),
    each: () => ours('references', { path, count, frames: FRAMES, each: true }),
  })
  const line = (name, what) =>
    below({
      what: `references of 10 000 recordings of ${FRAMES} frames, ${what} (measured: ${count})`,
      unit: 's',
      ours: results[name].map(({ seconds }) => (seconds / count) * RECORDINGS),
      atLeast: 300,
      aim: 150,
    })
  return [line('one', 'one file'), line('each', 'a file for each')]
}
