// `runPool` on two cores, against one process that writes the same recordings one after the other. Frames that a tracker makes as it
// goes, and frames that are only written: there, one process uses more than one core already, for its encoder has threads.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'

const RECORDINGS = 8

export default async function pool({ frames, repeat, file }) {
  const path = file('pool')
  const write = (kind, workers, each) => () =>
    ours('pool', { path, kind, workers, recordings: RECORDINGS, frames: each })
  const few = Math.ceil(frames / 5)
  const results = await alternate(repeat, {
    tracked: write('tracked', 2, few),
    trackedByOne: write('tracked', 0, few),
    written: write('written', 2, frames),
    writtenByOne: write('written', 0, frames),
  })
  const rate = (name, each) => results[name].map(({ seconds }) => (each * RECORDINGS) / seconds)
  const common = { unit: 'frames/s', higherIsBetter: true }
  const who = 'runPool with 2 workers, against one process'
  return [
    against({
      what: `${who}: a tracker and its frames`,
      ...{ ours: rate('tracked', few), peer: rate('trackedByOne', few), ...common, atLeast: 1.7 },
    }),
    against({
      what: `${who}: frames that are only written`,
      ...{ ours: rate('written', frames), peer: rate('writtenByOne', frames), ...common, atLeast: 1.2 },
    }),
  ]
}
