import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type RecoveryReport, recover, recoverSync, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { failure } from '../support/errors.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { clearMark, journalOf, killed, STATE, setInode, setState } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// A killed writer leaves its journal next to the file. Readers and writers refuse the file until recover() has completed it
// from the journal with every accepted frame, whenever the writer died and however often recovery is tried.

const rebuilt = (path: string, frames: number): RecoveryReport => ({
  path,
  action: 'rebuilt',
  frames,
  lastFrameIndex: frames > 0 ? frames - 1 : null,
  lost: [],
})

async function expectRecovered(path: string, count: number) {
  expect(await recover(path)).toEqual(rebuilt(path, count))
  expect(existsSync(journalOf(path))).toBe(false)
  expect(existsSync(`${path}.recovering`)).toBe(false)
  await expectFrames(path, school(count))
  expect(await askH5py(path, 'sorted(f["tracking"].attrs)')).not.toContain('run_id')
  expect(await askH5py(path, 'bool(f["tracking"].attrs["closed_cleanly"])')).toBe(true)
}

describe('a killed writer', () => {
  test.each([
    ['before its first frame', 0],
    ['in its first block', 7],
    ['at the border of two blocks', 20],
    ['after a split of the chunk index', 653],
  ])('a writer killed %s loses no accepted frame', async (_, count) => {
    await expectRecovered(await killed(count), count)
  })

  test.each([
    ['while it drains', 'void writer.drain()'],
    ['after it drained', 'await writer.drain()'],
    ['while it flushes', 'void writer.flush()'],
    ['after it flushed a partial block', 'await writer.flush()'],
    ['while it closes', 'void writer.close()'],
  ])('a writer killed %s loses no accepted frame', async (_, then) => {
    const path = await killed(25, {}, then)
    const { frames } = await recover(path)
    expect(frames).toBe(25)
    await expectFrames(path, school(25))
  })

  test('readers and overwriting writers refuse the file of a killed writer until it is recovered', async () => {
    const path = await killed(25)
    const before = readFileSync(path)
    const left = { code: 'ERR_NEEDS_RECOVERY', path }
    expect(await failure(() => new TrackingReader(path))).toMatchObject(left)
    expect(await failure(() => new TrackingWriter(path, CAMERAS, { overwrite: true }))).toMatchObject(left)
    expectBytes(path, before)
    await expectRecovered(path, 25)
  })

  test('a writer refuses the path of a left journal even when the file itself is missing', async () => {
    const path = await killed(25)
    rmSync(path)
    expect(await failure(() => new TrackingWriter(path, CAMERAS))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
    expect(await failure(() => new TrackingWriter(path, CAMERAS, { overwrite: true }))).toMatchObject({
      code: 'ERR_NEEDS_RECOVERY',
    })
    expect(existsSync(path)).toBe(false)
    expect(await failure(() => recover(path))).toMatchObject({
      code: 'ERR_JOURNAL',
      message: expect.stringContaining('move the journal to it'),
    })
  })

  test('discardJournal lets a writer overwrite the file and the journal of a killed writer', async () => {
    const path = await killed(25)
    const again = new TrackingWriter(path, CAMERAS, { overwrite: true, discardJournal: true })
    for (const { frameIndex, tracks } of school(3)) again.writeFrame(frameIndex, tracks)
    await again.close()
    expect(existsSync(journalOf(path))).toBe(false)
    await expectFrames(path, school(3))
  })
})

describe('recovery', () => {
  test('recovery of a closed file changes nothing and reports the action none', async () => {
    const path = await written(school(5))
    const before = readFileSync(path)
    expect(recoverSync(path)).toEqual({ path, action: 'none', frames: 5, lastFrameIndex: 4, lost: [] })
    expectBytes(path, before)
  })

  test('recoverSync gives the same report as recover, and a second recovery does nothing', async () => {
    const path = await killed(25)
    expect(recoverSync(path)).toEqual(rebuilt(path, 25))
    expect(recoverSync(path)).toEqual({ ...rebuilt(path, 25), action: 'none' })
    await expectFrames(path, school(25))
  })

  test('recovery keeps the mode of the file and the symbolic link to it', async () => {
    const path = await killed(25)
    chmodSync(path, 0o640)
    const link = scratch('link.h5')
    symlinkSync(path, link)
    expect(await recover(link)).toEqual(rebuilt(path, 25))
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(statSync(path).mode & 0o7777).toBe(0o640)
    await expectFrames(link, school(25))
  })

  test.runIf(process.getuid?.() === 0)('recovery by root keeps the owner of the file', async () => {
    const path = await killed(25)
    const { chownSync } = await import('node:fs')
    chownSync(path, 1234, 2345)
    await recover(path)
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 2345 })
  })

  test('recovery replaces the leftover .recovering of a killed recovery without touching its other links', async () => {
    const path = await killed(25)
    const other = await written(school(2))
    const before = readFileSync(other)
    linkSync(other, `${path}.recovering`)
    chmodSync(other, 0o400)
    await expectRecovered(path, 25)
    expectBytes(other, before)
  })

  test('recovery only removes the journal when an earlier one was killed after the rename', async () => {
    const path = await killed(125, {}, 'await writer.drain()')
    const journal = join(dirname(path), 'kept')
    // A second link to the journal, since recovery writes the identity of the new file into it.
    linkSync(journalOf(path), journal)
    await recover(path)
    const whole = readFileSync(path)
    linkSync(journal, journalOf(path))
    expect(await recover(path)).toEqual(rebuilt(path, 125))
    expectBytes(path, whole)
    expect(existsSync(journalOf(path))).toBe(false)
  })

  test('recovery accepts a file without a run id when it is the file of the journal', async () => {
    const path = await killed(7)
    clearMark(journalOf(path))
    await expectRecovered(path, 7)
  })

  test('recovery creates the file when it was lost before it had a run id', async () => {
    const path = await killed(0)
    clearMark(journalOf(path))
    rmSync(path)
    await expectRecovered(path, 0)
  })
})

