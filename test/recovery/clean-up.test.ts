import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { native } from '../support/addon.js'
import { failure } from '../support/errors.js'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf } from '../support/tracking/journal.js'

// A run that can clean up at its end leaves a complete file and no journal; a killed run leaves both. A process that continues
// keeps neither descriptors nor mappings of a closed file.

const FRAMES = school(25)

const mentions = (path: string) => {
  const open = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return [] // the descriptor of the directory listing itself is closed by now
    }
  })
  const mapped = readFileSync('/proc/self/maps', 'utf8').split('\n')
  return [...open, ...mapped].filter((line) => line.includes(path))
}

function fill(writer: TrackingWriter) {
  for (const { frameIndex, tracks } of FRAMES) writer.writeFrame(frameIndex, tracks)
}

describe.runIf(process.platform === 'linux')('descriptors and mappings of a file', () => {
  test('close() releases all descriptors and mappings of the file and its journal', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    fill(writer)
    expect(mentions(path).length).toBeGreaterThanOrEqual(3)
    await writer.close()
    expect(mentions(path)).toEqual([])
    // JavaScript's views of the blocks no longer refer to the mapping.
    expect(await failure(() => writer.writeFrame(25, []))).toMatchObject({ code: 'ERR_CLOSED' })
    await expectFrames(path, FRAMES)
  })

  test('a refused writer, a recovery and a refused resume keep no descriptors or mappings', async () => {
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

  test('50 resumed runs leak no descriptor and no HDF5 identifier', async () => {
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

describe('runs that end without close()', () => {
  const header = `
    import { TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    let writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
  `
  test.each([
    ['the end of the program', ''],
    ['process.exit()', 'process.exit(0)'],
    ['an uncaught exception', "throw new Error('lost at sea')"],
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
  ])('every frame is in the file and the journal is removed after %s', async (_, then) => {
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
    [
      'workers were terminated with a block half full',
      'for (const worker of started) await worker.terminate()',
      'for (;;);',
    ],
    ['the main thread exits while workers are running', 'process.exit(0)', 'for (;;);'],
    ['workers end by themselves', '', ''],
  ])('every frame is in the files and the journals are removed after %s', async (_, main, worker) => {
    const paths = [scratch(), scratch(), scratch()]
    expect(await runNode(workers(main, worker), paths)).toMatchObject({ code: 0, stderr: '' })
    for (const path of paths) {
      expect(existsSync(journalOf(path))).toBe(false)
      await expectFrames(path, FRAMES)
    }
  })
})

test('process.exit() while a worker writes loses no accepted frame', async () => {
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
  // A row that was accepted while the process ended may be in the journal only.
  const { frames } = await recover(path)
  expect(frames).toBeGreaterThanOrEqual(Number(stdout))
  await expectFrames(path, school(frames))
})
