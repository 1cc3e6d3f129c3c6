import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { H5TracksError, readTrackingResults, TrackingReader, type UntrustedReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { runNode } from '../support/process.js'
import { damageChunk, h5py } from '../support/python.js'
import { sanitized } from '../support/sanitized.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { plainFrame } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// An untrusted file is read in a child process. The results are those of reading it in this process; when the child process ends
// for any reason, the caller gets an error.

const untrusted = { untrusted: true } as const
const metadata = {
  fps: 60,
  exact: 2n ** 60n,
  odd: [Number.NaN, -0, Number.POSITIVE_INFINITY],
  note: 'Glasbecken 3 ≈ €',
}

/** The ids of the child processes that read for this process. */
function readingProcesses(parent: number = process.pid): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const [, ppid] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) \w /, ') ')
        .split(' ')
      const ours = Number(ppid) === parent && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('library/child')
      return ours ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

async function waitUntilGone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await wait(50)
  }
  throw new Error(`process ${pid} is still there`)
}

/** A reader and the id of its child process. */
async function opened(path: string, limits = {}): Promise<[UntrustedReader, number]> {
  const before = new Set(readingProcesses())
  const reader = await TrackingReader.open(path, { ...untrusted, limits })
  const [pid, ...others] = readingProcesses().filter((id) => !before.has(id))
  expect(others).toEqual([])
  return [reader, pid!]
}

describe('results of untrusted reading', () => {
  test.each([
    ['of many chunks', 250, { chunkFrames: 16, metadata }],
    ['of one chunk', 7, {}],
    ['without frames', 0, {}],
    ['of more than one part', 5000, { maxFish: 20, chunkFrames: 100 }],
    ['whose chunks are larger than a part', 5000, { maxFish: 20, chunkFrames: 4000 }],
  ])('an untrusted reader gives the same as a reader in this process for a file %s', async (_, count, options) => {
    const path = await written(school(count, 4), CAMERAS, options)
    using here = new TrackingReader(path)
    await using there = await TrackingReader.open(path, untrusted)
    // Not toEqual, which takes minutes for millions of numbers.
    expect(isDeepStrictEqual(await readTrackingResults(path, untrusted), await readTrackingResults(path))).toBe(true)
    expect([there.length, there.maxFish, there.chunkFrames]).toEqual([here.length, here.maxFish, here.chunkFrames])
    expect([there.cameraNames, there.metadata, there.path]).toEqual([here.cameraNames, here.metadata, path])
    expect(isDeepStrictEqual(await there.trajectory(2), await here.trajectory(2))).toBe(true)
    const window = { start: count >> 1, fields: ['fishId', 'bboxes'], cameras: ['south'] } as const
    expect(isDeepStrictEqual(await there.read(window), await here.read(window))).toBe(true)
    const frames = []
    for await (const frame of there.frames({ stop: Math.min(60, count) })) frames.push(plainFrame(frame))
    expect(frames).toEqual(school(Math.min(60, count), 4).map(plainFrame))
  })

  test('concurrent calls of an untrusted reader each get their own result', async () => {
    await using reader = await TrackingReader.open(await written(school(60)), untrusted)
    const reads = Array.from({ length: 60 }, (_, start) =>
      reader.read({ start, stop: start + 1, fields: ['frameIndex'] }),
    )
    const indices = (await Promise.all(reads)).map(({ frameIndex }) => Number(frameIndex.data[0]))
    expect(indices).toEqual(Array.from({ length: 60 }, (_, i) => i))
  })
})

