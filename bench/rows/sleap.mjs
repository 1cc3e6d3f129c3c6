// Converting a SLEAP analysis file of two animals with 24 nodes, against sleap-io.js loading it.
import { rm } from 'node:fs/promises'
import { python } from '../../test/support/interpreter.js'
import { answer, here, ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'

export default async function sleap({ frames, repeat, file }) {
  const source = file('clip.analysis.h5')
  const path = file('poses.h5')
  const size = { frames: 2 * frames, tracks: 2, nodes: 24 }
  await answer(python(), [here('peers/analysis_h5py.py'), JSON.stringify({ path: source, ...size })])
  const results = await alternate(repeat, {
    ours: () => ours('sleap', { source, path, how: 'convert' }),
    peer: () => ours('sleap', { source, path, how: 'load' }),
  })
  for (const used of [source, path]) await rm(used)
  const counts = [...results.ours, ...results.peer].map((one) => one.frames)
  if (counts.some((count) => count !== size.frames)) throw new Error(`${size.frames} frames became ${counts}`)
  const row = (what, value, bounds) =>
    against({
      what: `${size.frames} frames of SLEAP analysis HDF5 (2 animals, 24 nodes) into h5tracks, against sleap-io.js loading them${what}`,
      unit: 's',
      ours: results.ours.map(value),
      peer: results.peer.map(value),
      ...bounds,
    })
  return [
    row('', ({ seconds }) => seconds, { atLeast: 5, aim: 10 }),
    row(': CPU time of all threads', ({ cpu }) => cpu, {}),
  ]
}
