import fc from 'fast-check'
import { type AssociationResult, type FishTrack, FishTracker, ransacCentroidCluster } from 'h5tracks'
import { expect, test } from 'vitest'
import { feed, seen } from '../support/tracking/observations.js'
import { detect, detection, overhead, type Point, randomFrom } from '../support/tracking/overhead.js'

// Properties that hold for any observations.

// Steps of 0.05 with a gate of 0.1, so that ties, crossings, misses and deaths are all frequent.
const coordinate = fc.integer({ min: 0, max: 8 }).map((steps) => steps / 20)
const place = fc.tuple(coordinate, coordinate, coordinate)
const frames = fc.array(fc.uniqueArray(place, { maxLength: 6, selector: String }), { minLength: 1, maxLength: 15 })
const options = fc.record({ minHits: fc.integer({ min: 1, max: 3 }), maxAge: fc.integer({ min: 0, max: 3 }) })
const runs = { numRuns: 300, seed: 20260601 }

const observations = (places: Point[]) => places.map(([x, y, z], fishId) => seen(x, y, z, { fishId }))
const at = ({ centroid3d }: FishTrack | AssociationResult) => Array.from(centroid3d).join(' ')

test('ids are unique within a frame, and each observation is matched by exactly one track', () => {
  fc.assert(
    fc.property(frames, options, (places, given) => {
      const tracker = new FishTracker(given)
      for (const [frameIndex, list] of places.entries()) {
        const associations = observations(list)
        const confirmed = tracker.update({ frameIndex, associations })
        const all = tracker.allTracks()
        expect(new Set(all.map(({ fishId }) => fishId)).size).toBe(all.length)
        expect(all.filter(({ isConfirmed }) => isConfirmed)).toEqual(confirmed)
        // Every observation is exactly one track of this frame.
        const matched = all.filter(({ framesSinceUpdate }) => framesSinceUpdate === 0)
        expect(matched.map(at).sort()).toEqual(associations.map(at).sort())
        expect(all.every(({ framesSinceUpdate }) => framesSinceUpdate <= given.maxAge)).toBe(true)
      }
    }),
    runs,
  )
})

test('the assignment does not depend on the order of the observations', () => {
  const shuffled = frames.chain((places) => {
    const last = places.at(-1)!
    const order = fc.shuffledSubarray([...last.keys()], { minLength: last.length })
    return fc.record({ places: fc.constant(places), order })
  })
  fc.assert(
    fc.property(shuffled, options, ({ places, order }, given) => {
      const continued = (last: Point[]) => {
        const tracker = new FishTracker(given)
        feed(tracker, places.slice(0, -1).map(observations))
        const known = new Map(tracker.allTracks().map(({ fishId, age }) => [fishId, age]))
        feed(tracker, [observations(last)], places.length)
        const old = tracker.allTracks().filter(({ fishId, age }) => age - 1 === known.get(fishId))
        return old.map((track) => [track.fishId, track.framesSinceUpdate, at(track)]).sort()
      }
      const last = places.at(-1)!
      expect(continued(order.map((i) => last[i]!))).toEqual(continued(last))
    }),
    runs,
  )
})

test('the order of the observations of a run may change ids of later fish, but never the trajectories', () => {
  const shuffledFrames = frames.chain((places) =>
    fc.tuple(
      fc.constant(places),
      fc.tuple(...places.map((list) => fc.shuffledSubarray(list, { minLength: list.length }))),
    ),
  )
  fc.assert(
    fc.property(shuffledFrames, ([places, shuffled]) => {
      // No track exceeds maxAge, so no id is reused; reuse follows the given order.
      const paths = (run: Point[][]) => {
        const byId = new Map<number, string[]>()
        for (const [frame, tracks] of feed(
          new FishTracker({ minHits: 1, maxAge: 20 }),
          run.map(observations),
        ).entries()) {
          for (const track of tracks) {
            if (track.nCameras > 0)
              byId.set(track.fishId, [...(byId.get(track.fishId) ?? []), `${frame}: ${at(track)}`])
          }
        }
        return [...byId.values()].map((path) => path.join(', ')).sort()
      }
      expect(paths(shuffled)).toEqual(paths(places))
    }),
    {
      ...runs,
      // Two tracks are predicted at the same place, and only one can continue: either one of them was missed in the frame
      // before, or both were seen, in different places.
      examples: [
        [twice([], [[0.15, 0.35, 0.1], [0.15, 0.25, 0]], [[0.15, 0.3, 0.05]], [[0.1, 0.3, 0]])],
        [twice([], [[0, 0, 0], [0.25, 0, 0]], [[0.0625, 0, 0], [0.1875, 0, 0]], [[0.125, 0, 0]])],
      ], // biome-ignore format: places
    },
  )
})

