// The total throughput of eight concurrent writers in one process, against one writer with as many frames.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'

const WRITERS = 8

export default async function writers({ frames, repeat, file }) {
  const path = file('many')
  // Long enough that opening and closing take a small part, as in a run of a minute.
  const each = frames
  const results = await alternate(repeat, {
    eight: () => ours('many-writers', { path, writers: WRITERS, frames: each }),
    one: () => ours('many-writers', { path, writers: 1, frames: each * WRITERS }),
  })
  const rate = (name) => results[name].map(({ seconds }) => (each * WRITERS) / seconds)
  const what = 'total throughput of 8 concurrent writers, against one writer'
  const common = { unit: 'frames/s', higherIsBetter: true, atLeast: 0.9, aim: 1 }
  return [against({ what, ours: rate('eight'), peer: rate('one'), ...common })]
}
