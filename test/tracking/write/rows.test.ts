import { readTrackingResults, type TrackRecord } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { fish } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// A row has maxFish slots. Its fish fill the first slots in ascending fishId; an empty slot reads as the fill values.

const one: TrackRecord = {
  fishId: 7,
  centroid3d: [1.5, -2.25, 0.125],
  confidence: 0.75,
  reprojectionResidual: 3.5,
  nCameras: 2,
  isConfirmed: true,
  cameraDetections: { a: 4, c: 0 },
  bboxes: { a: [10, 20, 30, 40], c: [-5, 0, 2147483647, -2147483648] },
}
const CAMERAS = ['a', 'b', 'c']
const read = async (tracks: TrackRecord[], maxFish = 2) =>
  readTrackingResults(await written([{ frameIndex: 0, tracks }], CAMERAS, { maxFish }))

describe('the values of a fish', () => {
  test('a fish has its detection and its box in every camera that saw it, and -1 in the others', async () => {
    const { cameraAssignments, bboxes } = await read([one], 1)
    expect([...cameraAssignments.a!.data]).toEqual([4])
    expect([...cameraAssignments.b!.data]).toEqual([-1])
    expect([...cameraAssignments.c!.data]).toEqual([0])
    expect([...bboxes.a!.data]).toEqual([10, 20, 30, 40])
    expect([...bboxes.b!.data]).toEqual([-1, -1, -1, -1])
    expect([...bboxes.c!.data]).toEqual([-5, 0, 2147483647, -2147483648])
  })

  test('a fish may have a detection without a box and a box without a detection; -1 means no detection', async () => {
    const { cameraAssignments, bboxes } = await read(
      [{ ...one, cameraDetections: { a: 4, b: -1 }, bboxes: { c: [1, 2, 3, 4] } }],
      1,
    )
    expect([...cameraAssignments.a!.data, ...bboxes.a!.data]).toEqual([4, -1, -1, -1, -1])
    expect([...cameraAssignments.b!.data, ...bboxes.b!.data]).toEqual([-1, -1, -1, -1, -1])
    expect([...cameraAssignments.c!.data, ...bboxes.c!.data]).toEqual([-1, 1, 2, 3, 4])
  })

  test('a fish without a position has three NaN', async () => {
    const { centroid3d, fishId } = await read([{ ...one, centroid3d: null }], 1)
    expect([...centroid3d.data]).toEqual([NaN, NaN, NaN])
    expect([...fishId.data]).toEqual([7])
  })

  test('a fish may have NaN as confidence and as residual, and three NaN as position', async () => {
    const { centroid3d, confidence, reprojectionResidual } = await read(
      [{ ...one, centroid3d: [NaN, NaN, NaN], confidence: NaN, reprojectionResidual: NaN }],
      1,
    )
    expect([...centroid3d.data, ...confidence.data, ...reprojectionResidual.data]).toEqual([NaN, NaN, NaN, NaN, NaN])
  })

  test('the position and the confidence of a fish are rounded to float32', async () => {
    const { centroid3d, confidence } = await read([{ ...one, centroid3d: [0.1, 1 / 3, 1e-50], confidence: 0.7 }], 1)
    expect([...centroid3d.data, ...confidence.data]).toEqual([
      Math.fround(0.1),
      Math.fround(1 / 3),
      0,
      Math.fround(0.7),
    ])
  })

  test('fishId, nCameras and detections may be the largest int32', async () => {
    const extreme = 2 ** 31 - 1
    const { fishId, nCameras, cameraAssignments } = await read(
      [{ ...one, fishId: extreme, nCameras: extreme, cameraDetections: { b: extreme } }],
      1,
    )
    expect([fishId.data[0], nCameras.data[0], cameraAssignments.b!.data[0]]).toEqual([extreme, extreme, extreme])
  })
})

test('fractional box numbers are truncated toward zero', async () => {
  const { bboxes } = await read(
    [{ ...one, bboxes: { a: [1.999, -1.999, 0.5, -0.5], b: [2147483647.9, -2147483648.9, 7, -7] } }],
    1,
  )
  expect([...bboxes.a!.data]).toEqual([1, -1, 0, 0])
  expect([...bboxes.b!.data]).toEqual([2147483647, -2147483648, 7, -7])
})

test('empty slots hold the fill value of every dataset', async () => {
  const results = await read([one], 2)
  const absent = ({ data }: { data: Iterable<unknown> }) => {
    const values = [...data]
    return values.slice(values.length / 2)
  }
  expect(absent(results.fishId)).toEqual([-1])
  expect(absent(results.centroid3d)).toEqual([NaN, NaN, NaN])
  expect(absent(results.confidence)).toEqual([-1])
  expect(absent(results.reprojectionResidual)).toEqual([-1])
  expect(absent(results.nCameras)).toEqual([0])
  expect(absent(results.isConfirmed)).toEqual([0])
  for (const camera of CAMERAS) {
    expect(absent(results.cameraAssignments[camera]!)).toEqual([-1])
    expect(absent(results.bboxes[camera]!)).toEqual([-1, -1, -1, -1])
  }
})

describe('slots', () => {
  const row = (...ids: number[]) => ids.map((id) => fish(id, 0, CAMERAS))

  test('slots are in ascending fishId, whatever the order of the tracks', async () => {
    const { fishId, centroid3d } = await read(row(30, 4, 1000, 0), 5)
    expect([...fishId.data]).toEqual([0, 4, 30, 1000, -1])
    expect([...centroid3d.data].filter((_, n) => n % 3 === 0)).toEqual([0, 4, 30, 1000, NaN])
  })

  test('a fish moves to a lower slot when a fish with a lower id is missing', async () => {
    const frames = [row(1, 2, 3), row(2, 3), row(3), row(), row(1, 3)]
    const path = await written(
      frames.map((tracks, frameIndex) => ({ frameIndex, tracks })),
      CAMERAS,
      { maxFish: 3 },
    )
    const { fishId } = await readTrackingResults(path)
    expect([...fishId.data]).toEqual([1, 2, 3, 2, 3, -1, 3, -1, -1, -1, -1, -1, 1, 3, -1])
  })

  test('an empty slot holds nothing of an earlier row, also when blocks are reused', async () => {
    const frames = Array.from({ length: 40 }, (_, frameIndex) => ({
      frameIndex,
      tracks: frameIndex % 3 ? [] : row(1, 2),
    }))
    const path = await written(frames, CAMERAS, { maxFish: 2, chunkFrames: 2 })
    const { fishId, centroid3d, bboxes, nCameras } = await readTrackingResults(path)
    for (const { frameIndex, tracks } of frames) {
      if (tracks.length > 0) continue
      expect([...fishId.data.subarray(frameIndex * 2, frameIndex * 2 + 2)]).toEqual([-1, -1])
      expect([...nCameras.data.subarray(frameIndex * 2, frameIndex * 2 + 2)]).toEqual([0, 0])
      expect([...centroid3d.data.subarray(frameIndex * 6, frameIndex * 6 + 6)]).toEqual(Array(6).fill(NaN))
      expect([...bboxes.b!.data.subarray(frameIndex * 8, frameIndex * 8 + 8)]).toEqual(Array(8).fill(-1))
    }
  })
})
