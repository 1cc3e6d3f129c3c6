// The cost of frames that survive the process, or a power loss, against a writer without a journal.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'

const WAYS = { records: 'writeFrame', columns: 'writeFrames' }

export default async function durability({ frames, repeat, file }) {
  const path = file('durable.h5')
  const lines = []
  for (const [way, call] of Object.entries(WAYS)) {
    const write = (durability) => ours('write', { way, path, frames, options: { durability } })
    const results = await alternate(repeat, {
      process: () => write('process'),
      power: () => write('power'),
      none: () => write('none'),
    })
    const rate = (name) => results[name].map(({ seconds }) => frames / seconds)
    const common = { unit: 'frames/s', higherIsBetter: true, peer: rate('none') }
    lines.push(
      against({ what: `${call}, 'process' against 'none'`, ours: rate('process'), ...common, atLeast: 0.95 }),
      against({ what: `${call}, 'power' against 'none'`, ours: rate('power'), ...common }),
    )
  }
  return lines
}
