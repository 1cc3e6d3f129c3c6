// What the workers of the batch examples do with a recording: a stand-in for a tracker, and the run that its frames go into. See README.md.
import { openRun } from 'h5tracks/batch'

/** @typedef {{ out: string, frames: number, poison?: number }} Recording */

/** The fish of a frame. A tracker would read the frame of a video. `poison`: the frame that kills the process. */
async function* track(/** @type {Recording} */ { frames, poison }, /** @type {number} */ from) {
  for (let index = from; index < frames; index++) {
    if (index === poison) process.kill(process.pid, 'SIGKILL')
    const bboxes = { top: [index % 1000, 20, 40, 30] }
    const fish = { fishId: 7, confidence: 0.9, reprojectionResidual: 1, nCameras: 1, isConfirmed: true }
    yield { index, tracks: [{ ...fish, centroid3d: [index / 4, 2, 3], cameraDetections: { top: 0 }, bboxes }] }
  }
}

/**
 * @param {Recording} recording
 * @param {import('h5tracks/batch').Attempt} attempt
 */
export default async function work(recording, { signal }) {
  const run = await openRun(recording.out, { cameras: ['top'], maxFish: 4, shardFrames: 2000, signal })
  try {
    for await (const { index, tracks } of track(recording, run.nextFrame)) {
      if (!run.writeFrame(index, tracks)) await run.drain()
    }
    await run.seal()
  } finally {
    await run.close()
  }
}
