import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'

// A writer that the garbage collector took, without being closed, has its frames in the file by the end of the process. Its
// finalizer does not wait, so the event loop continues.

const frames = school(25)
const run = (source: string, paths: string[]) => runNode(source, paths, { execArgv: ['--expose-gc'] })

/** `forget` fills a writer and drops it; `collected` holds the paths of the writers that were collected. */
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

describe('a writer that is not closed', () => {
  test('a writer that was collected has all its frames in the file at the end of the process', async () => {
    const path = scratch()
    const child = await run(`${forgetting} forget(paths[0]); await collectAll()`, [path])
    expect(child).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('many writers that are collected beside an open one keep all their frames', async () => {
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

  test('a pending flush keeps its writer alive and settles', async () => {
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

  test('a collected writer that never got a frame leaves a whole, empty file', async () => {
    const path = scratch()
    const source = `${forgetting} registry.register(new TrackingWriter(paths[0], CAMERAS), paths[0]); await collectAll()`
    expect(await run(source, [path])).toMatchObject({ code: 0, stderr: '' })
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([0])
  })

  test('the finalizer of a collected writer returns before the file is written', async () => {
    const path = scratch()
    // Seconds of work for the encoder: if the chunk is not yet in the file, the finalizer has not waited for it.
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

test('readers that are collected while they read finish their reads', async () => {
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
