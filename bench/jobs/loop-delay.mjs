// The delay of the event loop, in milliseconds, while frames arrive at a steady rate. `write: false` measures the delay caused by
// the machine and the probe alone. With `url`, windows of a remote file are read all the time.
import { rmSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { TrackingReader, TrackingWriter } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'
import { rigRecords } from '../support/workload.mjs'

const { path, framesPerSecond, seconds, write, url } = parameters()
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

let windows = 0
let over = false
async function readRemote() {
  // Less than a window's file, so that every read waits for the network.
  const reader = await TrackingReader.open(url, { cache: 4 * 2 ** 20 })
  for (; !over; windows++) {
    const start = (windows * 7919) % Math.max(1, reader.length - 600)
    await reader.read({ start, stop: start + 600 })
  }
  reader.close()
}

const reading = url ? readRemote() : undefined
await run(1)
probe.enable()
const before = frame
const start = performance.now()
await run(seconds)
const rate = (frame - before) / ((performance.now() - start) / 1000)
probe.disable()
over = true
await reading
await writer.close()
rmSync(path)
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution)
report({ p50: late(probe.percentile(50)), p99: late(probe.percentile(99)), max: late(probe.max), rate, waits, windows })