describe('a writer that died while it closed', () => {
  /** A file closed by a run of 25 frames, with the journal of that run next to it in the given state. */
  async function closed(state: number): Promise<string> {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    await writer.drain()
    const kept = join(dirname(path), 'kept')
    copyFileSync(journalOf(path), kept)
    await writer.close()
    copyFileSync(kept, journalOf(path))
    setState(journalOf(path), state)
    return path
  }

  test('recovery rebuilds the file of a writer that died in close() after removing the run id', async () => {
    await expectRecovered(await closed(STATE.closing), 25)
  })

  test('recovery refuses another file in place of one whose writer died in close()', async () => {
    const path = await closed(STATE.closing)
    setInode(journalOf(path), statSync(path).ino + 1)
    expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_JOURNAL' })
  })

  test('a left journal in the state closed does not block readers, and recovery removes it', async () => {
    const path = await closed(STATE.closed)
    const before = readFileSync(path)
    await expectFrames(path, school(25))
    expect(await recover(path)).toEqual({ ...rebuilt(path, 25), action: 'none' })
    expect(existsSync(journalOf(path))).toBe(false)
    expectBytes(path, before)
  })

  test('resume replaces a left journal in the state closed', async () => {
    const path = await closed(STATE.closed)
    const next = await TrackingWriter.resume(path)
    for (const { frameIndex, tracks } of school(30).slice(25)) next.writeFrame(frameIndex, tracks)
    await next.close()
    expect(existsSync(journalOf(path))).toBe(false)
    await expectFrames(path, school(30))
  })
})

test('a journal that contains only zeros is ignored, and recovery removes it', async () => {
  const path = await written(school(5))
  writeFileSync(journalOf(path), Buffer.alloc(100_000))
  await expectFrames(path, school(5))
  expect(await recover(path)).toMatchObject({ action: 'none', frames: 5 })
  expect(existsSync(journalOf(path))).toBe(false)
})
