// Seconds from the first frame to the closed file, and of the CPU in all threads. `way` is 'records' (writeFrame) or 'columns' (writeFrames), `options` are
// those of the writer.
import { rmSync, statSync } from 'node:fs'
import { TrackingWriter } from '../../dist/library/index.js'
import { cpuSeconds, parameters, report, settle } from '../support/child.mjs'
import { rigColumns, rigRecords } from '../support/workload.mjs'

async function writeRecords(path, frames, options, { cameraNames, tracks, fish }) {
  const start = performance.now()
  const writer = new TrackingWriter(path, cameraNames, { ...options, maxFish: fish, overwrite: true })
  for (let frame = 0; frame < frames; frame++) {
    if (!writer.writeFrame(frame, tracks[frame % tracks.length])) await writer.drain()
  }
  await writer.close()
  return { seconds: (performance.now() - start) / 1000, stats: writer.stats?.() }
}

async function writeColumns(path, frames, options, { cameraNames, batches, fish }) {
  const start = performance.now()
  const writer = new TrackingWriter(path, cameraNames, { ...options, maxFish: fish, overwrite: true })
  for (let frame = 0, i = 0; frame < frames; i = (i + 1) % batches.length) {
    const columns = batches[i]
    columns.number(frame)
    if (!writer.writeFrames(columns.batch())) await writer.drain()
    frame += columns.frameIndex.length
  }
  await writer.close()
  return { seconds: (performance.now() - start) / 1000, stats: writer.stats?.() }
}

const { path, frames, way, keep, options, ...rig } = parameters()
const write = way === 'records' ? writeRecords : writeColumns
const workload = way === 'records' ? rigRecords(rig) : rigColumns(rig)
await settle()
const began = process.cpuUsage()
const { seconds, stats } = await write(path, frames, options, workload)
const cpu = cpuSeconds(began)
const bytes = statSync(path).size
if (!keep) rmSync(path)
report({
  seconds,
  cpu,
  bytes,
  stats: JSON.parse(JSON.stringify(stats ?? null, (_, value) => (typeof value === 'bigint' ? Number(value) : value))),
})
