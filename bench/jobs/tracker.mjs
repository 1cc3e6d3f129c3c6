// From detections to tracks: microseconds per frame of the association and of the tracker, each over all frames. The tracker's
// positions of the frame before seed the association, as in a run.
import { FishTracker, ransacCentroidCluster } from '../../dist/library/tracker.js'
import { Pool, randomFrom } from '../../examples/track/pool.mjs'
import { parameters, report } from '../support/child.mjs'

const { cameras, fish, frames, rounds } = parameters()
const pool = new Pool({ cameras, fish })
const scenes = Array.from({ length: frames }, (_, frame) => pool.detect(pool.positions(frame)))
const newTracker = () => new FishTracker({ maxDistance: 0.05 })

// Runs once without the clock, to make the input of each.
const associate = (detections, frameIndex, seedPoints, random) =>
  ransacCentroidCluster(detections, pool.cameras, {
    expectedCount: fish,
    minCameras: 3,
    reprojectionThreshold: 10,
    seedPoints,
    frameIndex,
    random,
  })
const seeds = []
const observations = []
const tracker = newTracker()
const random = randomFrom(1)
for (const [frameIndex, detections] of scenes.entries()) {
  seeds.push(tracker.seedPoints())
  const { associations } = associate(detections, frameIndex, seeds[frameIndex], random)
  observations.push({ frameIndex, associations: associations.filter(({ isLowConfidence }) => !isLowConfidence) })
  tracker.update(observations[frameIndex])
}

globalThis.gc()

function microseconds(action) {
  const start = performance.now()
  action()
  return ((performance.now() - start) * 1000) / frames
}

const took = { association: [], tracker: [] }
for (let round = 0; round < rounds; round++) {
  const random = randomFrom(1)
  took.association.push(
    microseconds(() => {
      for (let i = 0; i < frames; i++) associate(scenes[i], i, seeds[i], random)
    }),
  )
  const fresh = newTracker()
  took.tracker.push(
    microseconds(() => {
      for (const frame of observations) fresh.update(frame)
    }),
  )
}
const found = observations.reduce((sum, { associations }) => sum + associations.length, 0)
report({ ...took, foundPerFrame: found / frames })
