import { TrackingWriter, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { batchOf } from '../../support/tracking/batches.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'

// writer.stats() returns counters for a dashboard. They agree with the sizes that HDF5 reports for the file.

/** Bytes of one frame's values: the frame index; per fish an id, x y z, two floats, a count, a flag; per camera a detection and a box. */
const rowBytes = (maxFish: number, cameras: number) => 8 + maxFish * (4 + 12 + 4 + 4 + 4 + 1 + cameras * (4 + 16))

/** Bytes of the chunks of all datasets that start before `rows`, as HDF5 stores them. */
async function storedBytes(path: string, rows: number): Promise<number> {
  const lines = `
total = 0
def add(name, dataset):
  global total
  if isinstance(dataset, h5py.Dataset):
    for i in range(dataset.id.get_num_chunks()):
      info = dataset.id.get_chunk_info(i)
      if info.chunk_offset[0] < ${rows}: total += info.size
f.visititems(add)
print(total)`
  return Number(await h5py(path, 'r', lines))
}

const zero = {
  frames: 0,
  boxesTruncated: 0,
  blocks: 0,
  rawBytes: 0,
  storedBytes: 0,
  encodeSeconds: 0,
  commitSeconds: 0,
  queueDepth: 0,
  longestWaitSeconds: 0,
}

test('the counters of a new writer are all 0', async () => {
  await using writer = new TrackingWriter(scratch(), CAMERAS)
  expect(writer.stats()).toEqual(zero)
})

describe.each<{ what: string; options: WriterOptions; cameras: string[] }>([
  { what: 'default filters', options: {}, cameras: CAMERAS },
  { what: 'gzip 9 without shuffle', options: { compression: { level: 9, shuffle: false } }, cameras: CAMERAS },
  { what: 'no filter', options: { compression: 'none' }, cameras: CAMERAS },
  { what: 'no camera', options: {}, cameras: [] },
])('23 frames in chunks of 5 with $what', ({ what, options, cameras }) => {
  test.each(['records', 'columns'])(
    `the counters of 23 frames given as %s agree with the file, with ${what}`,
    async (way) => {
      const path = scratch()
      const frames = school(23, 3, cameras)
      const writer = new TrackingWriter(path, cameras, { chunkFrames: 5, maxFish: 4, ...options })
      if (way === 'columns') writer.writeFrames(batchOf(frames, 4, cameras))
      else for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
      await writer.drain()
      const drained = writer.stats()
      expect(drained).toMatchObject({
        frames: 23,
        blocks: 4,
        rawBytes: 4 * 5 * rowBytes(4, cameras.length),
        queueDepth: 0,
      })
      await writer.close()
      expect(drained.storedBytes).toBe(await storedBytes(path, 20))
      if (options.compression === 'none') expect(drained.storedBytes).toBe(drained.rawBytes)
    },
  )
})

test('no counter but the queue depth ever decreases', async () => {
  await using writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 3, blocksInFlight: 2 })
  let before = writer.stats()
  for (const [count, { frameIndex, tracks }] of school(60, 3).entries()) {
    const room = writer.writeFrame(frameIndex, tracks)
    const now = writer.stats()
    expect(now.frames).toBe(count + 1)
    expect(now.blocks + now.queueDepth).toBe(Math.floor(now.frames / 3))
    // Two blocks are in flight and one has just been handed over; no further block is open then.
    expect(now.queueDepth).toBeLessThanOrEqual(3)
    for (const name of Object.keys(zero) as (keyof typeof zero)[]) {
      if (name !== 'queueDepth') expect(now[name], name).toBeGreaterThanOrEqual(before[name])
    }
    before = now
    if (!room) {
      await writer.drain()
      expect(writer.stats().queueDepth).toBe(0)
    }
  }
})

test('encodeSeconds and commitSeconds are 0 before the first block is written, and positive after it', async () => {
  await using writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 2 })
  writer.writeFrame(0, [])
  await writer.drain()
  expect(writer.stats()).toMatchObject({ encodeSeconds: 0, commitSeconds: 0 })
  writer.writeFrame(1, [])
  await writer.drain()
  const { encodeSeconds, commitSeconds, longestWaitSeconds } = writer.stats()
  expect(encodeSeconds).toBeGreaterThan(0)
  expect(commitSeconds).toBeGreaterThan(0)
  expect(longestWaitSeconds).toBeGreaterThanOrEqual(0)
})

test('refused frames do not change the counters', async () => {
  await using writer = new TrackingWriter(scratch(), CAMERAS, { maxFish: 1 })
  expect(() => writer.writeFrame(0, school(1, 2)[0]!.tracks)).toThrow('maxFish')
  expect(() => writer.writeFrames(batchOf(school(2, 1, ['west']), 1, ['west']))).toThrow('west')
  expect(writer.stats()).toEqual({ ...zero, longestWaitSeconds: expect.any(Number) })
})

test('a closed writer keeps its counters', async () => {
  const path = scratch()
  const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 5 })
  for (const { frameIndex, tracks } of school(12)) writer.writeFrame(frameIndex, tracks)
  await writer.flush()
  expect(writer.stats()).toMatchObject({ frames: 12, blocks: 2, queueDepth: 0 })
  await writer.close()
  const closed = writer.stats()
  expect(closed).toMatchObject({ frames: 12, blocks: 2, rawBytes: 10 * rowBytes(9, 3), queueDepth: 0 })
  expect(closed.storedBytes).toBe(await storedBytes(path, 10))
})
