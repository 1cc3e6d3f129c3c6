// From columns in memory to the closed file: against h5py (fed frame by frame), h5wasm and the C++ floor.
import { rm, stat } from 'node:fs/promises'
import { floor, h5py, h5wasm, ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { spaced } from '../support/table.mjs'
import { against } from '../support/verdict.mjs'
import { DISTINCT, writeJsonLines } from '../support/workload.mjs'
import { compared } from './records.mjs'

export default async function columns({ frames, repeat, file }) {
  const source = file('frames.jsonl')
  const template = file('template.h5')
  const paths = { ours: file('ours.h5'), h5py: file('h5py.h5'), h5wasm: file('h5wasm.h5'), floor: file('floor.h5') }
  await writeJsonLines(source, DISTINCT)
  // The floor takes datasets, filters and values from a file of ours, so it applies our defaults.
  await ours('write', { way: 'columns', path: template, frames: DISTINCT, keep: true })
  const results = await alternate(repeat, {
    ours: () => ours('write', { way: 'columns', path: paths.ours, frames, keep: true }),
    h5wasm: () => h5wasm('write-columns', { path: paths.h5wasm, frames }),
    floor: () => floor({ template, path: paths.floor, frames, distinct: DISTINCT }),
    h5py: () => h5py('write', { path: paths.h5py, source, frames }),
  })
  const { bytes } = await compared(paths.ours, [paths.floor, paths.h5py, paths.h5wasm])
  checkSizes(bytes)
  const long = await longRun(10 * frames, repeat, template, paths)
  for (const path of [source, template, ...Object.values(paths)]) await rm(path)

  const rate = (name) => results[name].map(({ seconds }) => frames / seconds)
  const common = { unit: 'frames/s', higherIsBetter: true, ours: rate('ours') }
  const ported = against({
    what: 'writeFrames, against the h5py port',
    ...common,
    peer: rate('h5py'),
    atLeast: 25,
    aim: 40,
  })
  return [
    { ...ported, stats: results.ours.map(({ stats }) => stats) },
    against({ what: 'writeFrames, against h5wasm', ...common, peer: rate('h5wasm'), atLeast: 8, aim: 12 }),
    against({ what: 'writeFrames, against the C++ floor', ...common, peer: rate('floor'), atLeast: 0.8, aim: 0.9 }),
    long,
  ]
}

/** A run that is long enough for opening and closing to be a small part, against the floor only. */
async function longRun(frames, repeat, template, paths) {
  const { ours: written, floor: peer } = await alternate(repeat, {
    ours: () => ours('write', { way: 'columns', path: paths.ours, frames, keep: true }),
    floor: () => floor({ template, path: paths.floor, frames, distinct: DISTINCT }),
  })
  checkSizes([written.at(-1).bytes, (await stat(paths.floor)).size])
  const rate = (results) => results.map(({ seconds }) => frames / seconds)
  const what = `writeFrames, ${spaced(frames)} frames, against the C++ floor`
  const common = { unit: 'frames/s', higherIsBetter: true, atLeast: 0.9, aim: 0.95 }
  return {
    ...against({ what, ours: rate(written), peer: rate(peer), ...common }),
    stats: written.map(({ stats }) => stats),
  }
}

function checkSizes([ours, floor]) {
  // Ours may be smaller: its encoder takes longer where its threads have time to spare.
  if (ours / floor <= 1.01) return
  throw new Error(`the floor does not encode as the writer does by default: ${floor} bytes, not ${ours}`)
}
