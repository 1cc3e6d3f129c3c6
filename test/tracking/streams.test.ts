import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readTrackingResults, TrackingReader, TrackingWriter, type TrackRecord } from 'h5tracks'
import { expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { CAMERAS, school } from '../support/frames.js'
import { columnsOf, columnsRead } from '../support/model.js'
import { scratch } from '../support/scratch.js'
import { written } from '../support/writing.js'

// writer.writable() takes frames from a stream. The writer holds its source back while it is busy, and is closed when the
// stream ends, fails or is destroyed; what was accepted is kept.

const frames = school(50)

test('a pipeline writes every frame and closes the writer', async () => {
  const path = scratch()
  const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 2, blocksInFlight: 2 })
  await pipeline(Readable.from(frames), writer.writable())
  expect(writer).toMatchObject({ isOpen: false, framesWritten: 50 })
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('a file is copied through frames()', async () => {
  const path = scratch()
  using reader = new TrackingReader(await written(frames, CAMERAS, { chunkFrames: 8 }))
  await pipeline(reader.frames(), new TrackingWriter(path, reader.cameraNames).writable())
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('a source that fails: its error arrives, the writer is closed, what came before is in the file', async () => {
  const path = scratch()
  const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 4 })
  const lost = new Error('the cameras are gone')
  const source = Readable.from(
    (function* () {
      yield* frames.slice(0, 10)
      throw lost
    })(),
    { highWaterMark: 1 },
  )
  await expect(pipeline(source, writer.writable())).rejects.toBe(lost)
  await writer.close()
  const { framesWritten } = writer
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames.slice(0, framesWritten), CAMERAS, 9))
})

test('a frame that is refused ends the stream with its error', async () => {
  const path = scratch()
  const writer = new TrackingWriter(path, CAMERAS)
  const bad = { frameIndex: 5, tracks: [{ fishId: -1 } as TrackRecord] }
  const error = await failure(() =>
    pipeline(Readable.from([...frames.slice(0, 3), bad, ...frames.slice(6)]), writer.writable()),
  )
  expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE', frame: 5, field: 'fishId' })
  await writer.close()
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames.slice(0, 3), CAMERAS, 9))
})

test.each([7, 'frame', {}, { tracks: [] }])(
  'something that is no frame (%o) ends the stream with an error of ours',
  async (chunk) => {
    const writer = new TrackingWriter(scratch(), CAMERAS)
    const stream = writer.writable()
    const ended = new Promise<unknown>((resolve) => stream.on('error', resolve))
    stream.write(chunk)
    expect(await ended).toMatchObject({ name: 'H5TracksError', code: expect.stringMatching(/^ERR_/) })
  },
)

test('the stream of a writer that was closed meanwhile says ERR_CLOSED', async () => {
  const writer = new TrackingWriter(scratch(), CAMERAS)
  const stream = writer.writable()
  await writer.close()
  expect(await failure(() => pipeline(Readable.from(frames), stream))).toMatchObject({ code: 'ERR_CLOSED' })
  expect(await failure(() => writer.writable())).toMatchObject({ code: 'ERR_CLOSED' })
})
