import { FishTrack, FishTracker } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { feed, nothing, seen } from '../support/tracking/observations.js'

// Identity: which observation continues which fish from frame to frame. The expected behaviour is that of AquaPose's own
// tests of its tracker.

const ids = (tracks: readonly FishTrack[]) => tracks.map(({ fishId }) => fishId)
const places = (tracks: readonly FishTrack[]) => tracks.map(({ centroid3d }) => centroid3d)

describe('a track', () => {
  test('a fish keeps its id over 5 frames and is confirmed from the second on', () => {
    const frames = [0, 1, 2, 3, 4].map((frame) => [seen(0.01 * frame)])
    const tracks = feed(new FishTracker(), frames)
    expect(tracks.map(ids)).toEqual([[], [0], [0], [0], [0]])
    expect(tracks.flat().every((track) => track instanceof FishTrack && track.isConfirmed)).toBe(true)
  })

  test('a track exists before it is confirmed', () => {
    const tracker = new FishTracker()
    expect(feed(tracker, [[seen(0)]])).toEqual([[]])
    expect(tracker.allTracks()).toMatchObject([{ fishId: 0, isConfirmed: false, hitStreak: 1, age: 1 }])
    feed(tracker, [[seen(0)]], 1)
    expect(tracker.allTracks()).toMatchObject([{ fishId: 0, isConfirmed: true, hitStreak: 2, age: 2 }])
  })

  test('a track is confirmed by minHits consecutive hits, and a miss resets the count', () => {
    const tracker = new FishTracker({ minHits: 3 })
    const tracks = feed(tracker, [[seen(0)], [seen(0)], [], [seen(0)], [seen(0)], [seen(0)]])
    expect(tracks.map(ids)).toEqual([[], [], [], [], [], [0]])
  })

  test('a confirmed track stays confirmed when it is missed', () => {
    const tracks = feed(new FishTracker(), [[seen(0)], [seen(0)], [], [seen(0)]])
    expect(tracks.map(ids)).toEqual([[], [0], [0], [0]])
    expect(tracks[3]).toMatchObject([{ hitStreak: 1, isConfirmed: true }])
  })

  test('a track takes position, residual, confidence, detections and boxes from its association', () => {
    const [, tracks] = feed(new FishTracker(), [
      [seen(0)],
      [
        seen(0.01, 0.02, 0.3, {
          reprojectionResidual: 1.5,
          confidence: 0.9,
          nCameras: 1,
          cameraDetections: { top: 7 },
          bboxes: { top: [1, 2, 3, 4] },
        }),
      ],
    ])
    expect(tracks).toMatchObject([
      {
        centroid3d: [0.01, 0.02, 0.3],
        reprojectionResidual: 1.5,
        confidence: 0.9,
        nCameras: 1,
        cameraDetections: { top: 7 },
        bboxes: { top: [1, 2, 3, 4] },
      },
    ])
  })

  test('a confirmed track that is missed keeps its last position and has no detections', () => {
    const [, , missed] = feed(new FishTracker(), [[seen(0)], [seen(0.01, 0.02, 0.3)], []])
    expect(missed).toMatchObject([
      {
        fishId: 0,
        centroid3d: [0.01, 0.02, 0.3],
        cameraDetections: {},
        bboxes: {},
        nCameras: 0,
        confidence: -1,
        reprojectionResidual: -1,
        isConfirmed: true,
        framesSinceUpdate: 1,
      },
    ])
  })

  test('a track of one frame does not change with the next frame', () => {
    const tracker = new FishTracker({ minHits: 1 })
    const position = [0.5, 0.25, 0.125]
    const [[first]] = feed(tracker, [[seen(0, 0, 0, { centroid3d: position })]]) as [[FishTrack]]
    position[0] = 99
    feed(tracker, [[seen(0.51, 0.25)], []], 1)
    expect(first).toMatchObject({ centroid3d: [0.5, 0.25, 0.125], nCameras: 2, framesSinceUpdate: 0, age: 1 })
  })
})

