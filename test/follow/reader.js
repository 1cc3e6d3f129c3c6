// The follower: node reader.js PATH. Prints "following", checks every frame, and prints as JSON how many came, how late they were,
// and how the following ended.
import { createHistogram } from 'node:perf_hooks'
import { TrackingReader } from 'h5tracks'
import { microsecondsNow, timeIn } from './content.js'

const [path = ''] = process.argv.slice(2)
const delays = createHistogram()
let frames = 0
let late = 0
let ended = 'closed'
const following = TrackingReader.follow(path)
const first = following.next()
setTimeout(() => console.log('following'), 100)
/** @param {import('h5tracks').Frame} frame */
function take(frame) {
  const delay = microsecondsNow() - timeIn(frame, frames)
  delays.record(Math.max(1, delay))
  if (delay > 50_000) late++
  frames++
}
try {
  const { value } = await first
  if (value) take(value)
  for await (const frame of following) take(frame)
} catch (error) {
  if (!(error instanceof Error) || !('code' in error)) throw error
  ended = String(error.code)
}
const { user, system } = process.cpuUsage()
const milliseconds = (/** @type {number} */ microseconds) => microseconds / 1000
console.log(
  JSON.stringify({
    frames,
    ended,
    late,
    median: milliseconds(delays.percentile(50)),
    p99: milliseconds(delays.percentile(99)),
    max: milliseconds(delays.max),
    cpuSeconds: (user + system) / 1e6,
  }),
)
