// A short recording, written repeatedly by one process: seconds of each pass from open to closed, of
// processor time of all threads, of the constructor, which blocks the
// main thread, of the call of close on the main thread, and of close until the file is closed. The first pass is the process's first.
import { rmSync } from 'node:fs'
import { TrackingWriter } from '../../dist/library/index.js'
import { cpuSeconds, parameters, report, settle } from '../support/child.mjs'
import { rigRecords } from '../support/workload.mjs'

const { path, passes, keep, cameras, fish, frames } = parameters()
const { cameraNames, tracks } = rigRecords({ cameras, fish, distinct: frames })
const whole = []
const cpu = []
const opening = []
const calling = []
const closing = []
await settle()
for (let pass = 0; pass < passes; pass++) {
  rmSync(path, { force: true })
  const used = process.cpuUsage()
  const start = performance.now()
  const writer = new TrackingWriter(path, cameraNames, { maxFish: fish })
  const opened = performance.now()
  for (let frame = 0; frame < frames; frame++) {
    if (!writer.writeFrame(frame, tracks[frame])) await writer.drain()
  }
  const written = performance.now()
  const closed = writer.close()
  const called = performance.now()
  await closed
  const end = performance.now()
  cpu.push(cpuSeconds(used))
  whole.push((end - start) / 1000)
  opening.push((opened - start) / 1000)
  calling.push((called - written) / 1000)
  closing.push((end - written) / 1000)
}
if (!keep) rmSync(path)
report({ whole, cpu, opening, calling, closing })