describe('the assignment of observations to tracks', () => {
  test('two fish that cross keep their ids', () => {
    // They meet at x = 0 in frame 10; nearest neighbours would swap them there.
    const frames = Array.from({ length: 21 }, (_, frame) => {
      const x = -0.2 + 0.02 * frame
      const [a, b] = [seen(x, 0.001), seen(-x, -0.001)]
      return frame % 2 === 0 ? [a, b] : [b, a]
    })
    const tracks = feed(new FishTracker(), frames)
    expect(tracks.slice(1).map(ids)).toEqual(Array(20).fill([0, 1]))
    expect(places(tracks.at(-1)!).map(([x]) => x)).toEqual([expect.closeTo(0.2), expect.closeTo(-0.2)])
  })

  test('a track predicts its position by its velocity, or at its only position', () => {
    const tracker = new FishTracker()
    feed(tracker, [[seen(3, 1, 0.5)]])
    expect(tracker.allTracks()[0]!.predict()).toEqual([3, 1, 0.5])
    feed(tracker, [[seen(3.0625, 0.9375, 0.75)]], 1)
    expect(tracker.allTracks()[0]!.positions).toEqual([
      [3, 1, 0.5],
      [3.0625, 0.9375, 0.75],
    ])
    expect(tracker.allTracks()[0]!.predict()).toEqual([3.125, 0.875, 1])
  })

  test('a fast fish is matched by its predicted position when its last position is too far away', () => {
    const tracker = new FishTracker({ maxDistance: 0.1 })
    const tracks = feed(tracker, [[seen(0)], [seen(0.08)], [seen(0.17)], [seen(0.29)], [seen(0.44)]])
    expect(tracks.at(-1)).toMatchObject([{ fishId: 0, hitStreak: 5 }])
  })

  test('the distance ignores depth: two fish whose depths are swapped keep their ids', () => {
    const tracker = new FishTracker({ minHits: 1, maxDistance: 0.5 })
    feed(tracker, [[seen(0, 0, 1), seen(0.3, 0, 0)]])
    const [tracks] = feed(tracker, [[seen(0, 0, 0), seen(0.3, 0, 1)]], 1)
    expect(tracks!.map(({ fishId, centroid3d }) => [fishId, ...centroid3d])).toEqual([
      [0, 0, 0, 0],
      [1, 0.3, 0, 1],
    ])
  })

  test('the assignment minimises the sum of distances, not each distance', () => {
    // Matching track 0 with its nearest observation leaves 0.9 for track 1; the assignment prefers 0.4 + 0.4 to 0.1 + 0.9.
    const tracker = new FishTracker({ minHits: 1, maxDistance: 1 })
    feed(tracker, [[seen(0), seen(0.5)]])
    const [tracks] = feed(tracker, [[seen(0.1), seen(-0.4)]], 1)
    expect(tracks!.map(({ fishId, centroid3d }) => [fishId, centroid3d[0]])).toEqual([
      [0, -0.4],
      [1, 0.1],
    ])
  })

  test('an observation farther than maxDistance starts another track; one at maxDistance does not', () => {
    const tracker = new FishTracker({ minHits: 1, maxDistance: 0.125 })
    feed(tracker, [[seen(0), seen(1)]])
    const [tracks] = feed(tracker, [[seen(0.125), seen(1.1875)]], 1)
    expect(tracks).toMatchObject([
      { fishId: 0, nCameras: 2 },
      { fishId: 1, nCameras: 0, framesSinceUpdate: 1 },
      { fishId: 2, centroid3d: [1.1875, 0, 0.5] },
    ])
  })

  test('the gate applies after the assignment, which includes pairs that are too far apart', () => {
    // 0 -> -2 and 0.5 -> 0.09 cost 2.41; 0 -> 0.09, which is near enough, and 0.5 -> -2 cost 2.59. So nothing is matched.
    const tracker = new FishTracker({ minHits: 1, maxDistance: 0.1 })
    feed(tracker, [[seen(0), seen(0.5)]])
    const [tracks] = feed(tracker, [[seen(0.09), seen(-2)]], 1)
    expect(tracks!.map(({ fishId, nCameras }) => [fishId, nCameras])).toEqual([
      [0, 0],
      [1, 0],
      [2, 2],
      [3, 2],
    ])
  })

  test('an unmoved fish keeps its id when two assignments have equal sums', () => {
    // 0 -> 1 and 1 -> 5 cost as much as 0 -> 5 and 1 -> 1.
    const tracker = new FishTracker({ minHits: 1 })
    feed(tracker, [[seen(0), seen(1)]])
    const [tracks] = feed(tracker, [[seen(5), seen(1)]], 1)
    expect(tracks).toMatchObject([
      { fishId: 0, nCameras: 0 },
      { fishId: 1, nCameras: 2 },
      { fishId: 2, nCameras: 2 },
    ])
  })
})

