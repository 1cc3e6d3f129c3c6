// One recording in a process of its own, which loads nothing but the package: its whole time is measured.
import { readFileSync } from 'node:fs'
import { TrackingWriter } from '../../dist/library/index.js'

const { path, source } = JSON.parse(process.argv[2])
const { cameras, maxFish, frames } = JSON.parse(readFileSync(source, 'utf8'))
const writer = new TrackingWriter(path, cameras, { maxFish })
for (const [index, tracks] of frames) if (!writer.writeFrame(index, tracks)) await writer.drain()
await writer.close()
