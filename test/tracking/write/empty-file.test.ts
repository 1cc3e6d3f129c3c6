import { readTrackingResults, TrackingReader } from 'h5tracks'
import { expect, test } from 'vitest'
import { written } from '../../support/tracking/writing.js'

// A writer that is closed before its first frame leaves a valid file whose datasets have no rows.

test('a file without frames gives arrays of length 0 with complete shapes', async () => {
  const results = await readTrackingResults(await written([], ['a', 'b'], { maxFish: 5 }))
  expect(results.cameraNames).toEqual(['a', 'b'])
  expect(results.frameIndex.shape).toEqual([0])
  expect(results.fishId.shape).toEqual([0, 5])
  expect(results.centroid3d.shape).toEqual([0, 5, 3])
  expect(results.confidence.shape).toEqual([0, 5])
  expect(results.reprojectionResidual.shape).toEqual([0, 5])
  expect(results.nCameras.shape).toEqual([0, 5])
  expect(results.isConfirmed.shape).toEqual([0, 5])
  expect(results.cameraAssignments.a?.shape).toEqual([0, 5])
  expect(results.bboxes.b?.shape).toEqual([0, 5, 4])
  expect(results.centroid3d.data).toHaveLength(0)
})

test('a reader of a file without frames iterates over nothing and finds no fish', async () => {
  using reader = new TrackingReader(await written([], ['a']))
  expect(reader.length).toBe(0)
  const frames = []
  for await (const frame of reader.frames()) frames.push(frame)
  expect(frames).toEqual([])
  const trajectory = await reader.trajectory(0)
  expect(trajectory.frameIndex.shape).toEqual([0])
  expect(trajectory.bboxes.a?.shape).toEqual([0, 4])
})