describe('the population', () => {
  test('nine fish in the first frame get the ids 0 to 8 in ascending x', () => {
    const tracker = new FishTracker()
    feed(tracker, [[3, 7, 1, 9, 5, 0, 8, 2, 6].map((x, fishId) => seen(0.1 * x, 0, 0.5, { fishId }))])
    const tracks = tracker.allTracks()
    expect(ids(tracks)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    const x = places(tracks).map(([x]) => x)
    expect(x).toEqual(x.toSorted((a, b) => a - b))
  })

  test('later fish get ids in the order of the observations', () => {
    const tracker = new FishTracker({ minHits: 1 })
    const [, tracks] = feed(tracker, [[seen(0)], [seen(5), seen(0), seen(3)]])
    expect(tracks!.map(({ fishId, centroid3d }) => [fishId, centroid3d[0]])).toEqual([
      [0, 0],
      [1, 5],
      [2, 3],
    ])
  })

  test('a track survives maxAge misses and dies with the next', () => {
    const tracker = new FishTracker({ minHits: 1, maxAge: 7 })
    feed(tracker, [[seen(0)]])
    for (let missed = 1; missed <= 7; missed++) {
      const [tracks] = feed(tracker, nothing(1), missed)
      expect(tracks).toMatchObject([{ fishId: 0, framesSinceUpdate: missed, age: missed + 1 }])
    }
    expect(feed(tracker, nothing(1), 8)).toEqual([[]])
    expect(tracker.allTracks()).toEqual([])
  })

  test('a fish that returns within maxAge keeps its id', () => {
    const tracker = new FishTracker({ maxAge: 3 })
    const tracks = feed(tracker, [[seen(0)], [seen(0)], ...nothing(3), [seen(0.02)]])
    expect(tracks.at(-1)).toMatchObject([{ fishId: 0, framesSinceUpdate: 0, nCameras: 2 }])
  })

  test('the id of a track that dies goes to an unmatched observation of the same frame', () => {
    const tracker = new FishTracker({ minHits: 1, maxAge: 1 })
    feed(tracker, [[seen(0), seen(1)], [seen(1)]])
    const [tracks] = feed(tracker, [[seen(1), seen(5), seen(6)]], 2)
    expect(tracks!.map(({ fishId, centroid3d }) => [fishId, centroid3d[0]])).toEqual([
      [1, 1],
      [0, 5],
      [2, 6],
    ])
  })

  test('the id of a dead track is not reused in a later frame', () => {
    const tracker = new FishTracker({ minHits: 1, maxAge: 0 })
    feed(tracker, [[seen(0)], []])
    expect(feed(tracker, [[seen(0)]], 2).map(ids)).toEqual([[1]])
  })

  test('the ids of several tracks that die together go to new tracks in order', () => {
    const tracker = new FishTracker({ maxAge: 0 })
    feed(tracker, [
      [seen(0), seen(1)],
      [seen(0), seen(1)],
    ])
    feed(tracker, [[seen(9), seen(7), seen(8)]], 2)
    expect(
      tracker.allTracks().map(({ fishId, centroid3d, isConfirmed, age }) => [fishId, centroid3d[0], isConfirmed, age]),
    ).toEqual([
      [0, 9, false, 1],
      [1, 7, false, 1],
      [2, 8, false, 1],
    ])
  })
})

describe('seed points', () => {
  test('seed points are the last positions of confirmed tracks, missed ones included, or null', () => {
    const tracker = new FishTracker()
    expect(tracker.seedPoints()).toBeNull()
    feed(tracker, [[seen(0.5, 0.2, 0.3), seen(0.9)]])
    expect(tracker.seedPoints()).toBeNull()
    feed(tracker, [[seen(0.51, 0.2, 0.3), seen(0.9), seen(3)]], 1)
    feed(tracker, [[seen(0.52, 0.2, 0.3)]], 2)
    expect(tracker.seedPoints()).toEqual([
      [0.52, 0.2, 0.3],
      [0.9, 0, 0.5],
    ])
  })
})
