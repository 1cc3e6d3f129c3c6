// The time of each call on the main thread, in microseconds per frame. `way`: 'fresh' passes records made just before the call,
// as a tracker does; 'cycled' passes records that have left the CPU caches; 'columns' passes batches of `batch` frames.
import { rmSync } from 'node:fs'
import { TrackingWriter } from '../../dist/library/index.js'
import { Rig } from '../../dist/simulate/rig.js'
import { parameters, report } from '../support/child.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { RIG, rigColumns, rigRecords } from '../support/workload.mjs'

function* inputs({ way, frames, batch }) {
  if (way === 'fresh') {
    const rig = new Rig({ ...RIG, frames })
    for (const { frameIndex, tracks } of rig.frames()) yield { frameIndex, tracks, n: 1 }
  } else if (way === 'cycled') {
    const { tracks } = rigRecords()
    for (let frame = 0; frame < frames; frame++)
      yield { frameIndex: frame, tracks: tracks[frame % tracks.length], n: 1 }
  } else {
    const { batches } = rigColumns({ batch })
    for (let frame = 0, i = 0; frame < frames; frame += batch, i++) {
      const columns = batches[i % batches.length]
      columns.number(frame)
      yield { columns: columns.batch(), n: batch }
    }
  }
}

const options = parameters()
const { cameraNames } = new Rig({ ...RIG, frames: 0 })
const writer = new TrackingWriter(options.path, cameraNames, { maxFish: RIG.fish, overwrite: true })
const perFrame = []
for (const { frameIndex, tracks, columns, n } of inputs(options)) {
  const start = performance.now()
  const more = columns ? writer.writeFrames(columns) : writer.writeFrame(frameIndex, tracks)
  perFrame.push(((performance.now() - start) * 1000) / n)
  if (!more) await writer.drain()
}
await writer.close()
rmSync(options.path)
const mean = perFrame.reduce((sum, value) => sum + value, 0) / perFrame.length
report({ median: median(perFrame), mean, p99: quantile(perFrame, 0.99), max: quantile(perFrame, 1) })
