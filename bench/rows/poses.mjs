// Poses of 5 animals with 17 keypoints, by FrameWriter, against h5py as users of SLEAP and DeepLabCut write it.
import { rm } from 'node:fs/promises'
import { ours, posesH5py } from '../support/child.mjs'
import { writePoseLines } from '../support/layouts.mjs'
import { alternate } from '../support/statistics.mjs'
import { against, below } from '../support/verdict.mjs'

export default async function poses({ frames, repeat, file }) {
  const source = file('poses.jsonl')
  const paths = {
    records: file('records.h5'),
    nested: file('nested.h5'),
    columns: file('columns.h5'),
    h5py: file('h5py.h5'),
  }
  await writePoseLines(source)
  const write = (kind, way, path) => () => ours('layouts', { kind, way, path, frames, keep: true })
  const results = await alternate(repeat, {
    records: write('poses', 'records', paths.records),
    nested: write('nested', 'records', paths.nested),
    columns: write('poses', 'columns', paths.columns),
    h5py: () => posesH5py('write', { path: paths.h5py, source, frames }),
  })
  const { differing, bytes } = await posesH5py('compare', {
    path: paths.records,
    others: [paths.h5py, paths.nested, paths.columns],
  })
  if (differing.length > 0) throw new Error(`the files differ: ${differing.join('; ')}`)
  for (const path of [source, ...Object.values(paths)]) await rm(path)

  const rate = (name) => results[name].map(({ seconds }) => frames / seconds)
  const common = { unit: 'frames/s', higherIsBetter: true, peer: rate('h5py') }
  const size = { what: "size of the file, relative to h5py's", unit: '', ours: [bytes[0] / bytes[1]], atLeast: 1 }
  return [
    {
      ...against({ what: 'writeFrame, against h5py', ...common, ours: rate('records'), atLeast: 12 }),
      stats: results.records,
    },
    against({ what: 'writeFrame, nested arrays, against h5py', ...common, ours: rate('nested') }),
    {
      ...against({ what: 'writeFrames, against h5py', ...common, ours: rate('columns'), atLeast: 25 }),
      stats: results.columns,
    },
    { ...below(size), bytes },
  ]
}
