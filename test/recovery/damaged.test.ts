import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type H5TracksError, readTrackingResultsSync, recoverSync, versions } from 'h5tracks'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed, openSlots, setFill, setInSkeleton, skeletonIn } from '../support/tracking/journal.js'
import { type Columns, columnsOf, columnsRead } from '../support/tracking/model.js'

// A truncated or corrupted journal never crashes recovery and never yields wrong frames from data under a checksum. Only the
// open block has no checksum: its rows and their count are only as good as its bytes.

const COUNT = 45
const CHUNK = 10
let path: string
let file: Buffer
let journal: Buffer
let expected: Columns

beforeAll(async () => {
  path = await killed(COUNT, { chunkFrames: CHUNK }, 'await writer.drain()')
  file = readFileSync(path)
  journal = readFileSync(journalOf(path))
  expected = columnsOf(school(COUNT), CAMERAS, 9)
})

/** Recovers the file with this journal: the action, the number of frames and the number of wrong ones, or the error code. */
function outcome(bytes: Buffer): string {
  const copy = scratch()
  writeFileSync(copy, file)
  writeFileSync(journalOf(copy), bytes)
  try {
    const { action, frames } = recoverSync(copy)
    return `${action} ${frames} ${wrongFrames(copy, frames)}`
  } catch (error) {
    expectBytes(copy, file)
    expect(existsSync(`${copy}.recovering`)).toBe(false)
    return (error as H5TracksError).code
  } finally {
    rmSync(copy)
  }
}

/** The number of frames that differ from the written ones. */
function wrongFrames(copy: string, frames: number): number {
  const found = columnsRead(readTrackingResultsSync(copy))
  const same = (frame: number) =>
    [found.fishId, found.centroid3d, found.frameIndex, found.confidence].every(({ data, shape }, i) => {
      const width = shape.slice(1).reduce((product, n) => product * n, 1)
      const right = [expected.fishId, expected.centroid3d, expected.frameIndex, expected.confidence][i]!.data
      return data
        .slice(frame * width, (frame + 1) * width)
        .every((value, j) => Object.is(value, right[frame * width + j]))
    })
  return Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !same(frame)).length
}

test('an undamaged journal restores every frame', () => {
  expect(outcome(journal)).toBe(`rebuilt ${COUNT} 0`)
})

test('a journal truncated at any page is refused, or restores every frame when nothing was lost', () => {
  const records = Number(journal.readBigUInt64LE(192))
  for (let end = 0; end < journal.length; end += 4096) {
    const result = outcome(journal.subarray(0, end))
    if (end === 0) expect(result).toBe('ERR_NOT_CLOSED')
    // The records follow the blocks: four of them, and then free space.
    else if (end < records + 4 * 300) expect(result, `cut at ${end}`).toBe('ERR_JOURNAL')
    else expect(result, `cut at ${end}`).toBe(`rebuilt ${COUNT} 0`)
  }
})

describe('a journal with flipped bits', () => {
  // Seeded, so that every run flips the same bits.
  function random(seed: number) {
    return () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return seed / 2 ** 32
    }
  }

  /** Ranges of the journal, and the outcomes that flipping a bit there may have. */
  test.each([
    ['in its header', () => [0, 224], /^ERR_JOURNAL$/],
    ['in the part that changes often', () => [4096, 4096 + 144], /^(ERR_JOURNAL|rebuilt 45 0)$/],
    ['in its lists', () => [8192, 8192 + 600], /^(ERR_JOURNAL|rebuilt 45 0)$/],
    [
      'in its copy of the empty file',
      () => [Number(journal.readBigUInt64LE(176)), Number(journal.readBigUInt64LE(184))],
      /^ERR_JOURNAL$/,
    ],
    [
      'in its records',
      () => [Number(journal.readBigUInt64LE(192)), 4 * Number(journal.readBigUInt64LE(200))],
      /^ERR_JOURNAL$/,
    ],
  ] as [string, () => [number, number], RegExp][])(
    'a journal with a flipped bit %s gives no wrong frame',
    (name, where, allowed) => {
      const next = random(name.length)
      let [begin, end] = where()
      if (end < begin) end += begin
      for (let i = 0; i < 40; ++i) {
        const bytes = Buffer.from(journal)
        const at = begin + Math.floor(next() * (end - begin))
        bytes[at]! ^= 1 << Math.floor(next() * 8)
        expect(outcome(bytes), `byte ${at}`).toMatch(allowed)
      }
    },
  )

  test('a flipped bit in the open block of the journal leaves the frames of full blocks correct', () => {
    const next = random(7)
    for (let i = 0; i < 60; ++i) {
      const bytes = Buffer.from(journal)
      const [slot] = openSlots(bytes).slice(-1)
      slot![Math.floor(next() * slot!.length)]! ^= 1 << Math.floor(next() * 8)
      const [action, frames, wrong] = outcome(bytes).split(' ')
      if (action === 'ERR_JOURNAL') continue
      expect(action).toBe('rebuilt')
      expect(Number(frames)).toBeGreaterThanOrEqual(COUNT - (COUNT % CHUNK))
      expect(Number(wrong)).toBeLessThanOrEqual(CHUNK)
    }
  })
})

// HDF5 1.10 may crash on files crafted like this.
const mended = versions.hdf5.linked === 'static'
test.runIf(mended)(
  'recovery refuses an impossible number in the copy of the empty file, even under a valid checksum',
  () => {
    const { begin, end } = skeletonIn(journal)
    const refused = new Set<string>()
    for (let offset = begin; offset + 8 <= end; offset += 48) {
      const copy = scratch()
      writeFileSync(copy, file)
      writeFileSync(journalOf(copy), journal)
      setInSkeleton(journalOf(copy), offset, 70373039144959n)
      try {
        recoverSync(copy)
      } catch (error) {
        // Only an error that left the file unchanged counts as a refusal.
        if (readFileSync(copy).equals(file)) refused.add((error as H5TracksError).code)
      }
      expect(existsSync(`${copy}.recovering`)).toBe(false)
      rmSync(dirname(copy), { recursive: true })
    }
    expect([...refused]).toEqual(['ERR_JOURNAL'])
  },
)

test('recovery of a file with a flipped bit in a chunk gives no wrong frame', () => {
  const chunk = file.length - 20
  const damaged = Buffer.from(file)
  damaged[chunk]! ^= 1
  const copy = scratch()
  writeFileSync(copy, damaged)
  copyFileSync(path.replace(/$/, '.journal'), journalOf(copy))
  try {
    const { frames } = recoverSync(copy)
    expect(wrongFrames(copy, frames)).toBe(0)
  } catch (error) {
    expect((error as H5TracksError).code).toBe('ERR_JOURNAL')
  }
})

test.each([Number.NaN, 2 ** 40, -(2 ** 31) - 1])('recovery refuses the fill value %d for an int32 dataset', (fill) => {
  const copy = scratch()
  writeFileSync(copy, file)
  writeFileSync(journalOf(copy), journal)
  setFill(journalOf(copy), fill)
  expect(() => recoverSync(copy)).toThrow(expect.objectContaining({ code: 'ERR_JOURNAL' }))
  setFill(journalOf(copy), -1)
  expect(recoverSync(copy).frames).toBe(COUNT)
})
