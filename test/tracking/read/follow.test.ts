import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Frame, TrackingReader, TrackingWriter } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test, vi } from 'vitest'
import { failure } from '../../support/errors.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, type Frame as GivenFrame, school } from '../../support/tracking/frames.js'
import { plainFrame } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// A follower gets the frames of a file as the writer accepts them: each once, complete, in the file's order, from the given
// position, until the writer closes the file.

const frames = school(40)
const plain = (given: readonly (Frame | GivenFrame)[]) => given.map(plainFrame)

function write(writer: TrackingWriter, given: readonly GivenFrame[]) {
  for (const { frameIndex, tracks } of given) writer.writeFrame(frameIndex, tracks)
}

/** Every frame until the follower ends. */
async function all(path: string | URL, options?: Parameters<typeof TrackingReader.follow>[1]) {
  const came: Frame[] = []
  for await (const frame of TrackingReader.follow(path, options)) came.push(frame)
  return came
}

/** The next `count` frames. */
async function take(following: AsyncGenerator<Frame>, count: number) {
  const came: Frame[] = []
  while (came.length < count) came.push((await following.next()).value)
  return came
}

describe('while a file is written', () => {
  test.each([
    ['one chunk that is never full', { chunkFrames: 1000 }],
    ['chunks of seven frames', { chunkFrames: 7 }],
    ['chunks of one frame', { chunkFrames: 1 }],
    ['one block in flight', { chunkFrames: 3, blocksInFlight: 1 }],
    ['no compression', { chunkFrames: 7, compression: 'none' }],
    ['gzip 9 without shuffling', { chunkFrames: 7, compression: { level: 9, shuffle: false } }],
    ['syncing', { chunkFrames: 7, durability: 'power', syncInterval: 5 }],
  ] as const)('a follower gets every accepted frame and ends when the writer closes, with %s', async (_, options) => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, options)
    const following = TrackingReader.follow(path)
    for (let at = 0; at < frames.length; at += 5) {
      write(writer, frames.slice(at, at + 5))
      expect(plain(await take(following, 5))).toEqual(plain(frames.slice(at, at + 5)))
    }
    const end = following.next()
    await writer.close()
    expect(await end).toEqual({ done: true, value: undefined })
  })

  test('a follower of a file without frames waits for the first one', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS)
    const came = all(path)
    await setTimeout(30)
    write(writer, frames)
    await writer.close()
    expect(plain(await came)).toEqual(plain(frames))
  })

  test('a follower gets frames without fish and indices beyond the safe integers', async () => {
    const path = scratch()
    const given = [{ frameIndex: -3, tracks: [] }, ...frames.slice(0, 3), { frameIndex: 2n ** 60n, tracks: [] }]
    await using writer = new TrackingWriter(path, CAMERAS, { frameOrder: 'any' })
    write(writer, given)
    const came = await take(TrackingReader.follow(path), 5)
    expect(came.at(-1)?.frameIndex).toBe(2n ** 60n)
    expect(plain(came)).toEqual(plain(given))
  })

  test.each([[[]], [['2', '10', '1']], [['ü', 'a b', '.x']]])(
    'a follower gets the cameras %j in their order',
    async (cameras) => {
      const path = scratch()
      const given = school(3, 2, cameras)
      await using writer = new TrackingWriter(path, cameras, { maxFish: 2 })
      write(writer, given)
      const came = await take(TrackingReader.follow(pathToFileURL(path)), 3)
      expect(plain(came)).toEqual(plain(given))
      const seen = (given[1] as GivenFrame).tracks.map(({ bboxes }) => cameras.filter((name) => name in bboxes))
      expect(came[1]?.tracks.map(({ bboxes }) => Object.keys(bboxes))).toEqual(seen)
    },
  )

  test('several followers read one file, each at its own pace', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 4 })
    const [first, second] = [TrackingReader.follow(path), TrackingReader.follow(path)]
    write(writer, frames.slice(0, 10))
    expect(plain(await take(first, 10))).toEqual(plain(frames.slice(0, 10)))
    expect(plain(await take(second, 3))).toEqual(plain(frames.slice(0, 3)))
    write(writer, frames.slice(10))
    expect(plain(await take(second, 37))).toEqual(plain(frames.slice(3)))
    expect(plain(await take(first, 30))).toEqual(plain(frames.slice(10)))
  })

  test('a follower gets a frame of an unfinished, unflushed chunk within 50 ms', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS)
    const following = TrackingReader.follow(path)
    const delays: number[] = []
    for (const frame of frames) {
      const next = following.next()
      // The delays spread the frames over the polling interval of the follower.
      await setTimeout(1 + (Number(frame.frameIndex) % 7))
      const accepted = performance.now()
      write(writer, [frame])
      expect((await next).value?.frameIndex).toBe(frame.frameIndex)
      delays.push(performance.now() - accepted)
    }
    // The median, since a busy machine may delay single frames.
    expect(delays.sort((a, b) => a - b)[delays.length / 2]).toBeLessThan(50)
  })
})

