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

// The caller chooses what an accepted frame survives. After a power loss recovery trusts only data that was certainly on the
// disk: the journal holds the boot id under which it was written, and recovery under another boot trusts only checksums.
// (No test here can see the order of writes to the disk: test/faults simulates the power loss.)

const fill = (writer: TrackingWriter, from: number, to: number) => {
  for (const { frameIndex, tracks } of school(to).slice(from)) writer.writeFrame(frameIndex, tracks)
}

describe("durability: 'power'", () => {
  test('durableFrames grows with full blocks, with flush() and with the sync interval', async () => {
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

  test("recovery after a crash restores every accepted frame with durability: 'power'", async () => {
    const path = await killed(25, { durability: 'power' })
    expect(await recover(path)).toMatchObject({ frames: 25, lost: [] })
    await expectFrames(path, school(25))
  })

  test.each([
    ['full blocks', 'await writer.drain()', 20],
    ['a flushed block', 'await writer.flush()', 25],
    [
      'frames synced by the interval',
      'while (writer.durableFrames < 25) await new Promise((r) => setTimeout(r, 5))',
      25,
    ],
  ])('recovery after a power loss restores durable frames: %s', async (_, then, durable) => {
    const path = await killed(25, { durability: 'power', syncInterval: 20 }, then.replace('drain()', 'drain()'))
    pretendReboot(journalOf(path))
    const { frames, lost } = await recover(path)
    expect(frames).toBeGreaterThanOrEqual(durable)
    expect(lost).toEqual(frames === 25 ? [] : [expect.stringMatching(new RegExp(`^rows ${frames} to 24: .*not known`))])
    await expectFrames(path, school(frames))
  })

  test('recovery after a power loss drops rows that were never synced, and names them', async () => {
    const path = await killed(25, { durability: 'power' }, 'await writer.drain()')
    pretendReboot(journalOf(path))
    expect(await recover(path)).toMatchObject({ frames: 20, lost: [expect.stringMatching(/^rows 20 to 24: /)] })
    await expectFrames(path, school(20))
  })
})

describe("durability: 'process'", () => {
  test("recovery after a power loss with durability: 'process' restores the frames of full blocks", async () => {
    const path = await killed(25, {}, 'await writer.drain()')
    pretendReboot(journalOf(path))
    expect(await recover(path)).toMatchObject({ frames: 20, lost: [expect.stringMatching(/^rows 20 to 24: /)] })
    await expectFrames(path, school(20))
  })

  test.each([
    ['before its first frame', 0, ''],
    ['after a flush', 4, 'await writer.flush()'],
    ['after it completed the partial chunk', 20, 'await writer.drain()'],
    ['after it reused its blocks', 200, 'await writer.drain()'],
  ])('a power loss in a resumed run, %s, loses no frame of the run before', async (_, more, then) => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await killed(more, { resume: true, first: 13 }, then, path)
    pretendReboot(journalOf(path))
    const { frames } = await recover(path)
    expect(frames).toBeGreaterThanOrEqual(13)
    await expectFrames(path, [...school(13), ...school(frames - 13, 3, CAMERAS, 13)])
  })
})

describe("durability: 'none'", () => {
  test("a killed writer with durability: 'none' leaves no journal and a file marked as not closed", async () => {
    const path = await killed(25, { durability: 'none' }, 'await writer.flush()')
    expect(existsSync(journalOf(path))).toBe(false)
    expect(await askH5py(path, 'bool(f["tracking"].attrs["closed_cleanly"])')).toBe(false)
    expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    expect(await recover(path, { acceptLoss: true })).toMatchObject({ action: 'salvaged', frames: 25 })
  })

  test("a closed writer with durability: 'none' leaves a file marked as closed", async () => {
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
])('the writer refuses the options %o with ERR_INVALID_ARGUMENT', async (options, field) => {
  const path = scratch()
  expect(await failure(() => new TrackingWriter(path, CAMERAS, options as object))).toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: expect.stringContaining(field),
  })
  expect(existsSync(path)).toBe(false)
})
