import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { written } from '../../support/tracking/writing.js'

// A frame index is any int64, given as a number or a bigint. It must increase from frame to frame, unless frameOrder is 'any'.

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const empty = (indices: (number | bigint)[]) => indices.map((frameIndex) => ({ frameIndex, tracks: [] }))

test('frame indices may mix numbers and bigints, and every int64 is stored exactly', async () => {
  const indices = [INT64_MIN, -(2n ** 53n) - 1n, -3, -2n, 0, 1n, 60, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, INT64_MAX]
  const path = await written(empty(indices))
  expect([...(await readTrackingResults(path)).frameIndex.data]).toEqual(indices.map(BigInt))
  expect(await askH5py<string[]>(path, '[str(i) for i in f["tracking/frame_index"][()]]')).toEqual(indices.map(String))
})

test('frames() returns frame indices without loss of precision', async () => {
  const indices = [-5, 7, 2n ** 53n + 1n, INT64_MAX]
  using reader = new TrackingReader(await written(empty(indices)))
  const seen = []
  for await (const { frameIndex } of reader.frames()) seen.push(BigInt(frameIndex))
  expect(seen).toEqual(indices.map(BigInt))
})

describe('an index that is no int64 is refused', () => {
  test.each<[unknown, string]>([
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [0.5, '0.5'],
    [2 ** 53, '9007199254740992'],
    [INT64_MAX + 1n, '9223372036854775808'],
    [INT64_MIN - 1n, '-9223372036854775809'],
    ['1', '1'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, '{}'],
  ])('the writer refuses the frame index %s', async (index, said) => {
    using writer = new TrackingWriter(scratch(), [])
    const error = await failure(() => writer.writeFrame(index as number, []))
    expect(['ERR_OUT_OF_RANGE', 'ERR_INVALID_TRACK', 'ERR_INVALID_ARGUMENT']).toContain(error.code)
    expect(error.message).toMatch(/frame ?index/i)
    expect(error.message).toContain(said)
    expect(writer.framesWritten).toBe(0)
  })
})

describe('an index that does not increase', () => {
  test.each<[number | bigint, number | bigint]>([
    [5, 5],
    [5, 4],
    [5n, 5],
    [2n ** 53n + 1n, 2n ** 53n],
    [0, -1],
    [INT64_MAX, INT64_MIN],
  ])(
    'after the frame index %s, %s is refused with ERR_FRAME_ORDER, and the next higher one is accepted',
    async (before, index) => {
      const path = scratch()
      const after = BigInt(before) < INT64_MAX ? [BigInt(before) + 1n] : []
      {
        using writer = new TrackingWriter(path, [])
        writer.writeFrame(before, [])
        const error = await failure(() => writer.writeFrame(index, []))
        expect(error.code).toBe('ERR_FRAME_ORDER')
        expect(BigInt(error.frame!)).toBe(BigInt(index))
        expect(error.message).toContain(String(before))
        expect(error.message).toContain(String(index))
        for (const next of after) writer.writeFrame(next, [])
      }
      expect([...(await readTrackingResults(path)).frameIndex.data]).toEqual([BigInt(before), ...after])
    },
  )

  test("frameOrder: 'any' accepts frame indices that do not increase and keeps the order of the calls", async () => {
    const indices = [5, 5, 3, -1n, INT64_MAX, INT64_MIN, 0]
    const path = await written(empty(indices), [], { frameOrder: 'any' })
    expect([...(await readTrackingResults(path)).frameIndex.data]).toEqual(indices.map(BigInt))
  })
})
