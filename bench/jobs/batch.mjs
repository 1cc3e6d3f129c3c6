// Many recordings of one process, `atOnce` at a time, each in a file of its own: seconds until all are closed.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TrackingWriter } from '../../dist/library/index.js'
import { parameters, report, settle } from '../support/child.mjs'
import { rigRecords } from '../support/workload.mjs'

const { path, recordings, frames, atOnce } = parameters()
const { cameraNames, tracks, fish } = rigRecords()

async function writeOne(i) {
  const writer = new TrackingWriter(join(path, `${i}.h5`), cameraNames, { maxFish: fish })
  for (let frame = 0; frame < frames; frame++) {
    if (!writer.writeFrame(frame, tracks[(i * frames + frame) % tracks.length])) await writer.drain()
  }
  await writer.close()
}

let next = 0
async function work() {
  while (next < recordings) await writeOne(next++)
}

mkdirSync(path)
await settle()
const start = performance.now()
await Promise.all(Array.from({ length: atOnce }, work))
const seconds = (performance.now() - start) / 1000
rmSync(path, { recursive: true })
report({ seconds })
