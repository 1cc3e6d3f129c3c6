import { TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5diff, h5dumpHeaders } from '../../support/hdf5/hdf5-tools.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, type Frame, fish, school } from '../../support/tracking/frames.js'
import { plainFrame } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// frames() gives frame after frame in the form that writeFrame takes, so a reader can feed a writer.

async function read(path: string, window?: { start?: number; stop?: number }) {
  using reader = new TrackingReader(path)
  const frames = []
  for await (const frame of reader.frames(window)) frames.push(plainFrame(frame))
  return frames
}

test('frames() returns the frames as they were written, fish by fish', async () => {
  const frames = school(11, 4)
  const path = await written(frames, CAMERAS, { chunkFrames: 4 })
  expect(await read(path)).toEqual(frames.map(plainFrame))
})

test('frames({ start, stop }) returns just the frames of that window', async () => {
  const frames = school(11, 2)
  const path = await written(frames, CAMERAS, { chunkFrames: 4 })
  expect(await read(path, { start: 3, stop: 9 })).toEqual(frames.slice(3, 9).map(plainFrame))
  expect(await read(path, { start: 9 })).toEqual(frames.slice(9).map(plainFrame))
  expect(await read(path, { start: 4, stop: 4 })).toEqual([])
})

test('frames() gives null for an absent position and leaves absent detections and boxes out of the records', async () => {
  const hidden = {
    ...fish(3),
    centroid3d: null,
    cameraDetections: { north: 0, east: -1 },
    bboxes: { south: [0, 0, 0, 0] },
  }
  const [frame] = await read(await written([{ frameIndex: 0, tracks: [hidden] }]))
  expect(frame!.tracks).toEqual([{ ...hidden, cameraDetections: [['north', 0]], bboxes: [['south', [0, 0, 0, 0]]] }])
})

test('frames() gives a frame without fish an empty list of tracks, and flags as booleans', async () => {
  const frames = await read(
    await written([
      { frameIndex: 0, tracks: [] },
      { frameIndex: 1, tracks: [fish(2, 1)] },
    ]),
  )
  expect(frames[0]!.tracks).toEqual([])
  expect(frames[1]!.tracks[0]!.isConfirmed).toBe(true)
})

test('records keyed by camera from frames() have no prototype', async () => {
  using reader = new TrackingReader(await written(school(1, 1)))
  for await (const { tracks } of reader.frames()) {
    expect(Object.getPrototypeOf(tracks[0]!.bboxes)).toBeNull()
    expect(Object.getPrototypeOf(tracks[0]!.cameraDetections)).toBeNull()
  }
})

test('a frame from frames() does not change when later frames are read', async () => {
  const frames = school(9, 2)
  using reader = new TrackingReader(await written(frames, CAMERAS, { chunkFrames: 2 }))
  const kept: Frame[] = []
  for await (const { frameIndex, tracks } of reader.frames()) kept.push({ frameIndex, tracks: [...tracks] })
  expect(kept.map(plainFrame)).toEqual(frames.map(plainFrame))
})

test('a reader stays usable after a loop over frames() ends early', async () => {
  using reader = new TrackingReader(await written(school(9, 2), CAMERAS, { chunkFrames: 2 }))
  for await (const { frameIndex } of reader.frames()) if (BigInt(frameIndex) === 3n) break
  expect((await reader.read()).frameIndex.shape).toEqual([9])
})

test('two loops over frames() of one reader do not disturb each other', async () => {
  using reader = new TrackingReader(await written(school(7, 1), CAMERAS, { chunkFrames: 2 }))
  const a = reader.frames()[Symbol.asyncIterator]()
  const b = reader.frames({ start: 3 })[Symbol.asyncIterator]()
  const seen = []
  for (let n = 0; n < 3; n++)
    seen.push(Number((await a.next()).value!.frameIndex), Number((await b.next()).value!.frameIndex))
  expect(seen).toEqual([0, 3, 1, 4, 2, 5])
})

describe('a copy through frames()', () => {
  test('a copy through frames() equals its original in every dataset, by h5diff', async () => {
    const sparse = school(25, 4).map(({ frameIndex, tracks }) => ({
      frameIndex: Number(frameIndex) * 3 - 7,
      tracks: tracks
        .filter((_, n) => (n + Number(frameIndex)) % 4 !== 0)
        .map((track) => ({ ...track, centroid3d: (track.fishId + Number(frameIndex)) % 5 ? track.centroid3d : null })),
    }))
    const original = await written(sparse, CAMERAS, { chunkFrames: 8 })
    const copy = scratch()
    {
      using reader = new TrackingReader(original)
      const { cameraNames, maxFish, chunkFrames } = reader
      await using writer = new TrackingWriter(copy, cameraNames, { maxFish, chunkFrames })
      for await (const { frameIndex, tracks } of reader.frames()) writer.writeFrame(frameIndex, tracks)
    }
    const datasets = [...(await h5dumpHeaders(original)).keys()]
    expect(datasets).toHaveLength(7 + 2 * CAMERAS.length)
    for (const dataset of datasets) {
      expect(await h5diff(copy, original, dataset)).toMatchObject({
        code: 0,
        said: expect.stringContaining('0 differences'),
      })
    }
  })
})