describe('errors of untrusted reading', () => {
  test('an untrusted reader gives the same errors about a file as a reader in this process, with all fields', async () => {
    const text = scratch('notes.txt')
    appendFileSync(text, 'no HDF5')
    const other = scratch()
    await h5py(other, 'w', 'f["other"] = 1')
    const damaged = await written(school(7))
    await damageChunk(damaged, '/tracking/centroid_3d', 0)
    for (const path of [text, other, damaged, scratch('none.h5')]) {
      const here = await failure(() => readTrackingResults(path))
      const there = await failure(() => readTrackingResults(path, untrusted))
      expect({ ...there, message: there.message }).toEqual({ ...here, message: here.message })
    }
  })

  test('an untrusted reader goes on after an error about a damaged part', async () => {
    const path = await written(school(7))
    await damageChunk(path, '/tracking/centroid_3d', 0)
    await using reader = await TrackingReader.open(path, untrusted)
    expect((await failure(() => reader.read())).code).toBe('ERR_HDF5')
    expect((await reader.read({ fields: ['fishId'] })).fishId.shape).toEqual([7, 9])
  })

  test('an untrusted reader refuses the arguments that a reader in this process refuses', async () => {
    await using reader = await TrackingReader.open(await written(school(7)), untrusted)
    expect((await failure(() => reader.read({ stop: 8 }))).code).toBe('ERR_INVALID_ARGUMENT')
    expect((await failure(() => reader.read({ cameras: ['west'] }))).code).toBe('ERR_UNKNOWN_CAMERA')
    await reader.close()
    expect((await failure(() => reader.read())).code).toBe('ERR_CLOSED')
  })

  test.each<[object, string]>([
    [{ untrusted: 'yes' }, 'untrusted'],
    [{ limits: {} }, 'limits'],
    [{ ...untrusted, limits: { bytes: 1000 } }, 'limits.bytes'],
    [{ ...untrusted, limits: { seconds: 0 } }, 'limits.seconds'],
    [{ ...untrusted, limits: { hours: 1 } }, 'hours'],
    [{ ...untrusted, speed: 1 }, 'speed'],
  ])('TrackingReader.open refuses the options %o', async (options, field) => {
    const error = await failure(() => TrackingReader.open('x.h5', options as never))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field })
  })
})

describe('the end of the child process', () => {
  test.each(['SIGSEGV', 'SIGABRT', 'SIGKILL'] as const)(
    'the end of the child process by %s is ERR_CRASHED for all pending and later calls',
    async (signal) => {
      const path = await written(school(7))
      const [reader, pid] = await opened(path)
      process.kill(pid, 'SIGSTOP')
      const waiting = [reader.read(), reader.trajectory(1), reader.frames().next()].map((call) => failure(() => call))
      process.kill(pid, signal)
      process.kill(pid, 'SIGCONT')
      for (const error of [...(await Promise.all(waiting)), await failure(() => reader.read())]) {
        expect(error).toMatchObject({ code: 'ERR_CRASHED', path })
        expect(error.message).toContain(signal)
      }
      expect(reader.isOpen).toBe(false)
      await reader.close()
    },
  )

  test('a read that takes longer than limits.seconds is ERR_LIMIT and ends the child process', async () => {
    const [reader, pid] = await opened(await written(school(7)), { seconds: 1.5 })
    process.kill(pid, 'SIGSTOP')
    const start = performance.now()
    expect(await failure(() => reader.read())).toMatchObject({ code: 'ERR_LIMIT', field: 'limits.seconds' })
    expect(performance.now() - start).toBeGreaterThan(1400)
    await waitUntilGone(pid)
  })

  test('an aborted signal ends the child process, and calls reject with its reason', async () => {
    const controller = new AbortController()
    const path = await written(school(7))
    const reader = await TrackingReader.open(path, { ...untrusted, signal: controller.signal })
    const [pid] = readingProcesses()
    process.kill(pid!, 'SIGSTOP')
    const reading = reader.read()
    controller.abort(new Error('no longer wanted'))
    await expect(reading).rejects.toThrow('no longer wanted')
    await waitUntilGone(pid!)
    await expect(TrackingReader.open(path, { ...untrusted, signal: controller.signal })).rejects.toThrow(
      'no longer wanted',
    )
  })

  test('close ends the child process, so that the file can be overwritten', async () => {
    const path = await written(school(7))
    const [reader, pid] = await opened(path)
    const reading = failure(() => reader.read())
    await reader.close()
    expect((await reading).code).toBe('ERR_CLOSED')
    expect(readingProcesses()).not.toContain(pid)
    await written(school(9), CAMERAS, { overwrite: true }, path)
  })
})

