// From detections of several cameras over water to a file: association, tracking, writing, and a measure of the identities.
import { FishTracker, ransacCentroidCluster, readTrackingResults, TrackingWriter } from 'h5tracks'
import { IdentityMeasures } from './track/measures.mjs'
import { Pool, randomFrom } from './track/pool.mjs'

const [path = 'track.h5', frames = '1800'] = process.argv.slice(2)
const pool = new Pool()
const tracker = new FishTracker({ maxDistance: 0.05, expectedCount: pool.fish })
const random = randomFrom(7)
const measures = new IdentityMeasures(0.02)

const writer = new TrackingWriter(path, Object.keys(pool.cameras), {
  maxFish: 2 * pool.fish,
  overwrite: true,
  metadata: { fps: pool.fps, units: 'm' },
})
for (let frameIndex = 0; frameIndex < Number(frames); frameIndex++) {
  const truth = pool.positions(frameIndex)
  const { associations } = ransacCentroidCluster(pool.detect(truth), pool.cameras, {
    expectedCount: tracker.expectedCount,
    minCameras: 3,
    reprojectionThreshold: 10,
    seedPoints: tracker.seedPoints(),
    frameIndex,
    random,
  })
  // Single views are left out: each is another view of a fish already found or a false detection, and its depth is a guess.
  const tracks = tracker.update({ frameIndex, associations: associations.filter((fish) => !fish.isLowConfidence) })
  if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
  measures.add(
    truth.map((at, id) => ({ id, at })),
    tracks.map(({ fishId, centroid3d }) => ({ id: fishId, at: centroid3d })),
  )
}
await writer.close()

const { fishId, cameraNames } = await readTrackingResults(path)
const ids = new Set(fishId.data.filter((id) => id >= 0))
console.log(
  `${path}: ${pool.fish} fish, ${cameraNames.length} cameras, ${fishId.shape[0]} frames, ids ${[...ids].join(' ')}`,
)
console.log(`identity switches ${measures.switches}, IDF1 ${measures.idf1.toFixed(4)}`)
