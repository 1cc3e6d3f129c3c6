// Ten frames of all datasets of an open file: warm, always in the same chunk; cold, each time in a chunk not read before.
import { rm } from 'node:fs/promises'
import { h5py, ours } from '../support/child.mjs'
import { filesToRead } from '../support/files.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'
import { CHUNK } from '../support/workload.mjs'

const SIZE = 10
const WARM = Array.from({ length: 500 }, (_, i) => (i * 37) % (CHUNK - SIZE))

export default async function windows({ frames, repeat, file }) {
  const files = await filesToRead(frames, file)
  const chunks = Math.floor(frames / CHUNK)
  // Each chunk once, in an order that defeats read-ahead.
  const cold = Array.from({ length: chunks }, (_, i) => ((i * 7919) % chunks) * CHUNK + 450)
  const lines = []
  for (const [written, path] of Object.entries(files)) {
    for (const [state, starts, limits] of [
      ['warm', WARM, { atLeast: 2.5, aim: 3 }],
      ['cold', cold, { atLeast: 3, aim: 5 }],
    ]) {
      const results = await alternate(repeat, {
        read: () => ours('windows', { path, starts, size: SIZE }),
        readSync: () => ours('windows', { path, starts, size: SIZE, sync: true }),
        h5py: () => h5py('windows', { path, starts, size: SIZE }),
      })
      const times = (name) => results[name].map(({ seconds }) => 1e6 * seconds)
      for (const way of ['read', 'readSync']) {
        const what = `${SIZE} frames ${state}, ${way}, file of ${written}, against h5py`
        lines.push(against({ what, unit: 'us', ours: times(way), peer: times('h5py'), ...limits }))
      }
    }
    await rm(path)
  }
  return lines
}