describe.skipIf(sanitized)('memory of untrusted reading', () => {
  test('a result larger than limits.bytes is refused with ERR_LIMIT, which names the limit', async () => {
    const path = await written(school(300, 3), CAMERAS, { maxFish: 1000, chunkFrames: 16 })
    await using reader = await TrackingReader.open(path, { ...untrusted, limits: { bytes: 2 ** 24 } })
    for (const call of [
      () => reader.read(),
      () => readTrackingResults(path, { ...untrusted, limits: { bytes: 2 ** 24 } }),
    ]) {
      const error = await failure(call)
      expect(error).toMatchObject({ code: 'ERR_LIMIT', field: 'limits.bytes', path })
      expect(error.message).toContain(String(2 ** 24))
    }
    expect((await reader.read({ stop: 10 })).fishId.shape).toEqual([10, 1000])
  })

  test('reading that needs more memory than limits.bytes is ERR_LIMIT, not a crash', async () => {
    // A chunk is decoded as a whole: a few frames take as much memory as a thousand.
    const path = await written(school(20), CAMERAS, { maxFish: 3000 })
    expect((await readTrackingResults(path)).fishId.shape).toEqual([20, 3000])
    const error = await failure(() => readTrackingResults(path, { ...untrusted, limits: { bytes: 2 ** 24 } }))
    expect(error).toMatchObject({ code: 'ERR_LIMIT', field: 'limits.bytes' })
    expect(error.message).toContain(String(2 ** 24))
  })
})

describe('programs that read untrusted files', () => {
  const use = `import { readTrackingResults, TrackingReader } from 'h5tracks'
const reader = await TrackingReader.open(process.argv[2], { untrusted: true })
const { fishId } = await reader.read()
console.log(fishId.shape[0])`

  test('an untrusted reader that is left open does not keep the program running', async () => {
    expect(await runNode(use, [await written(school(7))])).toEqual({ code: 0, signal: null, stdout: '7\n', stderr: '' })
  })

  test('an untrusted reader works in a worker thread, and its child process ends when the worker is terminated', async () => {
    const source = `
      import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
      import { once } from 'node:events'
      import { fileURLToPath } from 'node:url'
      import { TrackingReader } from 'h5tracks'
      if (isMainThread) {
        const worker = new Worker(fileURLToPath(import.meta.url), { workerData: process.argv[2] })
        const [count] = await once(worker, 'message')
        await worker.terminate()
        console.log(count)
        setTimeout(() => {}, 1000)
      } else {
        const reader = await TrackingReader.open(workerData, { untrusted: true })
        parentPort.postMessage((await reader.read()).fishId.shape[0])
        setInterval(() => reader, 1000)
      }`
    expect(await runNode(source, [await written(school(7))])).toMatchObject({ code: 0, stdout: '7\n', stderr: '' })
  })

  test('the child process ends when its program is killed, even while it is stopped', async () => {
    const source = `${use}
import { readdirSync, readFileSync } from 'node:fs'
const children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim()
console.log(children)
process.kill(Number(children), 'SIGSTOP')
process.kill(process.pid, 'SIGKILL')`
    const { stdout, signal } = await runNode(source, [await written(school(7))])
    expect(signal).toBe('SIGKILL')
    await waitUntilGone(Number(stdout.trim().split('\n')[1]))
  })

  test('the child process does not get secrets from the environment', async () => {
    process.env.H5_TEST_SECRET = 'hush'
    const [reader, pid] = await opened(await written(school(7)))
    delete process.env.H5_TEST_SECRET
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    expect(environment).toContain('PATH=')
    expect(environment).not.toContain('hush')
    await reader.close()
  })
})

test('TrackingReader.open without untrusted gives a reader in this process', async () => {
  const path = await written(school(7))
  const reader = await TrackingReader.open(path)
  expect(reader).toBeInstanceOf(TrackingReader)
  expect(reader.readSync().fishId.shape).toEqual([7, 9])
  reader.close()
  expect(await failure(() => TrackingReader.open(scratch('none.h5')))).toBeInstanceOf(H5TracksError)
})
