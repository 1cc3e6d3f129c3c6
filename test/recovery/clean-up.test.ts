import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { native } from '../../dist/native/native.js'
import { failure } from '../support/errors.js'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf } from '../support/tracking/journal.js'

// A run that ends in order, however abruptly, leaves a whole file and no journal. One that cannot end in order leaves both. And
// nothing of either stays in a process that goes on.

const FRAMES = school(25)

const mentions = (path: string) => {
  const open = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return [] // the directory's own descriptor is gone by now
    }
  })
  const mapped = readFileSync('/proc/self/maps', 'utf8').split('\n')
  return [...open, ...mapped].filter((line) => line.includes(path))
}

function fill(writer: TrackingWriter) {
  for (const { frameIndex, tracks } of FRAMES) writer.writeFrame(frameIndex, tracks)
}

describe.runIf(process.platform === 'linux')('descriptors and mappings', () => {
  test('are there while the file is written, and gone after a close', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    fill(writer)
    expect(mentions(path).length).toBeGreaterThanOrEqual(3)
    await writer.close()
    expect(mentions(path)).toEqual([])
    // What JavaScript still has of the blocks is memory of its own now.
    expect(await failure(() => writer.writeFrame(25, []))).toMatchObject({ code: 'ERR_CLOSED' })
    await expectFrames(path, FRAMES)
  })

  test('are gone after a writer that could not begin, after a recovery, and after a refused one', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS)
    await failure(() => new TrackingWriter(path, CAMERAS, { overwrite: true }))
    await failure(() => recover(path))
    await writer.close()
    await recover(path)
    await (await TrackingWriter.resume(path)).close()
    await failure(() => TrackingWriter.resume(path, { maxFish: 3 }))
    expect(mentions(path)).toEqual([])
  })

  test('do not add up, nor do HDF5 identifiers', async () => {
    const count = () => ({ descriptors: readdirSync('/proc/self/fd').length, identifiers: native.identifiers() })
    const path = scratch()
    new TrackingWriter(path, CAMERAS).closeSync()
    const before = count()
    for (let i = 0; i < 50; ++i) {
      const writer = TrackingWriter.resumeSync(path)
      writer.writeFrame(i, [])
      await writer.close()
    }
    expect(count()).toEqual(before)
    using reader = new TrackingReader(path)
    expect(reader.length).toBe(50)
  })
})

describe('the journal is gone, and every frame in the file, after', () => {
  const header = `
    import { TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    let writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
  `
  test.each([
    ['the end of the program', ''],
    ['process.exit()', 'process.exit(0)'],
    ['an exception that nobody caught', "throw new Error('lost at sea')"],
    [
      'a garbage collection of the writer',
      `writer = undefined
       const { existsSync } = await import('node:fs')
       for (let i = 0; existsSync(process.argv[2] + '.journal'); ++i) {
         if (i === 1000) throw new Error('never collected')
         gc()
         await new Promise((resolve) => setTimeout(resolve, 5))
       }`,
    ],
  ])('%s', async (_, then) => {
    const path = scratch()
    await runNode(header + then, [path], { execArgv: ['--expose-gc'] })
    expect(existsSync(journalOf(path))).toBe(false)
    await expectFrames(path, FRAMES)
  })

  const workers = (main: string, worker: string) => `
    import { once } from 'node:events'
    import { fileURLToPath } from 'node:url'
    import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
    if (isMainThread) {
      const started = process.argv.slice(2).map((workerData) => new Worker(fileURLToPath(import.meta.url), { workerData }))
      await Promise.all(started.map((worker) => once(worker, 'message')))
      ${main}
    } else {
      const { TrackingWriter } = await import('h5tracks')
      const { CAMERAS, school } = await import('frames')
      const writer = new TrackingWriter(workerData, CAMERAS, { chunkFrames: 10 })
      for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
      parentPort.postMessage('written')
      ${worker}
    }`

  test.each([
    ['workers that are terminated in a block', 'for (const worker of started) await worker.terminate()', 'for (;;);'],
    ['workers that write while the main thread exits', 'process.exit(0)', 'for (;;);'],
    ['workers that end by themselves', '', ''],
  ])('%s', async (_, main, worker) => {
    const paths = [scratch(), scratch(), scratch()]
    expect(await runNode(workers(main, worker), paths)).toMatchObject({ code: 0, stderr: '' })
    for (const path of paths) {
      expect(existsSync(journalOf(path))).toBe(false)
      await expectFrames(path, FRAMES)
    }
  })
})

test('an exit in the middle of the frames that workers write loses none that was counted', async () => {
  const path = scratch()
  const source = `
    import { once } from 'node:events'
    import { fileURLToPath } from 'node:url'
    import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
    if (isMainThread) {
      const counter = new Int32Array(new SharedArrayBuffer(4))
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { path: process.argv[2], counter } })
      while (Atomics.load(counter, 0) < 500) await new Promise((resolve) => setTimeout(resolve, 1))
      console.log(Atomics.load(counter, 0))
      process.exit(0)
    } else {
      const { TrackingWriter } = await import('h5tracks')
      const { CAMERAS, fish } = await import('frames')
      const writer = new TrackingWriter(workerData.path, CAMERAS, { chunkFrames: 10 })
      for (let i = 0; ; ++i) {
        writer.writeFrame(i, [0, 1, 2].map((id) => fish(id, i)))
        Atomics.store(workerData.counter, 0, i + 1)
      }
    }`
  const { code, stdout } = await runNode(source, [path])
  expect(code).toBe(0)
  // A row that was counted while the process ended may be in the journal only.
  const { frames } = await recover(path)
  expect(frames).toBeGreaterThanOrEqual(Number(stdout))
  await expectFrames(path, school(frames))
})
