import { readTrackingResults, recover } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5diff } from '../support/hdf5/hdf5-tools.js'
import { program, run, runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// An embedder that takes no native memory as an ArrayBuffer, as Electron does, gets copies instead.

const env = { H5TRACKS_EXTERNAL_MEMORY: 'off' }
const frames = school(45)

/** Opens `writer` in the child, and `columns(start, stop)` of a file that holds the same frames. */
const child = (body: string) => `
  import { TrackingReader, TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const [path, same] = process.argv.slice(2)
  const options = { chunkFrames: 10, compression: { level: 4 } }
  const frames = [...school(45)]
  const reader = new TrackingReader(same)
  const plain = (value) => value.data ?? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, one.data]))
  const columns = async (start, stop) =>
    Object.fromEntries(Object.entries(await reader.read({ start, stop })).map(([name, value]) => [name, plain(value)]))
  const records = (writer, start, stop) => {
    for (const { frameIndex, tracks } of frames.slice(start, stop)) writer.writeFrame(frameIndex, tracks)
  }
  ${body}
`

async function inChild(body: string, path: string) {
  const same = await written(frames, CAMERAS, { chunkFrames: 10, compression: { level: 4 } })
  return { same, finished: await runNode(child(body), [path, same], { env }) }
}

const mixed = `
  records(writer, 0, 3)
  writer.writeFrames(await columns(3, 14))
  await writer.drain()
  records(writer, 14, 27)
  await writer.drain()
  writer.writeFrames(await columns(27, 29))
  records(writer, 29, 30)
  records(writer, 30, 45)`

describe('without external memory', () => {
  test('a file of records and batches equals the file that is written with it', async () => {
    const path = scratch()
    const body = `const writer = new TrackingWriter(path, CAMERAS, options); ${mixed}; await writer.close()`
    const { same, finished } = await inChild(body, path)
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(await h5diff(path, same, '/')).toMatchObject({ code: 0 })
    await expectFrames(path, frames)
  })

  test('a file is continued in the middle of a block', async () => {
    const path = await written(frames.slice(0, 13), CAMERAS, { chunkFrames: 10 })
    const body = 'const writer = await TrackingWriter.resume(path); records(writer, 13, 45); writer.closeSync()'
    expect((await inChild(body, path)).finished).toMatchObject({ code: 0, stderr: '' })
    await expectFrames(path, frames)
  })

  test.each([1, 10, 23, 45])('no accepted frame is lost when the process is killed after %i frames', async (count) => {
    const path = scratch()
    const body = `
      const writer = new TrackingWriter(path, CAMERAS, options)
      for (const { frameIndex, tracks } of frames.slice(0, ${count})) if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
      process.kill(process.pid, 'SIGKILL')
      await new Promise(() => {})`
    expect((await inChild(body, path)).finished).toMatchObject({ signal: 'SIGKILL' })
    await recover(path)
    await expectFrames(path, frames.slice(0, count))
  })

  test('a refused frame leaves nothing, and the frames after it are stored', async () => {
    const path = scratch()
    const body = `
      const writer = new TrackingWriter(path, CAMERAS, options)
      records(writer, 0, 4)
      try { writer.writeFrame(4, [frames[4].tracks[0], { fishId: 'none' }]); process.exit(3) } catch {}
      records(writer, 4, 45)
      await writer.close()`
    expect((await inChild(body, path)).finished).toMatchObject({ code: 0, stderr: '' })
    await expectFrames(path, frames)
  })

  test('all results are read', async () => {
    const body = `
      import { readTrackingResults } from 'h5tracks'
      const all = await readTrackingResults(same)
      console.log(all.frameIndex.data.length, all.centroid3d.data.buffer.constructor.name)`
    const { same, finished } = await inChild(body, scratch())
    expect(finished).toEqual({ code: 0, signal: null, stdout: '45 ArrayBuffer\n', stderr: '' })
    expect(columnsRead(await readTrackingResults(same))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('a failure in the background ends the writer at the next frame', async () => {
    const source = `
      import { defineLayout, FrameWriter } from 'h5tracks'
      const noise = defineLayout({ group: 'noise', fields: { values: { type: 'float64', shape: [1000] } } })
      const writer = new FrameWriter(process.argv[2], noise, { chunkFrames: 10, blocksInFlight: 1 })
      for (let frame = 0; frame < 5000; frame++) {
        try {
          writer.writeFrame(frame, { values: Float64Array.from({ length: 1000 }, Math.random) })
        } catch ({ code, message }) {
          console.log(code, message)
          break
        }
        await new Promise(setImmediate)
      }`
    const limited = ['-c', 'ulimit -f 1024; exec "$0" "$@"', process.execPath, program(source), scratch()]
    expect(await run('bash', limited, { env })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^EFBIG /) })
  })
})
