import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'

// A writer that was forgotten, and that the garbage collector took, still has its frames in the file by the end of the
// process. Its finalizer waits for nothing, so the event loop goes on.

const frames = school(25)
const run = (source: string, paths: string[]) => runNode(source, paths, { execArgv: ['--expose-gc'] })

/** Forgets a writer for each path; `collected` holds the paths of those that are gone. */
const forgetting = `
  import { TrackingReader, TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const collected = []
  const registry = new FinalizationRegistry((path) => collected.push(path))
  function forget(path) {
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    registry.register(writer, path)
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const paths = process.argv.slice(2)
  async function collectAll() {
    for (let turns = 0; collected.length < paths.length; turns++) {
      if (turns === 1000) throw new Error('forgotten writers are never collected')
      globalThis.gc()
      await turn()
    }
  }
`

describe('a forgotten writer', () => {
  test('is collected, and all its frames are in the file at the end of the process', async () => {
    const path = scratch()
    const child = await run(`${forgetting} forget(paths[0]); await collectAll()`, [path])
    expect(child).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('one of many, at once, with others that live on', async () => {
    const paths = Array.from({ length: 12 }, () => scratch())
    const alive = scratch()
    const source = `${forgetting}
      const alive = new TrackingWriter(paths.pop(), CAMERAS, { chunkFrames: 10 })
      for (const path of paths) forget(path)
      for (const { frameIndex, tracks } of school(25)) { alive.writeFrame(frameIndex, tracks); if (frameIndex % 5 === 0) globalThis.gc() }
      await collectAll()
      await alive.close()`
    expect(await run(source, [...paths, alive])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    for (const path of [...paths, alive]) {
      expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
    }
  })

  test('is kept by its pending work: a promise that is awaited always settles', async () => {
    const path = scratch()
    const source = `${forgetting}
      const flushed = (() => {
        const writer = new TrackingWriter(paths[0], CAMERAS, { chunkFrames: 10 })
        for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
        return writer.flush()
      })()
      globalThis.gc()
      await flushed
      console.log('flushed')`
    expect(await run(source, [path])).toEqual({ code: 0, signal: null, stdout: 'flushed\n', stderr: '' })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('that never got a frame leaves a whole, empty file', async () => {
    const path = scratch()
    const source = `${forgetting} registry.register(new TrackingWriter(paths[0], CAMERAS), paths[0]); await collectAll()`
    expect(await run(source, [path])).toMatchObject({ code: 0, stderr: '' })
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([0])
  })

  test('does not stop the event loop: its finalizer returns before the file is written', async () => {
    const path = scratch()
    // Seconds of work for the encoder. When the collected writer's chunk is not yet in the file, nobody has waited for it.
    const source = `${forgetting}
      const frames = school(10)
      ;(() => {
        const writer = new TrackingWriter(paths[0], CAMERAS, { chunkFrames: 30000, maxFish: 32, compression: { level: 9 } })
        for (let n = 0; n < 29999; n++) writer.writeFrame(n, frames[n % 10].tracks)
        registry.register(writer, paths[0])
      })()
      await collectAll()
      const reader = new TrackingReader(paths[0])
      console.log(reader.length)
      reader.close()`
    expect(await run(source, [path])).toEqual({ code: 0, signal: null, stdout: '0\n', stderr: '' })
    expect((await readTrackingResults(path)).frameIndex.data.at(-1)).toBe(29998n)
  })
})

test('a forgotten reader is harmless, also while it reads', async () => {
  const path = scratch()
  const source = `${forgetting}
    const writer = new TrackingWriter(paths[0], CAMERAS)
    writer.writeFrame(0, school(1)[0].tracks)
    writer.closeSync()
    const reads = Array.from({ length: 50 }, () => new TrackingReader(paths[0]).read())
    globalThis.gc()
    const lengths = (await Promise.all(reads)).map(({ frameIndex }) => frameIndex.data.length)
    for (let n = 0; n < 20; n++) { globalThis.gc(); await turn() }
    console.log(new Set(lengths))`
  expect(await run(source, [path])).toEqual({ code: 0, signal: null, stdout: 'Set(1) { 1 }\n', stderr: '' })
})
