import { readTrackingResults, TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'

// writeFrame accepts a frame or throws. It returns true while there is room, and false when the caller should await
// drain(); a caller that ignores this loses nothing.

test('framesWritten counts exactly the accepted frames', () => {
  using writer = new TrackingWriter(scratch(), CAMERAS, { maxFish: 2, chunkFrames: 2 })
  expect(writer.framesWritten).toBe(0)
  for (const [count, { frameIndex, tracks }] of school(5, 2).entries()) {
    writer.writeFrame(frameIndex, tracks)
    expect(writer.framesWritten).toBe(count + 1)
  }
  expect(() => writer.writeFrame(5, school(1, 3)[0]!.tracks)).toThrow()
  expect(writer.framesWritten).toBe(5)
})

test('writeFrame returns true inside a chunk', () => {
  using writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 10 })
  const answers = school(9).map(({ frameIndex, tracks }) => writer.writeFrame(frameIndex, tracks))
  expect(answers).toEqual(Array(9).fill(true))
})

test('writeFrame returns false when its blocks are full, and a burst that ignores it keeps every frame in order', async () => {
  const path = scratch()
  const frames = school(600, 5)
  const answers = new Set<boolean>()
  {
    using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 1, blocksInFlight: 2 })
    for (const { frameIndex, tracks } of frames) answers.add(writer.writeFrame(frameIndex, tracks))
  }
  expect(answers).toContain(false)
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('writeFrame returns true again after drain()', async () => {
  await using writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 2 })
  for (const { frameIndex, tracks } of school(40)) {
    if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
  }
  await writer.drain()
  expect(writer.writeFrame(40, [])).toBe(true)
})

test('many concurrent calls of drain() and flush() keep every frame', async () => {
  const path = scratch()
  const frames = school(50)
  const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
  const pending = frames.flatMap(({ frameIndex, tracks }) => {
    writer.writeFrame(frameIndex, tracks)
    return [writer.drain(), writer.flush()]
  })
  await Promise.all(pending)
  await writer.close()
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})