/** A run, and the same run with its second frame reversed. */
function twice(...places: Point[][]): [Point[][], Point[][]] {
  return [places, places.map((list, frame) => (frame === 1 ? list.toReversed() : list))]
}

const fish = fc.tuple(
  fc.double({ min: -0.4, max: 0.4, noNaN: true }),
  fc.double({ min: -0.4, max: 0.4, noNaN: true }),
  fc.double({ min: 1.1, max: 2, noNaN: true }),
)
const pixel = fc.tuple(fc.integer({ min: 0, max: 1600 }), fc.integer({ min: 0, max: 1200 }))
const scene = fc.record({
  school: fc.array(fish, { maxLength: 6 }),
  strays: fc.array(fc.record({ camera: fc.constantFrom(...Object.keys(overhead)), pixel }), { maxLength: 6 }),
  seeds: fc.array(fish, { maxLength: 3 }),
  minCameras: fc.integer({ min: 1, max: 4 }),
  expectedCount: fc.integer({ min: 1, max: 8 }),
  threshold: fc.integer({ min: 0, max: 60 }),
  seed: fc.nat(),
})

function associate({ school, strays, seeds, minCameras, expectedCount, threshold, seed }: Scene) {
  const detections = detect(school, overhead, 2, randomFrom(seed))
  for (const { camera, pixel } of strays) detections[camera]!.push(detection(...pixel))
  const random = randomFrom(seed)
  const wanted = { minCameras, expectedCount, reprojectionThreshold: threshold, seedPoints: seeds, iterations: 50 }
  return { detections, result: ransacCentroidCluster(detections, overhead, { ...wanted, random }) }
}
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never

test('every detection belongs to exactly one association', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { detections, result } = associate(given)
      const claimed = result.associations.flatMap(({ cameraDetections }) =>
        Object.entries(cameraDetections).map((claim) => claim.join(' ')),
      )
      const all = Object.entries(detections).flatMap(([camera, list]) => list.map((_, i) => `${camera} ${i}`))
      expect(claimed.sort()).toEqual(all.sort())
    }),
    runs,
  )
})

test('an association has at least minCameras cameras and a residual within the threshold, or is a single view', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { result } = associate(given)
      const sure = result.associations.filter(({ isLowConfidence }) => !isLowConfidence)
      expect(sure.length).toBeLessThanOrEqual(given.expectedCount)
      expect(result.associations.map(({ fishId }) => fishId)).toEqual([...result.associations.keys()])
      for (const { cameraDetections, bboxes, nCameras, reprojectionResidual, isLowConfidence } of result.associations) {
        expect(Object.keys(cameraDetections)).toHaveLength(nCameras)
        expect(Object.keys(bboxes)).toEqual(Object.keys(cameraDetections))
        if (isLowConfidence) expect([nCameras, reprojectionResidual]).toEqual([1, -1])
        else {
          expect(nCameras).toBeGreaterThanOrEqual(given.minCameras)
          expect(reprojectionResidual).toBeLessThanOrEqual(given.threshold)
        }
      }
    }),
    runs,
  )
})

test('the association of any scene gives the same result for the same random numbers', () => {
  fc.assert(
    fc.property(scene, (given) => {
      expect(associate(given).result).toEqual(associate(given).result)
    }),
    { ...runs, numRuns: 100 },
  )
})
