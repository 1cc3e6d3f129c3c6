import { check, type Finding } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { damageChunk, dropRows, h5py } from '../../support/python.js'
import { animalsFile, upTo } from './layouts.js'

// check() of files of any layout: h5py puts each defect into a good file; check finds it at its place and finds nothing else.

async function changed(lines: string): Promise<string> {
  const path = await animalsFile(upTo(35))
  await h5py(path, 'r+', `g = f["animals"]\n${lines}`)
  return path
}

test.each([0, 1, 35])('check finds nothing wrong in %d frames with a field of each kind', async (count) => {
  const path = await animalsFile(upTo(count))
  expect(await check(path)).toEqual({
    path,
    frames: count,
    layouts: [{ name: 'animals', frames: count }],
    findings: [],
  })
})

type Expected = [defect: string, lines: string, code: Finding['code'], dataset: string, frame: number, text: string]

// Frame 3 + 4n has the animals 0, 1, 2; frame 2 + 4n has 0 and 1.
describe('one defect is one finding', () => {
  test.each<Expected>([
    [
      'a repeated frame index',
      'g["frame_index"][12] = 11',
      'frame-order',
      'frame_index',
      12,
      'the index does not increase: frame 12 has 11 after 11',
    ],
    [
      'a key that is twice in a row',
      'g["animal_id"][7] = [0, 2, 2]',
      'duplicate-key',
      'animal_id',
      7,
      'a record occurs twice: frame 7 has animalId 2 in slots 1 and 2',
    ],
    [
      'keys that decrease',
      'g["animal_id"][7] = [2, 1, 0]',
      'slot-order',
      'animal_id',
      7,
      'keys do not ascend from slot 0 with the empty slots (-1) last: frame 7 has 2, 1, 0',
    ],
    [
      'a key below -1',
      'g["animal_id"][7, 2] = -2',
      'negative-key',
      'animal_id',
      7,
      'a key below -1: slot 2 of frame 7 has -2',
    ],
    [
      'a time outside its range',
      'g["time"][8] = 1000.25',
      'out-of-range',
      'time',
      8,
      'a value outside the range of the field, 0 to 1000: frame 8 has 1000.25',
    ],
    [
      'a time that is infinite',
      'g["time"][8] = -np.inf',
      'out-of-range',
      'time',
      8,
      'a value outside the range of the field, 0 to 1000: frame 8 has -Infinity',
    ],
    [
      'a float32 outside its range',
      'g["score"][7, 1, 2] = 1.5',
      'out-of-range',
      'score',
      7,
      'a value outside the range of the field, 0 to 1: slot 1 of frame 7 has 1.5 at [2]',
    ],
    [
      'a NaN where the range has none',
      'g["score"][7, 1, 0] = np.nan',
      'out-of-range',
      'score',
      7,
      'a value outside the range of the field, 0 to 1: slot 1 of frame 7 has NaN at [0]',
    ],
    [
      'a float16 outside its range',
      'g["half"][7, 1] = 2.5',
      'out-of-range',
      'half',
      7,
      'a value outside the range of the field, 0 to 2: slot 1 of frame 7 has 2.5',
    ],
    [
      'an int16 outside its range',
      'g["level"][7, 0] = -1',
      'out-of-range',
      'level',
      7,
      'a value outside the range of the field, 0 to 100: slot 0 of frame 7 has -1',
    ],
    [
      'a uint8 outside its range',
      'g["tiny"][7, 0] = 255',
      'out-of-range',
      'tiny',
      7,
      'a value outside the range of the field, 0 to 9: slot 0 of frame 7 has 255',
    ],
    [
      'a uint32 outside its range',
      'g["area"][7, 0] = 4000000001',
      'out-of-range',
      'area',
      7,
      'a value outside the range of the field, 0 to 4000000000: slot 0 of frame 7 has 4000000001',
    ],
    [
      'a uint64 outside its range',
      'g["big"][7, 0] = 2 ** 64 - 1',
      'out-of-range',
      'big',
      7,
      'a value outside the range of the field, 0 to 1000: slot 0 of frame 7 has 18446744073709551615',
    ],
    [
      'an int32 of a camera outside its range',
      'g["box/side"][7, 1, 3] = 5001',
      'out-of-range',
      'box/side',
      7,
      'a value outside the range of the field, -1 to 5000: slot 1 of frame 7 has 5001 at [3]',
    ],
    [
      'a number that no member has',
      'g["state"][7, 1] = 1',
      'not-a-member',
      'state',
      7,
      'a number that is none of the members idle (0), eating (2), away (-3): slot 1 of frame 7 has 1',
    ],
    [
      'a uint32 that no member has',
      'g["kind"][7, 1] = 4000000001',
      'not-a-member',
      'kind',
      7,
      'a number that is none of the members a (7), b (4000000000): slot 1 of frame 7 has 4000000001',
    ],
    [
      'a point of which a part is NaN',
      'g["nose"][7, 1, 0] = np.nan',
      'partial-position',
      'nose',
      7,
      'a vector of which a part is not known (NaN): slot 1 of frame 7 has (NaN, 2)',
    ],
    [
      'a keypoint with an infinite coordinate',
      'g["points"][7, 2, 3, 1] = np.inf',
      'partial-position',
      'points',
      7,
      'a vector that is not finite: slot 2 of frame 7 has (2, Infinity, 2) at [3]',
    ],
    [
      'a keypoint that is infinite',
      'g["points"][7, 2, 3] = np.inf',
      'partial-position',
      'points',
      7,
      'a vector that is not finite: slot 2 of frame 7 has (Infinity, Infinity, Infinity) at [3]',
    ],
    [
      'a vector of doubles of which a part is NaN',
      'g["weight"][7, 2, 0] = np.nan',
      'partial-position',
      'weight',
      7,
      'a vector of which a part is not known (NaN): slot 2 of frame 7 has (NaN, 2)',
    ],
    [
      'bytes after the end of a text',
      'g["name"][7, 0] = b"a\\0b"',
      'not-text',
      'name',
      7,
      String.raw`a text that is not UTF-8, or that has bytes after its end (NUL): slot 0 of frame 7 has 'a\x00b\x00\x00\x00'`,
    ],
    [
      'a text that is not UTF-8',
      'g["name"][7, 0] = b"\\xff\\xfe"',
      'not-text',
      'name',
      7,
      "a text that is not UTF-8, or that has bytes after its end (NUL): slot 0 of frame 7 has 'ÿþ",
    ],
    [
      'a float in an empty slot',
      'g["points"][6, 2, 1, 2] = 0',
      'value-without-record',
      'points',
      6,
      'a value where there is no record: slot 2 of frame 6 has 0 at [1, 2]',
    ],
    [
      'a fill value of another field in an empty slot',
      'g["score"][6, 2, 3] = np.nan',
      'value-without-record',
      'score',
      6,
      'a value where there is no record: slot 2 of frame 6 has NaN at [3]',
    ],
    ['a float16 in an empty slot', 'g["half"][6, 2] = 1', 'value-without-record', 'half', 6, 'slot 2 of frame 6 has 1'],
    [
      'a double in an empty slot',
      'g["weight"][6, 2, 0] = 1e-300',
      'value-without-record',
      'weight',
      6,
      'slot 2 of frame 6 has 1e-300 at [0]',
    ],
    [
      'a uint64 in an empty slot that is one off the fill value',
      'g["big"][6, 2] = 2 ** 63 + 1',
      'value-without-record',
      'big',
      6,
      'slot 2 of frame 6 has 9223372036854775809',
    ],
    [
      'an int64 in an empty slot that is one off the fill value',
      'g["wide"][6, 2] = -2 ** 63 + 1',
      'value-without-record',
      'wide',
      6,
      'slot 2 of frame 6 has -9223372036854775807',
    ],
    ['a uint32 in an empty slot', 'g["area"][6, 2] = 1', 'value-without-record', 'area', 6, 'slot 2 of frame 6 has 1'],
    [
      'a member in an empty slot',
      'g["state"][6, 2] = 2',
      'value-without-record',
      'state',
      6,
      'slot 2 of frame 6 has 2',
    ],
    [
      'a text in an empty slot',
      'g["name"][6, 2] = b"x"',
      'value-without-record',
      'name',
      6,
      String.raw`slot 2 of frame 6 has 'x\x00\x00\x00\x00\x00'`,
    ],
    ['a flag in an empty slot', 'g["seen"][6, 2] = True', 'value-without-record', 'seen', 6, 'slot 2 of frame 6 has 1'],
    [
      'a box in an empty slot',
      'g["box/top"][6, 2, 1] = 3',
      'value-without-record',
      'box/top',
      6,
      'slot 2 of frame 6 has 3 at [1]',
    ],
  ])('check reports one finding for %s', async (_, lines, code, name, frame, text) => {
    const path = await changed(lines)
    const severity = code === 'partial-position' ? 'warning' : 'error'
    const { findings } = await check(path)
    const place = { start: frame, stop: frame + 1 }
    const dataset = `/animals/${name}`
    const expected = { code, severity, layout: 'animals', dataset, frames: place, ranges: [place], count: 1 }
    expect(findings).toEqual([{ ...expected, text: expect.stringContaining(text) }])
  })

  test.each(['seen', 'camera_dropped/side'])('check reports a flag of %s that is neither 0 nor 1', async (name) => {
    const path = await changed(`d = g["${name}"]
flags = d[:10].astype("i1")
flags.flat[0] = 0
flags[7] = 2 if flags.ndim == 1 else [1, 2, 1]
d.id.write_direct_chunk((0,) * flags.ndim, flags.tobytes(), filter_mask=0xffffffff)`)
    const { findings } = await check(path)
    expect(findings).toMatchObject([{ code: 'not-a-flag', dataset: `/animals/${name}`, frames: { start: 7, stop: 8 } }])
  })

  test('check reports missing rows, other lengths and chunks that cannot be read, and checks the other datasets', async () => {
    const path = await changed('g["time"].resize(33, axis=0)\ng["tiny"][7, 2] = 10')
    await dropRows(path, 'animals/level', 10, 20)
    await damageChunk(path, '/animals/points', 1)
    expect((await check(path)).findings).toMatchObject([
      { code: 'lengths-differ', dataset: '/animals/time', frames: { start: 33, stop: 35 } },
      { code: 'unreadable', dataset: '/animals/points', frames: { start: 10, stop: 20 } },
      {
        code: 'missing-rows',
        dataset: '/animals/level',
        text: expect.stringContaining('as if nothing had been measured'),
      },
      { code: 'out-of-range', dataset: '/animals/tiny', frames: { start: 7, stop: 8 } },
    ])
  })

  test('check keeps half-known vectors of a field that keeps them', async () => {
    expect((await check(await changed('g["loose"][7, 0] = [np.inf, np.nan]'))).findings).toEqual([])
  })
})
