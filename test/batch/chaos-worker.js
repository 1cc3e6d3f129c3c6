// A worker of the chaos test: it writes the recordings that it is sent, one after the other, and says how each attempt ended.
// process.argv[2]: a file into which it writes how many frames of the run it has accepted, so that this outlives it.
import { openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRun } from 'h5tracks/batch'
import { fish } from '../support/tracking/frames.js'

/** `pause`: the longest pause after five frames, ms. @typedef {{ number: number, out: string, frames: number, pause?: number }} Recording */

export const cameras = ['north', 'east']
export const options = { cameras, maxFish: 3, chunkFrames: 25, shardFrames: 50 }

/**
 * The frame of a recording; no two recordings have the same.
 * @param {number} number
 * @param {number} frame
 */
export const tracksOf = (number, frame) => [
  fish(0, frame + 1000 * number, cameras),
  fish(1, frame + 7 * number, cameras),
]

/**
 * Writes a recording. The pauses let the faults come at any moment.
 * @param {Recording} recording
 * @param {(frames: number) => void} accepted
 * @param {(epoch: number, nextFrame: number) => void} claimed
 */
export async function write({ number, out, frames, pause = 20 }, accepted, claimed) {
  const run = await openRun(out, { ...options, durability: 'process' })
  claimed(run.epoch, run.nextFrame)
  try {
    for (let frame = run.nextFrame; frame < frames; frame++) {
      const more = run.writeFrame(frame, tracksOf(number, frame))
      accepted(frame + 1)
      if (!more) await run.drain()
      if (frame % 5 === 0) await sleep(Math.random() * pause)
    }
    await run.seal()
    return run.epoch
  } finally {
    await run.close().catch(() => {})
  }
}

const [, , place] = process.argv
if (process.send && place !== undefined) {
  const file = openSync(place, 'w')
  const say = (/** @type {object} */ message) => process.send?.(message)
  process.on('message', async (/** @type {Recording} */ recording) => {
    try {
      const epoch = await write(
        recording,
        (frames) => writeSync(file, String(frames).padEnd(12), 0),
        (epoch, nextFrame) => {
          writeSync(file, String(nextFrame).padEnd(12), 0)
          say({ type: 'claimed', epoch, nextFrame })
        },
      )
      say({ type: 'sealed', epoch })
    } catch (error) {
      const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
      say({ type: 'failed', code, message })
    }
  })
  process.on('disconnect', () => process.exit())
  say({ type: 'ready' })
}
