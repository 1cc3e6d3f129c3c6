import { readTrackingResults, readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { expect, test } from 'vitest'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// The reader returns every field of every fish in every frame, as typed arrays with their shapes.

const frames = school(5, 3)

test('5 frames of 3 fish are read back in every field', async () => {
  const path = await written(frames)
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('readTrackingResults, readTrackingResultsSync and an open reader return the same', async () => {
  const path = await written(frames)
  const results = await readTrackingResults(path)
  expect(readTrackingResultsSync(path)).toEqual(results)
  using reader = new TrackingReader(path)
  expect(await reader.read()).toEqual(results)
  expect(reader.readSync()).toEqual(results)
})

test('each field is a row-major typed array with a shape of frames × slots × width', async () => {
  const results = await readTrackingResults(await written(frames, CAMERAS, { maxFish: 4 }))
  const seen = (field: { data: ArrayLike<unknown>; shape: readonly number[] }) => [
    field.data.constructor.name,
    field.shape,
  ]

  expect(seen(results.frameIndex)).toEqual(['BigInt64Array', [5]])
  expect(seen(results.fishId)).toEqual(['Int32Array', [5, 4]])
  expect(seen(results.centroid3d)).toEqual(['Float32Array', [5, 4, 3]])
  expect(seen(results.confidence)).toEqual(['Float32Array', [5, 4]])
  expect(seen(results.reprojectionResidual)).toEqual(['Float32Array', [5, 4]])
  expect(seen(results.nCameras)).toEqual(['Int32Array', [5, 4]])
  expect(seen(results.isConfirmed)).toEqual(['Uint8Array', [5, 4]])
  for (const camera of CAMERAS) {
    expect(seen(results.cameraAssignments[camera]!)).toEqual(['Int32Array', [5, 4]])
    expect(seen(results.bboxes[camera]!)).toEqual(['Int32Array', [5, 4, 4]])
  }
  expect(results.centroid3d.data).toHaveLength(5 * 4 * 3)
})

test('the length of a file counts its rows, not the capacity of its chunks', async () => {
  const path = await written(frames, CAMERAS, { chunkFrames: 1000 })
  using reader = new TrackingReader(path)
  expect(reader.length).toBe(5)
  expect(reader.chunkFrames).toBe(1000)
  expect(reader.maxFish).toBe(9)
  expect(reader.cameraNames).toEqual(CAMERAS)
  expect(reader.path).toBe(path)
})
