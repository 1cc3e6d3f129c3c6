// A sensor of 8 float32 at 1 kHz, one record a frame: how many times faster than it delivers.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { above } from '../support/verdict.mjs'

export default async function sensor({ frames, repeat, file }) {
  const many = 20 * frames
  const path = file('sensor.h5')
  const write = (way) => () => ours('layouts', { kind: 'sensor', way, path, frames: many })
  const results = await alternate(repeat, { records: write('records'), columns: write('columns') })
  const rate = (name) => results[name].map(({ seconds }) => many / seconds)
  return [
    {
      ...above({ what: 'writeFrame', unit: 'frames/s', ours: rate('records'), atLeast: 300_000 }),
      stats: results.records,
    },
    {
      ...above({ what: 'writeFrames of 1000', unit: 'frames/s', ours: rate('columns'), atLeast: 1_000_000 }),
      stats: results.columns,
    },
  ]
}
