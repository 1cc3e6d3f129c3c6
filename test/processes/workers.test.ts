import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// The library works in the main thread, in worker threads, and in both at once. A worker that ends or is terminated with an open
// writer keeps every accepted frame, and the process continues.

const frames = school(25)

async function expectFrames(path: string, count = 25) {
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames.slice(0, count), CAMERAS, 9))
}

/** A program whose main thread runs `main` and whose workers, one per path, run `worker` on an open, filled writer. */
const threads = (main: string, worker: string) => `
  import { once } from 'node:events'
  import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
  import { fileURLToPath } from 'node:url'
  async function write(path) {
    const { TrackingWriter } = await import('h5tracks')
    const { CAMERAS, school } = await import('frames')
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    return writer
  }
  if (isMainThread) {
    const paths = process.argv.slice(2)
    const start = (workerData) => new Worker(fileURLToPath(import.meta.url), { workerData })
    ${main}
  } else {
    const path = workerData;
    ${worker}
  }
`
const waitForExits =
  'for (const [code] of await Promise.all(paths.map((path) => once(start(path), "exit")))) console.log(code)'

describe('a process that loads the library only in a worker', () => {
  test('a process that loads the library only in a worker exits with 0 when the worker closed its writer', async () => {
    const path = scratch()
    const child = await runNode(threads(waitForExits, 'const writer = await write(path); await writer.close()'), [path])
    expect(child).toEqual({ code: 0, signal: null, stdout: '0\n', stderr: '' })
    await expectFrames(path)
  })

  test('a process whose workers only import the library, at once and in turn, exits with 0', async () => {
    const child = await runNode(threads(waitForExits, "await import('h5tracks')"), ['1', '2', '3', '4'])
    expect(child).toEqual({ code: 0, signal: null, stdout: '0\n0\n0\n0\n', stderr: '' })
    const inTurn = "for (const n of paths) console.log(...await once(start(n), 'exit'))"
    const again = await runNode(threads(inTurn, "await import('h5tracks')"), ['1', '2', '3'])
    expect(again).toEqual({ code: 0, signal: null, stdout: '0\n0\n0\n', stderr: '' })
  })
})

