// The delay of the event loop while 10 000 frames/s are written; the peer is the same loop without writing.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

export default async function loopDelay({ frames, repeat, file }) {
  const common = { path: file('paced.h5'), framesPerSecond: 10_000, seconds: Math.max(1, Math.min(10, frames / 5000)) }
  const { writing, idle } = await alternate(Math.min(repeat, 3), {
    writing: () => ours('loop-delay', { ...common, write: true }),
    idle: () => ours('loop-delay', { ...common, write: false }),
  })
  const line = (what, value, limits) => ({
    ...below({
      what: `delay at 10 000 frames/s, ${what} (peer: without writing)`,
      unit: 'ms',
      ours: writing.map((result) => result[value]),
      peer: idle.map((result) => result[value]),
      ...limits,
    }),
    runs: { writing, idle },
  })
  return [line('p99', 'p99', { atLeast: 5, aim: 2 }), line('max', 'max', { atLeast: 20, aim: 10 })]
}