describe('a slow follower', () => {
  test('a follower that falls behind reads from the file and catches up', async () => {
    const path = scratch()
    const many = school(500)
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 5, blocksInFlight: 1 })
    const following = TrackingReader.follow(path)
    write(writer, many.slice(0, 8))
    expect(plain(await take(following, 2))).toEqual(plain(many.slice(0, 2)))
    write(writer, many.slice(8, 498))
    expect(plain(await take(following, 496))).toEqual(plain(many.slice(2, 498)))
    write(writer, many.slice(498))
    expect(plain(await take(following, 2))).toEqual(plain(many.slice(498)))
  })

  test('a slow follower gets every frame after the writer has closed the file and removed its journal', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 6 })
    const following = TrackingReader.follow(path)
    write(writer, frames)
    const [first] = await take(following, 1)
    await writer.close()
    expect(readdirSync(dirname(path))).toEqual(['tracks.h5'])
    const rest: Frame[] = []
    for await (const frame of following) rest.push(frame)
    expect(plain([first as Frame, ...rest])).toEqual(plain(frames))
  })

  test('a slow follower gets every frame of a run that an overwriting writer has replaced', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 6 })
    const following = TrackingReader.follow(path)
    write(writer, frames)
    const [first] = await take(following, 1)
    await writer.close()
    await written(school(40, 5), CAMERAS, { overwrite: true, chunkFrames: 6 }, path)
    const rest: Frame[] = []
    for await (const frame of following) rest.push(frame)
    expect(plain([first as Frame, ...rest])).toEqual(plain(frames))
  })

  test('a slow follower fails with ERR_JOURNAL when another program empties the file', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 6 })
    const following = TrackingReader.follow(path)
    write(writer, frames)
    await take(following, 1)
    await writer.close()
    new File(path, 'w').closeSync()
    const error = await failure(async () => {
      for await (const _ of following);
    })
    expect(error).toMatchObject({ code: 'ERR_JOURNAL', path })
    expect(error.message).toMatch(/rows \d+ to \d+ of '.*' are damaged, or were overwritten/)
  })
})

describe('the option from', () => {
  const rest = (from: number | 'end') => (from === 'end' ? [] : frames.slice(from))

  test.each([0, 1, 7, 39, -1, -5, -40, -100, 'end'] as const)(
    'a follower starts at from: %j of 40 frames',
    async (from) => {
      const path = scratch()
      const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 7 })
      write(writer, frames)
      const more = school(3, 2, CAMERAS, 40)
      const following = TrackingReader.follow(path, { from })
      const come = take(following, rest(from).length + 3)
      await setTimeout(30)
      write(writer, more)
      expect(plain(await come)).toEqual(plain([...rest(from), ...more]))
      await writer.close()
      expect((await following.next()).done).toBe(true)
    },
  )

  test('a follower with from: -1 starts at the last frame while blocks are being committed', async () => {
    for (let round = 0; round < 100; round++) {
      await using writer = new TrackingWriter(scratch(), CAMERAS, { chunkFrames: 2 })
      write(writer, frames)
      const [frame] = await take(TrackingReader.follow(writer.path, { from: -1 }), 1)
      expect(frame?.frameIndex).toBe(frames.at(-1)?.frameIndex)
    }
  })

  test('a follower waits for a start frame that has not been written yet', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 7 })
    write(writer, frames.slice(0, 5))
    const following = TrackingReader.follow(path, { from: 20 })
    const next = following.next()
    write(writer, frames.slice(5))
    expect(plain([(await next).value as Frame])).toEqual(plain([frames[20] as GivenFrame]))
    await following.return()
  })

  test('a follower of a resumed file first gets its earlier frames, including those of the last, partial chunk', async () => {
    const path = await written(frames.slice(0, 25), CAMERAS, { chunkFrames: 10 })
    await using writer = await TrackingWriter.resume(path)
    write(writer, frames.slice(25, 28))
    const following = TrackingReader.follow(path)
    expect(plain(await take(following, 28))).toEqual(plain(frames.slice(0, 28)))
    write(writer, frames.slice(28))
    expect(plain(await take(following, 12))).toEqual(plain(frames.slice(28)))
  })
})

