import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5diff } from '../../support/hdf5/hdf5-tools.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, type Frame, fish, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// writer.writable() takes { frameIndex, tracks } from a pipeline. The file is closed with the stream, however that ends, and
// holds every frame that was accepted.

const options = { chunkFrames: 4, maxFish: 4 }
const rows = async (path: string) => columnsRead(await readTrackingResults(path))

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('the pipeline should have failed'),
    (error: unknown) => error,
  )
}

test('a pipeline from reader.frames() copies a file', async () => {
  const original = await written(school(30, 4), CAMERAS, options)
  using reader = new TrackingReader(original)
  const path = scratch('copy.h5')
  const writer = new TrackingWriter(path, reader.cameraNames, options)
  await pipeline(reader.frames(), writer.writable())
  expect(writer).toMatchObject({ closed: true, framesWritten: 30 })
  const { code, said } = await h5diff(path, original, '/tracking')
  expect(said).toContain('0 differences found')
  expect(code).toBe(0)
})

test('of nothing: a file without rows', async () => {
  const path = scratch()
  await pipeline(Readable.from([]), new TrackingWriter(path, CAMERAS, options).writable())
  expect(await rows(path)).toEqual(columnsOf([], CAMERAS, 4))
})

test('frames given by write() and end(), after frames given to the writer', async () => {
  const frames = school(7, 2)
  const path = scratch()
  const writer = new TrackingWriter(path, CAMERAS, options)
  writer.writeFrame(0, frames[0]!.tracks)
  const stream = writer.writable()
  for (const frame of frames.slice(1, 6)) stream.write(frame)
  await new Promise<void>((resolve) => stream.end(frames[6], resolve))
  expect(writer.closed).toBe(true)
  expect(await rows(path)).toEqual(columnsOf(frames, CAMERAS, 4))
})

describe('an error', () => {
  const frames = school(11, 2)

  test('in the source keeps the frames that were accepted, and closes', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, options)
    const lost = new Error('the tracker has lost the fish')
    const source = async function* () {
      for (const frame of frames) {
        yield frame
        // What has been yielded is written before the source goes on.
        while (writer.framesWritten <= frame.frameIndex) await new Promise(setImmediate)
      }
      throw lost
    }
    expect(await rejection(pipeline(source, writer.writable()))).toBe(lost)
    await writer.close()
    expect(writer.closed).toBe(true)
    expect(await rows(path)).toEqual(columnsOf(frames, CAMERAS, 4))
  })

  test.each<[string, unknown, object]>([
    [
      'a fish twice',
      { frameIndex: 20, tracks: [fish(3), fish(3)] },
      { code: 'ERR_DUPLICATE_FISH', frame: 20, fish: 3 },
    ],
    ['an index again', { frameIndex: 10, tracks: [] }, { code: 'ERR_FRAME_ORDER', frame: 10 }],
    ['no tracks', { frameIndex: 20 }, { code: 'ERR_INVALID_TRACK', frame: 20, field: 'tracks' }],
    ['a frame without an index', { frame: 20, tracks: [] }, { code: 'ERR_INVALID_TRACK', field: 'frameIndex' }],
    ['a number', 20, { code: 'ERR_INVALID_TRACK' }],
    ['undefined', undefined, { code: 'ERR_INVALID_TRACK' }],
  ])(
    'by a refused frame (%s) names it; the frames before it are kept, those after it are not taken',
    async (_what, bad, fields) => {
      const path = scratch()
      const writer = new TrackingWriter(path, CAMERAS, options)
      const after = { frameIndex: 21, tracks: [fish(1)] }
      const source = Readable.from([...frames, bad, after] as Frame[], { objectMode: true })
      const error = await failure(() => pipeline(source, writer.writable()))
      expect(error).toMatchObject(fields)
      await writer.close()
      expect(writer.framesWritten).toBe(11)
      expect(await rows(path)).toEqual(columnsOf(frames, CAMERAS, 4))
    },
  )

  test('by an abort closes the file with what was accepted', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, options)
    const stop = new AbortController()
    const endless = async function* () {
      for (let frameIndex = 0; ; frameIndex++) {
        if (writer.framesWritten >= 10) stop.abort()
        yield { frameIndex, tracks: [fish(1, frameIndex)] }
        await new Promise(setImmediate)
      }
    }
    const error = await rejection(pipeline(endless, writer.writable(), { signal: stop.signal }))
    expect(error).toMatchObject({ name: 'AbortError' })
    await writer.close()
    const { framesWritten } = writer
    expect(framesWritten).toBeGreaterThanOrEqual(10)
    const expected = school(framesWritten, 0).map(({ frameIndex }) => ({
      frameIndex,
      tracks: [fish(1, Number(frameIndex))],
    }))
    expect(await rows(path)).toEqual(columnsOf(expected, CAMERAS, 4))
  })

  test('destroy() without one closes too, before the stream says that it is closed', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, options)
    const stream = writer.writable()
    stream.write(frames[0])
    const closed = new Promise<boolean>((resolve) => stream.once('close', () => resolve(writer.closed)))
    stream.destroy()
    expect(await closed).toBe(true)
    expect(await rows(path)).toEqual(columnsOf(frames.slice(0, 1), CAMERAS, 4))
  })

  test('by the writer being closed under the stream', async () => {
    const writer = new TrackingWriter(scratch(), CAMERAS, options)
    const stream = writer.writable()
    await writer.close()
    expect(await failure(() => pipeline(Readable.from(frames), stream))).toMatchObject({ code: 'ERR_CLOSED' })
    expect(() => writer.writable()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

describe('back-pressure', () => {
  test('with one block in flight: the source is never further ahead than the two streams hold', async () => {
    const frames = school(200, 3)
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 2, maxFish: 3, blocksInFlight: 1 })
    const stream = writer.writable()
    let ahead = 0
    const source = Readable.from(
      (function* () {
        for (const [given, frame] of frames.entries()) {
          ahead = Math.max(ahead, given - writer.framesWritten)
          yield frame
        }
      })(),
    )
    await pipeline(source, stream)
    expect(await rows(path)).toEqual(columnsOf(frames, CAMERAS, 3))
    expect(ahead).toBeGreaterThan(0)
    expect(ahead).toBeLessThanOrEqual(source.readableHighWaterMark + stream.writableHighWaterMark + 1)
  })

  test('while drain() has not come, not one frame more is taken', async () => {
    const writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 2, maxFish: 3, blocksInFlight: 1 })
    let taken = 0
    let letGo = () => {}
    // A disk that stands still: full after the third frame, and drain() waits until the test lets go.
    writer.writeFrame = () => ++taken % 3 !== 0
    writer.drain = () => new Promise((resolve) => (letGo = resolve))
    const stream = writer.writable()
    let refusedAt = 0
    for (const frame of school(100, 1)) {
      if (stream.write(frame)) continue
      refusedAt = stream.writableLength
      break
    }
    await new Promise(setImmediate)
    expect(refusedAt).toBe(stream.writableHighWaterMark)
    expect(taken).toBe(3)
    letGo()
    await new Promise(setImmediate)
    expect(taken).toBe(6)
    letGo()
    stream.destroy()
    await new Promise((resolve) => stream.once('close', resolve))
  })
})
