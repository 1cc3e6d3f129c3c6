// The delay of the event loop, in milliseconds, while frames arrive at a steady rate. `write: false` measures the delay caused by
// the machine and the probe alone.
import { rmSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { TrackingWriter } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'
import { rigRecords } from '../support/workload.mjs'

const { path, framesPerSecond, seconds, write } = parameters()
const { cameraNames, tracks, fish } = rigRecords()
const writer = new TrackingWriter(path, cameraNames, { maxFish: fish, overwrite: true })
const accept = write ? (frame) => writer.writeFrame(frame, tracks[frame % tracks.length]) : () => true
// The probe is a timer of this many milliseconds; it records the time between two ticks.
const resolution = 1
const probe = monitorEventLoopDelay({ resolution })
let waits = 0
let frame = 0

async function run(duration) {
  const first = frame
  const start = performance.now()
  for (let now = start; now - start < duration * 1000; now = performance.now()) {
    const due = first + Math.floor(((now - start) / 1000) * framesPerSecond)
    while (frame < due) {
      if (accept(frame++)) continue
      waits++
      await writer.drain()
    }
    await sleep(1)
  }
}

await run(1)
probe.enable()
const before = frame
const start = performance.now()
await run(seconds)
const rate = (frame - before) / ((performance.now() - start) / 1000)
probe.disable()
await writer.close()
rmSync(path)
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution)
report({ p50: late(probe.percentile(50)), p99: late(probe.percentile(99)), max: late(probe.max), rate, waits })
