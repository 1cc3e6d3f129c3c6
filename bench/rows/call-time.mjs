// The time of one frame on the main thread.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

export default async function callTime({ frames, repeat, file }) {
  const path = file('calls.h5')
  const few = Math.min(frames, 20_000)
  const results = await alternate(repeat, {
    fresh: () => ours('call-time', { way: 'fresh', frames: few, path }),
    cycled: () => ours('call-time', { way: 'cycled', frames: few, path }),
    whole: () => ours('call-time', { way: 'columns', batch: 1000, frames, path }),
    parts: () => ours('call-time', { way: 'columns', batch: 100, frames, path }),
  })
  const line = (what, name, value, limits) => ({
    ...below({ what, unit: 'us', ours: results[name].map((result) => result[value]), ...limits }),
    calls: results[name],
  })
  return [
    line('writeFrame, records just made, median', 'fresh', 'median', { atLeast: 10, aim: 6 }),
    line('writeFrame, records just made, mean', 'fresh', 'mean'),
    line('writeFrame, records not in the CPU caches, median', 'cycled', 'median'),
    line('writeFrames of 1000 frames, median per frame', 'whole', 'median', { atLeast: 1, aim: 0.5 }),
    line('writeFrames of 100 frames, mean per frame', 'parts', 'mean'),
  ]
}