describe('a worker that ends with an open writer', () => {
  test.each<[string, string, string]>([
    ['by itself', 'await write(path)', '0'],
    ['by process.exit()', 'await write(path); process.exit(7)', '7'],
    ['by process.exit() while it flushes', '(await write(path)).flush(); process.exit(7)', '7'],
    ['by process.exit() while it closes', '(await write(path)).close(); process.exit(7)', '7'],
  ])('a worker that ends %s with an open writer keeps every accepted frame', async (_, worker, code) => {
    const paths = Array.from({ length: 6 }, () => scratch())
    const child = await runNode(threads(waitForExits, worker), paths)
    expect(child).toEqual({ code: 0, signal: null, stdout: `${code}\n`.repeat(paths.length), stderr: '' })
    for (const path of paths) await expectFrames(path)
  })

  test('a worker that ends by an exception keeps every accepted frame, and the error reaches the main thread', async () => {
    const path = scratch()
    const main = "try { await once(start(paths[0]), 'exit') } catch (error) { console.log(error.message) }"
    const child = await runNode(threads(main, "await write(path); throw new Error('lost at sea')"), [path])
    expect(child).toEqual({ code: 0, signal: null, stdout: 'lost at sea\n', stderr: '' })
    await expectFrames(path)
  })

  test('a worker that is terminated keeps every accepted frame, and the main thread reads them', async () => {
    const path = scratch()
    const main = `
      const worker = start(paths[0])
      await once(worker, 'message')
      await worker.terminate()
      const { readTrackingResults } = await import('h5tracks')
      console.log((await readTrackingResults(paths[0])).frameIndex.data.length)`
    const worker = 'const writer = await write(path); parentPort.postMessage(1); setInterval(() => writer.isOpen, 1000)'
    expect(await runNode(threads(main, worker), [path])).toEqual({ code: 0, signal: null, stdout: '25\n', stderr: '' })
    await expectFrames(path)
  })

  test('a worker that is terminated while it writes keeps whole frames from the first on', async () => {
    const path = scratch()
    const main = `
      const worker = start(paths[0])
      await once(worker, 'message')
      await worker.terminate()`
    const worker = `
      const { TrackingWriter } = await import('h5tracks')
      const { CAMERAS, school } = await import('frames')
      const frames = school(25)
      const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
      for (let n = 0; ; n++) {
        writer.writeFrame(n, frames[n % 25].tracks)
        if (n === 1000) parentPort.postMessage(n)
      }`
    expect(await runNode(threads(main, worker), [path])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    const { frameIndex, fishId, centroid3d } = await readTrackingResults(path)
    expect(frameIndex.data.length).toBeGreaterThan(1000)
    const first = columnsOf(frames, CAMERAS, 9)
    for (const [row, index] of frameIndex.data.entries()) {
      if (index !== BigInt(row)) expect(index).toBe(BigInt(row))
    }
    const last = frameIndex.data.length - 1
    expect([...fishId.data.subarray(last * 9)]).toEqual([0, 1, 2, -1, -1, -1, -1, -1, -1])
    expect([...centroid3d.data.subarray(last * 27)]).toEqual(
      first.centroid3d.data.slice((last % 25) * 27, (last % 25) * 27 + 27),
    )
  })

  test('terminating workers within calls of the addon does not end the process', async () => {
    const path = await written(frames)
    const main = `
      const { setTimeout } = await import('node:timers/promises')
      for (let i = 0; i < 40; i++) {
        const worker = start(paths[0])
        await once(worker, 'message')
        await setTimeout(Math.random() * 4)
        await worker.terminate()
      }
      console.log('all ended')`
    // Each call creates objects, and some throw: a thread that is being terminated can do neither.
    const worker = `
      const { TrackingReader } = await import('h5tracks')
      const reader = new TrackingReader(path)
      parentPort.postMessage(1)
      for (;;) {
        reader.readSync({ stop: 2 })
        reader.read({ stop: 1 }).catch(() => {})
        try { new TrackingReader(path + '.absent') } catch {}
      }`
    const ended = await runNode(threads(main, worker), [path])
    expect(ended).toEqual({ code: 0, signal: null, stdout: 'all ended\n', stderr: '' })
  })

  test('a worker that ends because the main thread exits keeps every accepted frame', async () => {
    const paths = [scratch(), scratch()]
    for (const end of ['process.exit(5)', "throw new Error('lost at sea')"]) {
      const main = `await Promise.all(paths.map((path) => once(start(path), 'message'))); ${end}`
      const worker =
        'const writer = await write(path); parentPort.postMessage(1); setInterval(() => writer.isOpen, 1000)'
      const used = end.startsWith('process') ? [paths[0]!] : [paths[1]!]
      const child = await runNode(threads(main, worker), used)
      expect(child).toMatchObject(
        end.startsWith('process')
          ? { code: 5, stderr: '' }
          : { code: 1, stderr: expect.stringContaining('lost at sea') },
      )
      await expectFrames(used[0]!)
    }
  })
})

describe('the library in the main thread and in workers at once', () => {
  test('the main thread and workers write a file each, and the main thread reads them all', async () => {
    const paths = [scratch(), scratch(), scratch()]
    const main = `
      const own = await write(paths[0])
      const exits = Promise.all(paths.slice(1).map((path) => once(start(path), 'exit')))
      await own.flush()
      await exits
      await own.close()
      const { readTrackingResults } = await import('h5tracks')
      for (const path of paths) console.log((await readTrackingResults(path)).frameIndex.data.length)`
    const child = await runNode(threads(main, 'const writer = await write(path); await writer.close()'), paths)
    expect(child).toEqual({ code: 0, signal: null, stdout: '25\n25\n25\n', stderr: '' })
    for (const path of paths) await expectFrames(path)
  })

  test('the main thread and workers that exit together with open writers keep every accepted frame', async () => {
    const paths = [scratch(), scratch(), scratch()]
    const main = `
      await write(paths[0])
      await Promise.all(paths.slice(1).map((path) => once(start(path), 'message')))
      process.exit(0)`
    const worker = 'const writer = await write(path); parentPort.postMessage(1); setInterval(() => writer.isOpen, 1000)'
    expect(await runNode(threads(main, worker), paths)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    for (const path of paths) await expectFrames(path)
  })

  test('two workers read a file while a writer in the main thread extends it', async () => {
    const path = scratch()
    const main = `
      const { TrackingReader } = await import('h5tracks')
      const writer = await write(paths[0])
      await writer.drain()
      const workers = [1, 2].map(() => once(start(paths[0]), 'message'))
      for (let n = 25; n < 60; n++) { writer.writeFrame(n, []); await writer.drain() }
      console.log(...(await Promise.all(workers)).flat().map((length) => length >= 20 && length <= 60))
      await writer.close()`
    const worker = `
      const { TrackingReader } = await import('h5tracks')
      const reader = new TrackingReader(path)
      const { frameIndex } = await reader.read()
      if (frameIndex.data.some((index, row) => index !== BigInt(row))) throw new Error('rows out of order')
      reader.close()
      parentPort.postMessage(frameIndex.data.length)`
    expect(await runNode(threads(main, worker), [path])).toEqual({
      code: 0,
      signal: null,
      stdout: 'true true\n',
      stderr: '',
    })
  })
})
