import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { recover, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed, pretendReboot } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// What an accepted frame outlasts is the caller's choice. After a loss of power nothing counts that was not on the disk for
// certain: the journal tells the start of the machine in which it was written, and recovery in another one believes checksums
// only. (That the disk is told before the journal is, no test here can see: test/faults plays the loss of power.)

const fill = (writer: TrackingWriter, from: number, to: number) => {
  for (const { frameIndex, tracks } of school(to).slice(from)) writer.writeFrame(frameIndex, tracks)
}

describe("durability: 'power'", () => {
  test('durableFrames grows with the blocks, with flush, and with the interval', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10, durability: 'power', syncInterval: 20 })
    expect(writer).toMatchObject({ durability: 'power', durableFrames: 0 })
    fill(writer, 0, 4)
    await writer.flush()
    expect(writer.durableFrames).toBe(4)
    fill(writer, 4, 25)
    await writer.drain()
    expect(writer.durableFrames).toBeGreaterThanOrEqual(20)
    while (writer.durableFrames < 25) await sleep(5)
    expect(writer.durableFrames).toBe(25)
    await writer.close()
    expect(writer.durableFrames).toBe(25)
  })

  test('after a crash every accepted frame is there', async () => {
    const path = await killed(25, { durability: 'power' })
    expect(await recover(path)).toMatchObject({ frames: 25, lost: [] })
    await expectFrames(path, school(25))
  })

  test.each([
    ['full blocks', 'await writer.drain()', 20],
    ['a block that was flushed', 'await writer.flush()', 25],
    ['frames of an interval', 'while (writer.durableFrames < 25) await new Promise((r) => setTimeout(r, 5))', 25],
  ])('after a loss of power, what was durable: %s', async (_, then, durable) => {
    const path = await killed(25, { durability: 'power', syncInterval: 20 }, then.replace('drain()', 'drain()'))
    pretendReboot(journalOf(path))
    const { frames, lost } = await recover(path)
    expect(frames).toBeGreaterThanOrEqual(durable)
    expect(lost).toEqual(frames === 25 ? [] : [expect.stringMatching(new RegExp(`^rows ${frames} to 24: .*not known`))])
    await expectFrames(path, school(frames))
  })

  test('after a loss of power, rows that were counted and never synced are not believed, but named', async () => {
    const path = await killed(25, { durability: 'power' }, 'await writer.drain()')
    pretendReboot(journalOf(path))
    expect(await recover(path)).toMatchObject({ frames: 20, lost: [expect.stringMatching(/^rows 20 to 24: /)] })
    await expectFrames(path, school(20))
  })
})

describe("durability: 'process'", () => {
  test('after a loss of power: as far as checksums go', async () => {
    const path = await killed(25, {}, 'await writer.drain()')
    pretendReboot(journalOf(path))
    expect(await recover(path)).toMatchObject({ frames: 20, lost: [expect.stringMatching(/^rows 20 to 24: /)] })
    await expectFrames(path, school(20))
  })

  test.each([
    ['before its first frame', 0, ''],
    ['after a flush', 4, 'await writer.flush()'],
    ['behind the chunk that was not full', 20, 'await writer.drain()'],
    ['with its blocks used again', 200, 'await writer.drain()'],
  ])('a run over a file that held frames loses none of those with the power: %s', async (_, more, then) => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await killed(more, { resume: true, first: 13 }, then, path)
    pretendReboot(journalOf(path))
    const { frames } = await recover(path)
    expect(frames).toBeGreaterThanOrEqual(13)
    await expectFrames(path, [...school(13), ...school(frames - 13, 3, CAMERAS, 13)])
  })
})

describe("durability: 'none'", () => {
  test('has no journal; a killed writer’s file says that it was not closed', async () => {
    const path = await killed(25, { durability: 'none' }, 'await writer.flush()')
    expect(existsSync(journalOf(path))).toBe(false)
    expect(await askH5py(path, 'bool(f["tracking"].attrs["closed_cleanly"])')).toBe(false)
    expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    expect(await recover(path, { acceptLoss: true })).toMatchObject({ action: 'salvaged', frames: 25 })
  })

  test('and a closed one’s that it was', async () => {
    const path = await written(school(25), CAMERAS, { chunkFrames: 10, durability: 'none' })
    await expectFrames(path, school(25))
    expect(await askH5py(path, 'bool(f["tracking"].attrs["closed_cleanly"])')).toBe(true)
  })
})

test.each([
  [{ durability: 'always' }, 'durability'],
  [{ syncInterval: 10 }, 'syncInterval'],
  [{ durability: 'power', syncInterval: 0 }, 'syncInterval'],
  [{ discardJournal: 1 }, 'discardJournal'],
])('%o: ERR_INVALID_ARGUMENT', async (options, field) => {
  const path = scratch()
  expect(await failure(() => new TrackingWriter(path, CAMERAS, options as object))).toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: expect.stringContaining(field),
  })
  expect(existsSync(path)).toBe(false)
})
