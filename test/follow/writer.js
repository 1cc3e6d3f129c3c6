// The writer: node writer.js PATH FRAMES RATE CHUNK_FRAMES; RATE 0 is full speed. Prints "open" when the file exists, waits for a
// line, and prints at the end as JSON the time that it took.
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { TrackingWriter } from 'h5tracks'
import { CAMERAS, MAX_FISH, microsecondsNow, tracksOf } from './content.js'

const [path = '', ...numbers] = process.argv.slice(2)
const [frames = 0, rate = 0, chunkFrames = 1000] = numbers.map(Number)

const writer = new TrackingWriter(path, CAMERAS, { maxFish: MAX_FISH, chunkFrames })
console.log('open')
await once(process.stdin, 'data')
process.stdin.destroy()
const began = performance.now()
for (let frame = 0; frame < frames; frame++) {
  // Before the call, so that the measured delay includes it.
  if (!writer.writeFrame(frame, tracksOf(frame, microsecondsNow()))) await writer.drain()
  if (rate === 0 || frame % Math.ceil(rate / 1000) !== 0) continue
  const early = (1000 * frame) / rate - (performance.now() - began)
  if (early > 0) await setTimeout(early)
}
const seconds = (performance.now() - began) / 1000
await writer.close()
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 }))
