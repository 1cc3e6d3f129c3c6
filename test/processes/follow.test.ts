import { existsSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { type Frame, readTrackingResults, recover, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { runNode, startNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { plainFrame } from '../support/tracking/model.js'

// A process follows a file that another process writes. The writer may close its file, die, or run ahead: the follower gets the
// accepted frames, whole and in order.

/** A program that opens PATH and writes frames of `school(COUNT)` as `body` says. */
const writing = (options: string, body: string) => `
  import { setTimeout } from 'node:timers/promises'
  import { TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const [, , path, count] = process.argv
  const writer = (globalThis.kept = new TrackingWriter(path, CAMERAS, ${options}))
  const frames = school(Number(count))
  const write = (from, to) => {
    for (const { frameIndex, tracks } of frames.slice(from, to)) writer.writeFrame(frameIndex, tracks)
  }
  ${body}`

/** The frames until the end, or until the error that is returned too. */
async function follow(path: string) {
  const frames: Frame[] = []
  const error = await (async () => {
    for await (const frame of TrackingReader.follow(path)) frames.push(frame)
  })().catch((error: unknown) => error as Error & { code: string })
  return { frames, error: error ?? null }
}

const plain = (count: number) => school(count).map(plainFrame)

test('a follower gets every frame of a writer that writes in bursts, until the writer closes', async () => {
  const path = scratch()
  const body = `
    console.log('open')
    for (let at = 0; at < frames.length; at += 1 + at % 9) {
      write(at, at + 1 + at % 9)
      await setTimeout(at % 3)
    }
    await writer.close()`
  await using child = await startNode(writing('{ chunkFrames: 10 }', body), [path, '300'])
  const { frames, error } = await follow(path)
  expect(error).toBeNull()
  expect(frames.map(plainFrame)).toEqual(plain(300))
  expect(await child.end()).toBe(0)
})

test('a slow follower gets every frame of a fast writer that reuses its blocks', async () => {
  const path = scratch()
  const body = `
    console.log('open')
    for (let at = 0; at < frames.length; at += 50) { write(at, at + 50); await setTimeout(1) }
    await writer.close()`
  await using child = await startNode(writing('{ chunkFrames: 3, blocksInFlight: 2 }', body), [path, '2000'])
  const frames: Frame[] = []
  for await (const frame of TrackingReader.follow(path)) {
    frames.push(frame)
    if (frames.length % 40 === 0) await setTimeout(2)
  }
  expect(frames.map(plainFrame)).toEqual(plain(2000))
  expect(await child.end()).toBe(0)
})

describe('following a writer that is killed', () => {
  test('a follower of a writer that was killed after its last frame gets every frame, and then an error that names recover', async () => {
    const path = scratch()
    const body = `write(0, 25); console.log('written'); process.stdin.resume()`
    const child = await startNode(writing('{ chunkFrames: 10 }', body), [path, '25'])
    const following = follow(path)
    await setTimeout(50)
    await child[Symbol.asyncDispose]()
    const { frames, error } = await following
    expect(error).toMatchObject({ code: 'ERR_NEEDS_RECOVERY', path, message: expect.stringContaining('recover') })
    expect(frames.map(plainFrame)).toEqual(plain(25))
    // A later follower gets the error at once, as a reader does.
    expect(await follow(path)).toMatchObject({ frames: [], error: { code: 'ERR_NEEDS_RECOVERY' } })
    await recover(path)
    expect((await follow(path)).frames.map(plainFrame)).toEqual(plain(25))
  })

  test.each([3, 20, 60])(
    'a follower of a writer that was killed after %i ms gets the frames that recover finds',
    async (milliseconds) => {
      const path = scratch()
      const body = `
      console.log('open')
      for (let at = 0; ; at++) { write(at, at + 1); if (at % 20 === 19) await setTimeout(1) }`
      const child = await startNode(writing('{ chunkFrames: 7, blocksInFlight: 2 }', body), [path, '20000'])
      const following = follow(path)
      await setTimeout(milliseconds)
      await child[Symbol.asyncDispose]()
      const { frames, error } = await following
      expect(error).toMatchObject({ code: 'ERR_NEEDS_RECOVERY', path })
      expect(frames.map(plainFrame)).toEqual(plain(frames.length))
      expect((await recover(path)).frames).toBe(frames.length)
    },
  )
})

test('a follower that starts as soon as the file exists gets every frame', async () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    const path = scratch()
    const body = `write(0, 5); await setTimeout(20); await writer.close(); console.log('closed')`
    const child = startNode(writing('{ chunkFrames: 10 }', body), [path, '5'])
    while (!existsSync(path)) await setImmediate()
    const { frames, error } = await follow(path)
    expect(error).toBeNull()
    expect(frames.map(plainFrame)).toEqual(plain(5))
    expect(await (await child).end()).toBe(0)
  }
})

test('a reader that opens files in the moment they are made stops no writer', async () => {
  const path = scratch()
  const program = `
    import { TrackingWriter } from 'h5tracks'
    console.log('begins')
    for (let i = 0; i < 500; i++) {
      const writer = new TrackingWriter(process.argv[2] + i, ['top'])
      writer.writeFrame(0, [])
      await writer.close()
    }`
  await using child = await startNode(program, [path])
  let ended = false
  const code = child.end().finally(() => (ended = true))
  let refused = 0
  for (let i = 0; i < 500 && !ended; ) {
    try {
      new TrackingReader(path + i).close()
      i++
    } catch {
      if (++refused % 100 === 0) await setImmediate()
    }
  }
  expect(await code).toBe(0)
  expect(refused).toBeGreaterThan(100)
})

test('the error about reading a file that another process writes recommends following it', async () => {
  const path = scratch()
  const body = `write(0, 25); console.log('written'); process.stdin.resume().on('end', () => writer.closeSync())`
  await using child = await startNode(writing('{ chunkFrames: 10 }', body), [path, '25'])
  const error = await failure(() => new TrackingReader(path))
  expect(error).toMatchObject({ code: 'ERR_LOCKED', path })
  expect(error.message).toMatch(/pid \d+.*use TrackingReader\.follow or h5tracks tail -f to read it/)
  expect(await child.end()).toBe(0)
})

test('following a writer without a journal is refused with ERR_LOCKED', async () => {
  const path = scratch()
  const body = `write(0, 25); console.log('written'); process.stdin.resume()`
  await using child = await startNode(writing(`{ durability: 'none' }`, body), [path, '25'])
  const { frames, error } = await follow(path)
  expect(frames).toEqual([])
  expect(error).toMatchObject({ code: 'ERR_LOCKED', path, message: expect.stringContaining('keeps no journal') })
  expect(child).toBeDefined()
})

describe('the end of a follower', () => {
  const living = `write(0, 25); console.log('written'); process.stdin.resume().on('end', () => writer.closeSync())`

  test('a process that leaves the loop of a follower ends by itself and does not disturb the writer', async () => {
    const path = scratch()
    await using child = await startNode(writing('{ chunkFrames: 10 }', living), [path, '25'])
    const source = `
      import { TrackingReader } from 'h5tracks'
      let frames = 0
      for await (const _ of TrackingReader.follow(process.argv[2])) if (++frames === 25) break
      console.log(frames)`
    expect(await runNode(source, [path])).toMatchObject({ code: 0, stdout: '25\n', stderr: '' })
    expect(await child.end()).toBe(0)
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([25])
  })

  test('the garbage collector releases the journal of a follower that was abandoned in the middle', async () => {
    const path = scratch()
    await using child = await startNode(writing('{ chunkFrames: 10 }', living), [path, '25'])
    const source = `
      import { readFileSync } from 'node:fs'
      import { TrackingReader } from 'h5tracks'
      const path = process.argv[2]
      const mapped = () => readFileSync('/proc/self/maps', 'utf8').includes(path + '.journal')
      const forget = () => TrackingReader.follow(path).next()
      await forget()
      console.log(mapped())
      for (let turn = 0; mapped() && turn < 1000; turn++) { gc(); await new Promise((done) => setTimeout(done, 1)) }
      console.log(mapped())`
    if (process.platform === 'linux') {
      const { stdout } = await runNode(source, [path], { execArgv: ['--expose-gc'] })
      expect(stdout).toBe('true\nfalse\n')
    }
    expect(await child.end()).toBe(0)
  })

  test('terminating a worker that follows a file does not end the process', async () => {
    const path = scratch()
    await using child = await startNode(writing('{ chunkFrames: 10 }', living), [path, '25'])
    const source = `
      import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
      import { TrackingReader } from 'h5tracks'
      if (isMainThread) {
        const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] })
        for (let frames = 0; frames < 25; frames++) await new Promise((resolve) => worker.once('message', resolve))
        console.log(await worker.terminate())
      } else {
        for await (const frame of TrackingReader.follow(workerData)) parentPort.postMessage(frame.frameIndex)
      }`
    expect(await runNode(source, [path])).toMatchObject({ code: 0, stdout: '1\n', stderr: '' })
    expect(await child.end()).toBe(0)
  })
})
