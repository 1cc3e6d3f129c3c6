// `h5tracks info *.h5`: the whole process that lists many short recordings, against h5py.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { python } from '../../test/support/interpreter.js'
import { CLI } from '../support/build.mjs'
import { here, measure, ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'
import { RIG } from '../support/workload.mjs'

const FRAMES = 1800

export default async function listing({ frames, repeat, file }) {
  const count = Math.round(frames / 50)
  const directory = file('listing')
  mkdirSync(directory)
  const names = Array.from({ length: count }, (_, i) => join(directory, `${String(i).padStart(5, '0')}.h5`))
  await ours('write', { way: 'records', path: names[0], frames: FRAMES, distinct: FRAMES, ...RIG, keep: true })
  for (const name of names.slice(1)) copyFileSync(names[0], name)
  const seconds = async (command, args) => (await measure(command, [...args, ...names])).wall
  const results = await alternate(repeat, {
    ours: () => seconds(process.execPath, [CLI, 'info']),
    h5py: () => seconds(python(), [here('peers/listing_h5py.py')]),
  })
  rmSync(directory, { recursive: true })
  return [
    against({
      what: `h5tracks info of ${count} recordings, against h5py`,
      unit: 's',
      ours: results.ours,
      peer: results.h5py,
    }),
  ]
}
