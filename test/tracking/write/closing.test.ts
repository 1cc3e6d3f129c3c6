import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// close(), closeSync() or the end of a `using` block closes a writer, also when an exception ends the block; every accepted
// frame is then in the file. Closing again is harmless; every other call that needs the file fails with ERR_CLOSED.

const frames = school(4)
function fill(writer: TrackingWriter) {
  for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
}
const expected = columnsOf(frames, CAMERAS, 9)

describe('every way to close keeps every accepted frame', () => {
  test.each<[string, (writer: TrackingWriter) => unknown]>([
    ['close()', (writer) => writer.close()],
    ['closeSync()', (writer) => writer.closeSync()],
    ['Symbol.dispose', (writer) => writer[Symbol.dispose]()],
    ['Symbol.asyncDispose', (writer) => writer[Symbol.asyncDispose]()],
    [
      'close() without awaiting earlier calls of drain() and flush()',
      (writer) => Promise.all([writer.drain(), writer.flush(), writer.close()]),
    ],
    ['close() and closeSync() at once', (writer) => [writer.close(), writer.closeSync()][0]],
  ])('%s keeps every accepted frame', async (_, close) => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
    fill(writer)
    expect(writer.isOpen).toBe(true)
    await close(writer)
    expect(writer.isOpen).toBe(false)
    expect(columnsRead(await readTrackingResults(path))).toEqual(expected)
  })

  test('the end of a using block keeps every accepted frame', async () => {
    const path = scratch()
    {
      using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
      fill(writer)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(expected)
  })

  test('an exception that ends a using block keeps every accepted frame and propagates unchanged', async () => {
    const path = scratch()
    const crash = new Error('the tracker lost its way')
    expect(() => {
      using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
      fill(writer)
      throw crash
    }).toThrow(crash)
    expect(columnsRead(await readTrackingResults(path))).toEqual(expected)
  })

  test('an exception that ends an await using block keeps every accepted frame', async () => {
    const path = scratch()
    const work = async () => {
      await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 3 })
      fill(writer)
      throw new Error('the tracker lost its way')
    }
    await expect(work()).rejects.toThrow('the tracker lost its way')
    expect(columnsRead(await readTrackingResults(path))).toEqual(expected)
  })
})

describe('after close', () => {
  test('closing a closed writer again is harmless in every form', async () => {
    const writer = new TrackingWriter(scratch(), CAMERAS)
    await Promise.all([writer.close(), writer.close()])
    await writer.close()
    writer.closeSync()
    writer[Symbol.dispose]()
    await writer[Symbol.asyncDispose]()
  })

  test.each<[string, (writer: TrackingWriter) => unknown]>([
    ['writeFrame', (writer) => writer.writeFrame(9, [])],
    ['drain', (writer) => writer.drain()],
    ['flush', (writer) => writer.flush()],
    ['flushSync', (writer) => writer.flushSync()],
  ])('%s() of a closed writer fails with ERR_CLOSED and names the file', async (_, use) => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS)
    fill(writer)
    await writer.close()
    const error = await failure(() => use(writer))
    expect(error).toMatchObject({ code: 'ERR_CLOSED', path })
    expect(error.message).toContain('closed')
    expect(columnsRead(await readTrackingResults(path))).toEqual(expected)
  })

  test('a closed writer keeps its path, sizes, camera names and frame count', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { maxFish: 4, chunkFrames: 3 })
    fill(writer)
    await writer.close()
    expect(writer).toMatchObject({ path, maxFish: 4, chunkFrames: 3, framesWritten: 4, isOpen: false })
    expect(writer.cameraNames).toEqual(CAMERAS)
  })

  test.each<[string, (reader: TrackingReader) => unknown]>([
    ['length', (reader) => reader.length],
    ['read', (reader) => reader.read()],
    ['readSync', (reader) => reader.readSync()],
    ['frames', (reader) => reader.frames()[Symbol.asyncIterator]().next()],
    ['trajectory', (reader) => reader.trajectory(0)],
  ])('%s of a closed reader fails with ERR_CLOSED', async (_, use) => {
    const path = await written(frames)
    const reader = new TrackingReader(path)
    reader.close()
    reader.close()
    expect(await failure(() => use(reader))).toMatchObject({ code: 'ERR_CLOSED', path })
  })
})

test('a read that is running when its reader is closed ends with its result or with ERR_CLOSED', async () => {
  const path = await written(frames)
  const reader = new TrackingReader(path)
  const read = reader.read()
  reader.close()
  const [outcome] = await Promise.allSettled([read])
  if (outcome.status === 'fulfilled') expect(columnsRead(outcome.value)).toEqual(expected)
  else expect(outcome.reason).toMatchObject({ code: 'ERR_CLOSED' })
})
