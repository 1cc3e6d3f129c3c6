// Rewrites a tracking file of any writer with ours: the same frames, cameras and sizes.
import { TrackingReader, TrackingWriter } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'

const { from, to } = parameters()
const reader = new TrackingReader(from)
const { cameraNames, maxFish, chunkFrames } = reader
const writer = new TrackingWriter(to, cameraNames, { maxFish, chunkFrames, overwrite: true })
for await (const { frameIndex, tracks } of reader.frames()) {
  if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
}
await writer.close()
report({ frames: reader.length })
reader.close()
