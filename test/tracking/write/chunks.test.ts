import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { sameInH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// The writer gathers frames into chunks of `chunkFrames`. A chunk is in the file once drain() has resolved after its last
// frame; flush() also writes the frames of the unfinished chunk, and close() writes all that is left.

describe('7 frames in chunks of 3', () => {
  const frames = school(7)

  test('a file of 7 frames in chunks of 3 grows to 3, to 6 and, when closed, to 7 rows', async () => {
    const path = scratch()
    const lengths: number[] = []
    {
      await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
      using reader = new TrackingReader(path)
      for (const { frameIndex, tracks } of frames) {
        writer.writeFrame(frameIndex, tracks)
        await writer.drain()
        lengths.push(reader.length)
      }
    }
    expect(lengths).toEqual([0, 0, 3, 3, 3, 6, 6])
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('a second reader reads the finished chunks while the file is being written', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
    for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
    await writer.drain()
    using reader = new TrackingReader(path)
    expect(columnsRead(await reader.read())).toEqual(columnsOf(frames.slice(0, 6), CAMERAS, 9))
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames.slice(0, 6), CAMERAS, 9))
  })
})

test('each flush() makes every accepted frame visible, and its padding never appears in the file', async () => {
  const path = scratch()
  const frames = school(10)
  await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 4 })
  using reader = new TrackingReader(path)
  for (const [count, { frameIndex, tracks }] of frames.entries()) {
    writer.writeFrame(frameIndex, tracks)
    if (count % 2) writer.flushSync()
    else await writer.flush()
    expect(reader.length).toBe(count + 1)
    expect(columnsRead(await reader.read())).toEqual(columnsOf(frames.slice(0, count + 1), CAMERAS, 9))
  }
  await writer.close()
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('flush() without new frames, or repeated, changes nothing', async () => {
  const path = scratch()
  await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 2 })
  await writer.flush()
  writer.flushSync()
  using reader = new TrackingReader(path)
  expect(reader.length).toBe(0)
  writer.writeFrame(0, [])
  await writer.flush()
  await writer.flush()
  expect(reader.length).toBe(1)
})

// At the borders of a chunk, and at its smallest and largest sizes, two readers agree: ours, and h5py in its own process.
describe.each([
  { what: 'one frame short of a chunk', count: 7, options: { chunkFrames: 8 } },
  { what: 'exactly one chunk', count: 8, options: { chunkFrames: 8 } },
  { what: 'one frame over a chunk', count: 9, options: { chunkFrames: 8 } },
  { what: 'exactly three chunks', count: 24, options: { chunkFrames: 8 } },
  { what: 'a chunk for each frame', count: 70, options: { chunkFrames: 1 } },
  { what: 'one frame in a chunk of a thousand', count: 1, options: {} },
  { what: 'one fish at most', count: 5, fish: 1, options: { maxFish: 1, chunkFrames: 2 } },
  { what: '256 fish', count: 5, fish: 256, options: { maxFish: 256, chunkFrames: 2 } },
  { what: 'frames without fish', count: 5, fish: 0, options: { chunkFrames: 2 } },
  { what: 'no frame at all', count: 0, options: { maxFish: 4 } },
  {
    what: '64 cameras',
    count: 5,
    cameras: Array.from({ length: 64 }, (_, n) => `cam${n}`),
    options: { chunkFrames: 2 },
  },
  { what: 'no camera', count: 5, cameras: [], options: { chunkFrames: 2 } },
])('$what', ({ what, count, fish = 3, cameras = CAMERAS, options }) => {
  test(`our reader and h5py read the same frames: ${what}`, async () => {
    const frames = school(count, fish, cameras)
    const path = await written(frames, cameras, options)
    const maxFish = options.maxFish ?? 9
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, cameras, maxFish))
    await sameInH5py(path, { cameras, maxFish }, frames)
  })
})
