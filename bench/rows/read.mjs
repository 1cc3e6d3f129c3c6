// A whole file into typed arrays: our file and one written by h5py, against h5py and h5wasm reading the same file.
import { rm } from 'node:fs/promises'
import { h5py, h5wasm, ours } from '../support/child.mjs'
import { filesToRead } from '../support/files.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'

// Each process reads this many times. The first read is not counted, so that files and code are warm for every library.
const ROUNDS = 4

export default async function read({ frames, repeat, file }) {
  const files = await filesToRead(frames, file)
  const lines = []
  for (const [written, path] of Object.entries(files)) {
    const results = await alternate(repeat, {
      ours: () => ours('read', { path, rounds: ROUNDS }),
      h5py: () => h5py('read', { path, rounds: ROUNDS }),
      h5wasm: () => h5wasm('read', { path, rounds: ROUNDS }),
    })
    const times = (name) => results[name].map(({ seconds }) => 1000 * median(seconds.slice(1)))
    const first = Object.fromEntries(
      Object.entries(results).map(([name, list]) => [name, list.map((r) => r.seconds[0])]),
    )
    for (const peer of ['h5py', 'h5wasm']) {
      const what = `readTrackingResults, file of ${written}, against ${peer}`
      const limits = peer === 'h5py' ? { atLeast: written === 'ours' ? 5.5 : 5, aim: 6.5 } : { atLeast: 4, aim: 6 }
      lines.push({ ...against({ what, unit: 'ms', ours: times('ours'), peer: times(peer), ...limits }), first })
    }
    await rm(path)
  }
  return lines
}
