import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { sameInH5py } from '../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'

// When a process ends in any way but a kill, every accepted frame is in the file, also the frames of an unfinished chunk and
// without a call of close().

const COUNT = 25
const frames = school(COUNT)

/** A program that writes 25 frames in chunks of 10, and then runs `then` without closing the writer. */
const program = (then: string) => `
  import { TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
  for (const { frameIndex, tracks } of school(${COUNT})) writer.writeFrame(frameIndex, tracks)
  ${then}
`

async function expectAllFrames(path: string) {
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  await sameInH5py(path, { cameras: CAMERAS, maxFish: 9 }, frames)
}

describe('a process that ends with an open writer', () => {
  test.each<[string, string, number, RegExp]>([
    ['by itself', '', 0, /^$/],
    ['by process.exit()', 'process.exit(7)', 7, /^$/],
    ['by process.exit() in a later turn', 'setTimeout(() => process.exit(3), 1)', 3, /^$/],
    ['by process.exit() in an exit handler of its own', "process.on('exit', () => process.exit(4))", 4, /^$/],
    ['by process.exit() while it drains', 'writer.drain(); process.exit(5)', 5, /^$/],
    ['by process.exit() while it flushes', 'writer.flush(); process.exit(6)', 6, /^$/],
    ['by process.exit() while it closes', 'writer.close(); process.exit(8)', 8, /^$/],
    ['by process.reallyExit after an exit event', "process.emit('exit', 0); process.reallyExit(9)", 9, /^$/],
    ['by an uncaught exception', "throw new Error('lost at sea')", 1, /lost at sea/],
    [
      'by an unhandled rejection',
      "await null; Promise.reject(new Error('lost at sea')); await new Promise((r) => setTimeout(r, 50))",
      1,
      /lost at sea/,
    ],
    ['by a top-level await that never settles', 'await new Promise(() => {})', 13, /^$|unsettled top-level await/],
    [
      'by a signal that it handles itself',
      "process.on('SIGTERM', () => process.exit(143)); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)",
      143,
      /^$/,
    ],
  ])('a process that ends %s with an open writer keeps every accepted frame', async (_, then, code, stderr) => {
    const path = scratch()
    const child = await runNode(program(then), [path])
    expect(child).toMatchObject({ code, signal: null, stderr: expect.stringMatching(stderr) })
    await expectAllFrames(path)
  })

  test('a process that exits keeps the frames of several open writers and of a closed one', async () => {
    const paths = [scratch(), scratch(), scratch()]
    const source = `
      import { TrackingWriter } from 'h5tracks'
      import { CAMERAS, school } from 'frames'
      const writers = process.argv.slice(2).map((path) => new TrackingWriter(path, CAMERAS, { chunkFrames: 10 }))
      for (const { frameIndex, tracks } of school(${COUNT})) for (const writer of writers) writer.writeFrame(frameIndex, tracks)
      writers[1].closeSync()
      process.exit(0)`
    expect(await runNode(source, paths)).toMatchObject({ code: 0, stderr: '' })
    for (const path of paths) await expectAllFrames(path)
  })

  test('a frame that an exit handler writes is in the file, or writeFrame throws ERR_CLOSED', async () => {
    const path = scratch()
    const source = `
      import { TrackingWriter } from 'h5tracks'
      import { CAMERAS, school } from 'frames'
      const frames = school(${COUNT})
      let writer
      process.on('exit', () => { for (const { frameIndex, tracks } of frames.slice(20)) writer.writeFrame(frameIndex, tracks) })
      writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
      for (const { frameIndex, tracks } of frames.slice(0, 20)) writer.writeFrame(frameIndex, tracks)
      process.exit(0)`
    const child = await runNode(source, [path])
    // Either the frames are in the file, or writeFrame has thrown ERR_CLOSED.
    if (child.code === 0) await expectAllFrames(path)
    else {
      expect(child.stderr).toContain('ERR_CLOSED')
      expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames.slice(0, 20), CAMERAS, 9))
    }
  })
})

test('a frame that is refused just before the exit leaves nothing in the file', async () => {
  const path = scratch()
  const refused = 'try { writer.writeFrame(99, [{}]) } catch (error) { console.log(error.code) } process.exit(0)'
  expect(await runNode(program(refused), [path])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ERR_/) })
  await expectAllFrames(path)
})

test('an open writer and an open reader do not keep the process running', async () => {
  const path = scratch()
  const reader =
    "const { TrackingReader } = await import('h5tracks'); globalThis.reader = new TrackingReader(process.argv[2])"
  expect(await runNode(program(reader), [path])).toMatchObject({ code: 0, stderr: '' })
  await expectAllFrames(path)
})

test('reads that are pending when the process exits do not disturb the exit', async () => {
  const path = scratch()
  const many = `
    import { TrackingReader, TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    const [path, wait] = process.argv.slice(2)
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 1, overwrite: true })
    for (const { frameIndex, tracks } of school(200)) writer.writeFrame(frameIndex, tracks)
    writer.closeSync()
    const reader = new TrackingReader(path)
    for (let i = 0; i < 20; i++) reader.read().catch(() => {})
    setTimeout(() => process.exit(5), Number(wait))`
  for (let wait = 0; wait < 8; wait++) {
    expect(await runNode(many, [path, String(wait)])).toEqual({ code: 5, signal: null, stdout: '', stderr: '' })
  }
})

test('a process that only imports the library exits with 0 and prints nothing', async () => {
  expect(await runNode("import 'h5tracks'")).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
})
