// A rig for serve.mjs: sends the frames of a few fish as fast as the server takes them, and prints its answer.
import { once } from 'node:events'
import { connect } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    socket: { type: 'string' },
    rig: { type: 'string', default: 'rig' },
    cameras: { type: 'string', default: '4' },
    fish: { type: 'string', default: '3' },
    frames: { type: 'string', default: '1800' },
  },
})
const cameras = Array.from({ length: Number(options.cameras) }, (_, i) => `cam${i + 1}`)
const fish = Number(options.fish)
const frames = Number(options.frames)

/** Fish on circles; each camera misses each fish now and then. */
function tracksAt(/** @type {number} */ frame) {
  return Array.from({ length: fish }, (_, fishId) => {
    const angle = frame / 50 + fishId
    const seenBy = cameras.filter((_, camera) => (frame + fishId + camera) % 5 !== 0)
    const x = 100 + 40 * Math.cos(angle)
    const y = 50 + 20 * Math.sin(angle)
    return {
      fishId,
      centroid3d: [x, y, 10 * (fishId + 1)],
      confidence: 0.9,
      reprojectionResidual: 1.2,
      nCameras: seenBy.length,
      isConfirmed: seenBy.length > 1,
      cameraDetections: Object.fromEntries(seenBy.map((camera) => [camera, fishId])),
      bboxes: Object.fromEntries(seenBy.map((camera) => [camera, [Math.round(8 * x), Math.round(8 * y), 60, 30]])),
    }
  })
}

/**
 * Sends the frames from `first` on and returns the server's answer.
 * @param {number} first
 */
async function send(first) {
  const server = options.socket ? { path: options.socket } : { host: options.host, port: Number(options.port) }
  // Half open, so that an early answer does not interrupt a line.
  const socket = connect({ ...server, allowHalfOpen: true })
  await once(socket, 'connect')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  async function* lines() {
    yield `${JSON.stringify({ rig: options.rig, cameras, maxFish: fish, metadata: { fps: 30, units: 'cm' } })}\n`
    for (let frame = first; frame < frames; frame++) {
      // Yields to the event loop, which could otherwise not receive the answer while the socket accepts every line.
      if (frame % 100 === 0) await setImmediate()
      // An early answer is an error, so sending stops.
      if (answer) return
      yield `${JSON.stringify({ frame, tracks: tracksAt(frame) })}\n`
    }
  }
  await Promise.all([once(socket, 'end'), pipeline(lines, socket)])
  return answer
}

let answer = await send(0)
// The file has frames of an earlier connection; the answer says where to continue.
const { lastFrameIndex = frames } = JSON.parse(answer || '{}').error ?? {}
if (lastFrameIndex + 1 < frames) answer = await send(lastFrameIndex + 1)
process.stdout.write(answer)
if (!answer || JSON.parse(answer).error) process.exitCode = 1
