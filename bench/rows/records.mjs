// From TrackRecord[] to the closed file, against h5py and h5wasm. The files are compared once, without the clock.
import { rm } from 'node:fs/promises'
import { h5py, h5wasm, ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against, below } from '../support/verdict.mjs'
import { writeJsonLines } from '../support/workload.mjs'

export default async function records({ frames, repeat, file }) {
  const source = file('frames.jsonl')
  const paths = { ours: file('ours.h5'), h5py: file('h5py.h5'), h5wasm: file('h5wasm.h5') }
  await writeJsonLines(source, 4000)
  const results = await alternate(repeat, {
    ours: () => ours('write', { way: 'records', path: paths.ours, frames, keep: true }),
    h5py: () => h5py('write', { path: paths.h5py, source, frames }),
    h5wasm: () => h5wasm('write-records', { path: paths.h5wasm, frames }),
  })
  const { bytes } = await compared(paths.ours, [paths.h5py, paths.h5wasm])
  for (const path of [source, ...Object.values(paths)]) await rm(path)

  const rate = (name) => results[name].map(({ seconds }) => frames / seconds)
  const common = { unit: 'frames/s', higherIsBetter: true, ours: rate('ours') }
  const ported = against({
    what: 'writeFrame, against the h5py port',
    ...common,
    peer: rate('h5py'),
    atLeast: 20,
    aim: 25,
  })
  return [
    // Our time by stage: encoding, summed over threads, and committing.
    { ...ported, stats: results.ours.map(({ stats }) => stats) },
    against({ what: 'writeFrame, against h5wasm', ...common, peer: rate('h5wasm'), atLeast: 11, aim: 14 }),
    {
      ...below({
        what: "size of the file, relative to the h5py port's",
        unit: '',
        ours: [bytes[0] / bytes[1]],
        atLeast: 0.94,
        aim: 0.85,
      }),
      bytes,
    },
  ]
}

/** The sizes of the files; throws an error that names the differences if their values differ. */
export async function compared(path, others) {
  const { differing, bytes } = await h5py('compare', { path, others })
  if (differing.length > 0) throw new Error(`the files differ: ${differing.join('; ')}`)
  return { bytes }
}
