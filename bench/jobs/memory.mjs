// Memory above idle, in MiB: the peak resident set of the process while it works, minus the resident set before, with library
// and workload loaded. `mode`: 'write', or 'read' window by window.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { TrackingReader, TrackingWriter } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'
import { CHUNK, rigRecords } from '../support/workload.mjs'

const status = (name) =>
  Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024

async function write(path, frames, { cameraNames, tracks, fish }) {
  const writer = new TrackingWriter(path, cameraNames, { maxFish: fish, overwrite: true })
  for (let frame = 0; frame < frames; frame++) {
    if (!writer.writeFrame(frame, tracks[frame % tracks.length])) await writer.drain()
  }
  await writer.close()
}

async function readWindows(path) {
  const reader = new TrackingReader(path)
  const { length } = reader
  for (let start = 0; start < length; start += CHUNK) {
    await reader.read({ start, stop: Math.min(start + CHUNK, length) })
  }
  reader.close()
}

const { mode, path, frames, remove } = parameters()
const rig = mode === 'write' ? rigRecords() : null
for (let i = 0; i < 3; i++) {
  global.gc()
  await sleep(200)
}
// The kernel records the peak resident set; writing 5 resets it.
writeFileSync('/proc/self/clear_refs', '5')
const idle = status('VmRSS')
const start = performance.now()
if (rig) await write(path, frames, rig)
else await readWindows(path)
const seconds = (performance.now() - start) / 1000
if (remove) rmSync(path)
report({ above: status('VmHWM') - idle, idle, seconds })
