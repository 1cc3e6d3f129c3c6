import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { sameInH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// Frames are gathered into chunks of `chunkFrames`. A chunk is in the file once drain() has resolved after its last frame;
// flush() puts the frames of the unfinished chunk there as well, and close() all that is left.

describe('7 frames in chunks of 3', () => {
  const frames = school(7)

  test('are 3 long in the file after the third, 6 after the sixth, 7 after close', async () => {
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

  test('can be read by a second reader while they are written', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
    for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
    await writer.drain()
    using reader = new TrackingReader(path)
    expect(columnsRead(await reader.read())).toEqual(columnsOf(frames.slice(0, 6), CAMERAS, 9))
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames.slice(0, 6), CAMERAS, 9))
  })
})

test('flush() makes every accepted frame visible, again and again, and leaves nothing behind of its padding', async () => {
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

test('flush() of nothing, or twice, changes nothing', async () => {
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

// Around a chunk's end, and at the extremes of its size, two readers agree: ours, and h5py in a process of its own.
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
])('$what', ({ count, fish = 3, cameras = CAMERAS, options }) => {
  test('is the same to our reader and to h5py', async () => {
    const frames = school(count, fish, cameras)
    const path = await written(frames, cameras, options)
    const maxFish = options.maxFish ?? 9
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, cameras, maxFish))
    await sameInH5py(path, { cameras, maxFish }, frames)
  })
})