describe('a file without a writer', () => {
  test.each([0, 7, -3, 40, 1000, 'end'] as const)(
    'a follower reads a file without a writer to its end, from %j',
    async (from) => {
      const path = await written(frames)
      expect(plain(await all(path, { from }))).toEqual(plain(from === 'end' ? [] : frames.slice(from)))
    },
  )

  test('follow refuses a missing file and a file that is not HDF5 as a reader does', async () => {
    expect(await failure(() => all(scratch()))).toMatchObject({ code: 'ENOENT' })
    const path = scratch()
    writeFileSync(path, 'no HDF5 at all')
    expect(await failure(() => all(path))).toMatchObject({ code: 'ERR_NOT_HDF5', path })
  })

  test('follow refuses a file with a damaged journal', async () => {
    const path = await written(frames)
    writeFileSync(`${path}.journal`, 'h5trkjnl and then nothing of the kind')
    expect(await failure(() => all(path))).toMatchObject({ code: 'ERR_JOURNAL', path })
  })
})

test('follow refuses a file that is being written without a journal, and the error says why', async () => {
  const path = scratch()
  await using writer = new TrackingWriter(path, CAMERAS, { durability: 'none', chunkFrames: 5 })
  write(writer, frames)
  await writer.drain()
  const error = await failure(() => all(path))
  expect(error).toMatchObject({ code: 'ERR_LOCKED', path })
  expect(error.message).toMatch(/its writer keeps no journal \(durability: 'none'\)/)
})

describe('stopping a follower', () => {
  const opened = (signal: AbortSignal) => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 7 })
    write(writer, frames)
    return { path, writer, following: TrackingReader.follow(path, { signal }) }
  }
  const aborted = { name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' }

  test("a signal aborts a waiting follower with Node's AbortError", async () => {
    const controller = new AbortController()
    const { writer, following } = opened(controller.signal)
    await take(following, 40)
    const next = following.next()
    await setTimeout(20)
    controller.abort('enough')
    await expect(next).rejects.toMatchObject(aborted)
    expect((await following.next()).done).toBe(true)
    await writer.close()
  })

  test('a signal aborts a follower between two frames and before the first', async () => {
    const controller = new AbortController()
    const { path, writer, following } = opened(controller.signal)
    await take(following, 3)
    controller.abort('enough')
    await expect(following.next()).rejects.toMatchObject(aborted)
    await expect(TrackingReader.follow(path, { signal: controller.signal }).next()).rejects.toMatchObject(aborted)
    await writer.close()
    await expect(TrackingReader.follow(path, { signal: controller.signal }).next()).rejects.toMatchObject(aborted)
  })

  test.runIf(process.platform === 'linux')(
    'a stopped follower leaves no descriptor, no mapping and no timer',
    async () => {
      const { path, writer, following } = opened(new AbortController().signal)
      const held = () => ({
        descriptors: readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(path)).length,
        mappings: readFileSync('/proc/self/maps', 'utf8').split(`${path}.journal`).length - 1,
      })
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
      const timersBefore = timers()
      const before = held()
      for await (const { frameIndex } of following) {
        if (frameIndex === 3) expect(held().mappings).toBeGreaterThan(before.mappings)
        if (frameIndex === 20) break
      }
      // Counted before vi.waitFor, which sets timers of its own.
      expect(timers()).toBeLessThanOrEqual(timersBefore)
      await vi.waitFor(() => expect(held()).toEqual(before))
      await writer.close()
    },
  )
})

const linkOf = (fd: string) => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

describe('invalid arguments of follow', () => {
  test.each<[unknown, unknown, RegExp]>([
    ['', {}, /path must be/],
    [scratch(), { from: 1.5 }, /from must be an integer or 'end'; got 1.5/],
    [scratch(), { from: 'start' }, /from must be an integer or 'end'; got 'start'/],
    [scratch(), { signal: 'stop' }, /signal must be an AbortSignal; got 'stop'/],
    [scratch(), { form: 3 }, /follow has no option 'form'/],
    [scratch(), null, /follow must be an object/],
  ])('follow refuses the path %j with options %j', async (path, options, says) => {
    const error = await failure(() => TrackingReader.follow(path as string, options as { from: number }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringMatching(says) })
  })
})
