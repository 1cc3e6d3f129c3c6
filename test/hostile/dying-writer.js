// A writer that is killed and leaves its journal. Plain JavaScript, for kinds/journal.js.
import { TrackingWriter } from '../../dist/index.js'
import { CAMERAS, school } from '../support/tracking/frames.js'

const [path = '', life = ''] = process.argv.slice(2)
const { frames, resumed = 0, chunkFrames, ...options } = JSON.parse(life)
if (resumed > 0) {
  const before = new TrackingWriter(path, CAMERAS, { chunkFrames })
  for (const { frameIndex, tracks } of school(resumed)) before.writeFrame(frameIndex, tracks)
  await before.close()
}
const writer =
  resumed > 0
    ? await TrackingWriter.resume(path, options)
    : new TrackingWriter(path, CAMERAS, { chunkFrames, ...options })
for (const { frameIndex, tracks } of school(frames, 3, CAMERAS, resumed)) {
  if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
}
await writer.drain()
process.kill(process.pid, 'SIGKILL')
