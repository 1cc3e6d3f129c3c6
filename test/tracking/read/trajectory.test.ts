import { readTrackingResults, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { CAMERAS, type Frame, fish } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// trajectory(fishId) follows one fish through the file: one entry for each frame that contains it, whatever its slot.

/** Fish 5 is in two of every three frames, in slot 0, 1 or 2. */
const frames: Frame[] = Array.from({ length: 30 }, (_, frameIndex) => ({
  frameIndex: frameIndex * 2,
  tracks: [1, 3, 5, 9]
    .filter((fishId) => (fishId === 5 ? frameIndex % 3 !== 1 : (frameIndex + fishId) % 4 !== 0))
    .map((fishId) => fish(fishId, frameIndex)),
}))
const write = () => written(frames, CAMERAS, { chunkFrames: 7, maxFish: 4 })

test('a trajectory agrees with a full read for the same fish', async () => {
  const path = await write()
  const full = await readTrackingResults(path)
  using reader = new TrackingReader(path)
  for (const fishId of [1, 3, 5, 9]) {
    const trajectory = await reader.trajectory(fishId)
    const places = [...full.fishId.data.keys()].filter((place) => full.fishId.data[place] === fishId)
    const pick = ({ data }: { data: Float32Array | Int32Array | Uint8Array }, width = 1) =>
      places.flatMap((place) => [...data.subarray(place * width, (place + 1) * width)])

    expect(trajectory.fishId).toBe(fishId)
    expect([...trajectory.frameIndex.data]).toEqual(places.map((place) => full.frameIndex.data[Math.floor(place / 4)]))
    expect([...trajectory.centroid3d.data]).toEqual(pick(full.centroid3d, 3))
    expect([...trajectory.confidence.data]).toEqual(pick(full.confidence))
    expect([...trajectory.reprojectionResidual.data]).toEqual(pick(full.reprojectionResidual))
    expect([...trajectory.nCameras.data]).toEqual(pick(full.nCameras))
    expect([...trajectory.isConfirmed.data]).toEqual(pick(full.isConfirmed))
    for (const camera of CAMERAS) {
      expect([...trajectory.cameraAssignments[camera]!.data]).toEqual(pick(full.cameraAssignments[camera]!))
      expect([...trajectory.bboxes[camera]!.data]).toEqual(pick(full.bboxes[camera]!, 4))
    }
  }
})

test('a trajectory agrees with the frames that were written', async () => {
  using reader = new TrackingReader(await write())
  const there = frames.flatMap(({ frameIndex, tracks }) =>
    tracks.filter((track) => track.fishId === 5).map((track) => ({ ...track, frameIndex })),
  )
  const { frameIndex, centroid3d, bboxes } = await reader.trajectory(5)
  expect([...frameIndex.data]).toEqual(there.map((track) => BigInt(track.frameIndex)))
  expect([...centroid3d.data]).toEqual(there.flatMap((track) => Array.from(track.centroid3d!)))
  expect([...bboxes.east!.data]).toEqual(
    there.flatMap((track) => Array.from((track.bboxes as Record<string, number[]>).east ?? [-1, -1, -1, -1])),
  )
})

test('a trajectory of n entries has the shapes n, n × 3 and, per camera, n and n × 4', async () => {
  using reader = new TrackingReader(await write())
  const trajectory = await reader.trajectory(5)
  const shape = (field: { data: ArrayLike<unknown>; shape: readonly number[] }) => [
    field.data.constructor.name,
    ...field.shape,
  ]
  expect(shape(trajectory.frameIndex)).toEqual(['BigInt64Array', 20])
  expect(shape(trajectory.centroid3d)).toEqual(['Float32Array', 20, 3])
  expect(shape(trajectory.confidence)).toEqual(['Float32Array', 20])
  expect(shape(trajectory.isConfirmed)).toEqual(['Uint8Array', 20])
  expect(shape(trajectory.cameraAssignments.north!)).toEqual(['Int32Array', 20])
  expect(shape(trajectory.bboxes.north!)).toEqual(['Int32Array', 20, 4])
  expect(Object.keys(trajectory.bboxes)).toEqual(CAMERAS)
  expect(Object.getPrototypeOf(trajectory.bboxes)).toBeNull()
})

test('the trajectory of a fish that never occurs has no entry and complete shapes', async () => {
  using reader = new TrackingReader(await write())
  const { frameIndex, centroid3d, bboxes } = await reader.trajectory(4)
  expect([frameIndex.shape, centroid3d.shape, bboxes.north!.shape]).toEqual([[0], [0, 3], [0, 4]])
})

describe('an invalid fishId', () => {
  test.each([-1, 1.5, NaN, 2 ** 31, '5', 5n, null])('trajectory refuses the fishId %s', async (fishId) => {
    using reader = new TrackingReader(await write())
    const error = await failure(() => reader.trajectory(fishId as number))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain('fishId')
    expect(error.message).toContain(String(fishId))
  })
})
