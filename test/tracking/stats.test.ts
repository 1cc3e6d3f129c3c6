import { TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { CAMERAS, school } from '../support/frames.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// stats() tells an operator what a writer has done: counts that agree with the file, and times that add up.

/** Bytes of one row with 9 slots and 3 cameras: index, id, position, two numbers, cameras, flag, and per camera 5 numbers. */
const ROW = 8 + 9 * (4 + 12 + 4 + 4 + 4 + 1 + 3 * (4 + 16))

test('a new writer has done nothing', () => {
  using writer = new TrackingWriter(scratch(), CAMERAS)
  expect(writer.stats()).toEqual({
    frames: 0,
    blocks: 0,
    rawBytes: 0,
    storedBytes: 0,
    encodeSeconds: 0,
    commitSeconds: 0,
    queueDepth: 0,
    longestWaitSeconds: 0,
  })
})

test('blocks and bytes are those of the chunks in the file', async () => {
  const path = scratch()
  const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
  for (const { frameIndex, tracks } of school(40)) writer.writeFrame(frameIndex, tracks)
  await writer.drain()
  const stats = writer.stats()
  expect(stats).toMatchObject({ frames: 40, blocks: 4, rawBytes: 40 * ROW, queueDepth: 0 })
  expect(stats.encodeSeconds).toBeGreaterThan(0)
  expect(stats.commitSeconds).toBeGreaterThan(0)
  await writer.close()
  const stored = await askH5py<number[]>(
    path,
    '(lambda n: (f.visititems(lambda _, d: n.append(d.id.get_storage_size()) if isinstance(d, h5py.Dataset) else None), n)[1])([])',
  )
  expect(stats.storedBytes).toBe(stored.reduce((sum, bytes) => sum + bytes, 0))
})

test('they are still there after close, with every frame', async () => {
  const writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 10 })
  for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
  await writer.close()
  expect(writer.stats()).toMatchObject({ frames: 25, queueDepth: 0 })
  expect(writer.stats().blocks).toBeGreaterThanOrEqual(2)
})
