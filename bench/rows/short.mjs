// A recording of a minute at 30 Hz (1800 frames): from open to closed against the h5py port, and how long the constructor and close take.
import { rm, writeFile } from 'node:fs/promises'
import { h5py, ours } from '../support/child.mjs'
import { alternate, median, quantile } from '../support/statistics.mjs'
import { against, below } from '../support/verdict.mjs'
import { RIG, rigRecords } from '../support/workload.mjs'
import { compared } from './records.mjs'

const FRAMES = 1800
// Passes in a process; those after WARMUP are measured as warm, and the first as cold.
const WARMUP = 10
const PASSES = 40
const PEER_ROUNDS = 4

/** Cameras; datasets. */
const SHAPES = [
  [1, 9],
  [RIG.cameras, 33],
  [64, 135],
]

export default async function short({ repeat, file }) {
  const source = file('short.json')
  const paths = { ours: file('short.h5'), h5py: file('short-h5py') }
  const { cameraNames, tracks, fish } = rigRecords({ distinct: FRAMES })
  await writeFile(source, JSON.stringify({ cameras: cameraNames, maxFish: fish, frames: [...tracks.entries()] }))
  const write = (cameras) => () =>
    ours('short', { path: paths.ours, passes: PASSES, keep: true, frames: FRAMES, fish, cameras })
  const results = await alternate(repeat, {
    ...Object.fromEntries(SHAPES.map(([cameras]) => [cameras, write(cameras)])),
    h5py: () => h5py('recordings', { path: paths.h5py, sources: [source], rounds: PEER_ROUNDS }),
  })
  // The last process may have been one with fewer cameras.
  await write(RIG.cameras)()
  await compared(paths.ours, [`${paths.h5py}.0.h5`])
  for (const path of [source, paths.ours, `${paths.h5py}.0.h5`]) await rm(path)

  const warm = (times) => times.slice(WARMUP).map((seconds) => 1000 * seconds)
  const each = (cameras, part, of) => results[cameras].map((result) => of(result[part]))
  const time = (what, samples, limits) => below({ what, unit: 'ms', ours: samples, ...limits })
  return [
    against({
      what: `${FRAMES} frames, open to closed, warm, against the h5py port`,
      unit: 'ms',
      ours: each(RIG.cameras, 'whole', (times) => median(warm(times))),
      peer: results.h5py.map(({ seconds }) => 1000 * median(seconds[0])),
      atLeast: 15,
      aim: 25,
    }),
    against({
      what: 'the same, processor time of all threads',
      unit: 'ms',
      ours: each(RIG.cameras, 'cpu', (times) => median(warm(times))),
      peer: results.h5py.map(({ cpu }) => 1000 * median(cpu[0])),
    }),
    ...SHAPES.flatMap(([cameras, datasets]) => {
      const line = (what, part, of, limits) => time(`${datasets} datasets: ${what}`, each(cameras, part, of), limits)
      const limits = datasets === 33 ? { atLeast: 3, aim: 1 } : {}
      return [
        line('new TrackingWriter, warm, median', 'opening', (times) => median(warm(times)), limits),
        line('new TrackingWriter, warm, longest', 'opening', (times) => quantile(warm(times), 1)),
        line('new TrackingWriter, first in the process', 'opening', ([first]) => 1000 * first),
        line('close() on the main thread, warm, median', 'calling', (times) => median(warm(times))),
        line('close until the file is closed, warm, median', 'closing', (times) => median(warm(times))),
        line('close until the file is closed, first in the process', 'closing', ([first]) => 1000 * first),
      ]
    }),
  ]
}
