import { FishTracker, ransacCentroidCluster, readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { feed, seen } from '../support/tracking/observations.js'
import { detect, overhead, type Point, randomFrom } from '../support/tracking/overhead.js'

// The writer takes the tracks of the tracker as they are.

test('the writer stores identities, detections and boxes of three tracked fish over 3 frames', async () => {
  const path = scratch()
  const tracker = new FishTracker({ minHits: 1, maxAge: 3, expectedCount: 3 })
  {
    await using writer = new TrackingWriter(path, ['cam_a', 'cam_b'], { maxFish: 5 })
    for (let frame = 0; frame < 3; frame++) {
      const associations = [0, 1, 2].map((fish) =>
        seen(fish, frame / 16, 0.5, {
          fishId: fish,
          cameraDetections: { cam_a: fish, cam_b: 2 - fish },
          bboxes: { cam_a: [fish, frame, 40, 20] },
        }),
      )
      writer.writeFrame(frame, tracker.update({ frameIndex: frame, associations }))
    }
  }

  const { fishId, centroid3d, cameraAssignments, bboxes, isConfirmed, nCameras } = await readTrackingResults(path)
  expect(fishId.shape).toEqual([3, 5])
  for (let frame = 0; frame < 3; frame++) {
    const row = <T>(data: ArrayLike<T>, width = 1) => Array.from(data).slice(5 * width * frame, (5 * frame + 3) * width)
    expect(row(fishId.data)).toEqual([0, 1, 2])
    expect(row(centroid3d.data, 3)).toEqual([0, 1, 2].flatMap((fish) => [fish, frame / 16, 0.5]))
    expect(row(cameraAssignments.cam_a!.data)).toEqual([0, 1, 2])
    expect(row(cameraAssignments.cam_b!.data)).toEqual([2, 1, 0])
    expect(row(bboxes.cam_a!.data, 4)).toEqual([0, 1, 2].flatMap((fish) => [fish, frame, 40, 20]))
    expect(row(isConfirmed.data)).toEqual([1, 1, 1])
    expect(row(nCameras.data)).toEqual([2, 2, 2])
  }
})

test('two fish tracked from detections of three cameras keep their ids while one is out of view for two frames', async () => {
  const path = scratch()
  const tracker = new FishTracker()
  const random = randomFrom(1)
  const fishAt = (frame: number): Point[] => [
    [0.005 * frame, 0.1, 1.5],
    [-0.2 - 0.005 * frame, -0.15, 1.5],
  ]
  {
    await using writer = new TrackingWriter(path, Object.keys(overhead))
    for (let frame = 0; frame < 8; frame++) {
      const lost = frame === 4 || frame === 5
      const detections = detect(lost ? fishAt(frame).slice(0, 1) : fishAt(frame))
      const seeds = { seedPoints: tracker.seedPoints(), expectedCount: 2, frameIndex: frame, random }
      writer.writeFrame(frame, tracker.update(ransacCentroidCluster(detections, overhead, seeds)))
    }
  }

  // The first frame has no confirmed track. Fish 0 is the one with the smaller x, the second in the list of detections.
  using reader = new TrackingReader(path)
  const lost = await reader.trajectory(0)
  expect([...lost.frameIndex.data]).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n])
  expect([...lost.nCameras.data]).toEqual([3, 3, 3, 0, 0, 3, 3])
  expect([...lost.cameraAssignments.west!.data]).toEqual([1, 1, 1, -1, -1, 1, 1])
  expect([...lost.bboxes.west!.data.slice(12, 20)]).toEqual(Array(8).fill(-1))
  expect([...lost.reprojectionResidual.data.slice(3, 5)]).toEqual([-1, -1])
  const x = Array.from(lost.centroid3d.data).filter((_, i) => i % 3 === 0)
  expect(x).toEqual([1, 2, 3, 3, 3, 6, 7].map((frame) => expect.closeTo(-0.2 - 0.005 * frame, 6)))

  const other = await reader.trajectory(1)
  expect([...other.nCameras.data]).toEqual([3, 3, 3, 3, 3, 3, 3])
})

test('tracks can be kept and written after later frames have been tracked', async () => {
  const path = scratch()
  const kept = feed(new FishTracker({ minHits: 1 }), [[seen(0)], [seen(0.0625)], [], [seen(0.125)]])
  {
    await using writer = new TrackingWriter(path, ['top', 'front'])
    for (const [frame, tracks] of kept.entries()) writer.writeFrame(frame, tracks)
  }
  using reader = new TrackingReader(path)
  const { centroid3d, nCameras, cameraAssignments } = await reader.trajectory(0)
  expect(Array.from(centroid3d.data).filter((_, i) => i % 3 === 0)).toEqual([0, 0.0625, 0.0625, 0.125])
  expect([...nCameras.data]).toEqual([2, 2, 0, 2])
  expect([...cameraAssignments.top!.data]).toEqual([3, 3, -1, 3])
})
