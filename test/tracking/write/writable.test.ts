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

// writer.writable() takes { frameIndex, tracks } from a pipeline. The end of the stream, also by an error, closes the file,
// which then holds every accepted frame.

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

test('an empty pipeline makes a file without rows', async () => {
  const path = scratch()
  await pipeline(Readable.from([]), new TrackingWriter(path, CAMERAS, options).writable())
  expect(await rows(path)).toEqual(columnsOf([], CAMERAS, 4))
})

test('a stream appends the frames of write() and end() to those of writeFrame', async () => {
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

describe('a stream that fails', () => {
  const frames = school(11, 2)

  test('an error in the source closes the file, which keeps the accepted frames', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, options)
    const lost = new Error('the tracker has lost the fish')
    const source = async function* () {
      for (const frame of frames) {
        yield frame
        // The source waits until the writer has accepted the frame.
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
    'a refused frame (%s) fails the pipeline; frames before it are kept, frames after it are not taken',
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

  test('an abort closes the file, which keeps the accepted frames', async () => {
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

  test("destroy() without an error closes the file before the stream emits 'close'", async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, options)
    const stream = writer.writable()
    stream.write(frames[0])
    const closed = new Promise<boolean>((resolve) => stream.once('close', () => resolve(writer.closed)))
    stream.destroy()
    expect(await closed).toBe(true)
    expect(await rows(path)).toEqual(columnsOf(frames.slice(0, 1), CAMERAS, 4))
  })

  test('a stream whose writer has been closed fails with ERR_CLOSED', async () => {
    const writer = new TrackingWriter(scratch(), CAMERAS, options)
    const stream = writer.writable()
    await writer.close()
    expect(await failure(() => pipeline(Readable.from(frames), stream))).toMatchObject({ code: 'ERR_CLOSED' })
    expect(() => writer.writable()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

describe('back-pressure', () => {
  test('the source of a pipeline never runs ahead by more frames than the two streams buffer', async () => {
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

  test('a stream takes no frame until drain() resolves', async () => {
    const writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 2, maxFish: 3, blocksInFlight: 1 })
    let taken = 0
    let letGo = () => {}
    // A stalled disk: the writer is full after every third frame, and drain() waits until the test releases it.
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
