// Several concurrent writers in one process, each with its own file and `frames` frames: seconds until all are closed.
import { rmSync } from 'node:fs'
import { TrackingWriter } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'
import { rigRecords } from '../support/workload.mjs'

const { path, writers, frames } = parameters()
const { cameraNames, tracks, fish } = rigRecords()

async function writeOne(file) {
  const writer = new TrackingWriter(file, cameraNames, { maxFish: fish, overwrite: true })
  for (let frame = 0; frame < frames; frame++) {
    if (!writer.writeFrame(frame, tracks[frame % tracks.length])) await writer.drain()
  }
  await writer.close()
}

const files = Array.from({ length: writers }, (_, i) => `${path}.${i}.h5`)
const start = performance.now()
await Promise.all(files.map(writeOne))
const seconds = (performance.now() - start) / 1000
for (const file of files) rmSync(file)
report({ seconds })
