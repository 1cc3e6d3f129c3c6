import { FrameWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5diff } from '../../support/hdf5/hdf5-tools.js'
import { scratch } from '../../support/scratch.js'
import { animal, CAMERAS, poses, sensor } from './layouts.js'

// FrameWriter refuses a frame that it cannot store as given: the error names frame, key, camera, field and value; nothing of the
// frame is in the file, and the next frame is accepted.

interface Refusal {
  what: string
  records?: unknown
  perFrame?: unknown
  index?: unknown
  code: string
  says: string[]
  fields?: Record<string, unknown>
}

const invalid = 'ERR_INVALID_RECORD'
const range = 'ERR_OUT_OF_RANGE'
/** Two records, the second of which has something wrong. */
const wrong = (change: Record<string, unknown>) => [animal(1), animal(7, change)]
const without = (name: string) => {
  const { [name]: _, ...rest } = animal(7) as Record<string, unknown>
  return [animal(1), rest]
}
const circular = [[1, 2], [3, 4], [5]]

const refusals: Refusal[] = [
  { what: 'records that are no list', records: 3, code: invalid, says: ['records', 'iterable', '3'] },
  { what: 'a record that is no object', records: [animal(1), 'fish'], code: invalid, says: ['records[1]', "'fish'"] },
  { what: 'a record without a key', records: without('animalId'), code: invalid, says: ['animalId', 'undefined'] },
  { what: 'a negative key', records: [animal(-1)], code: range, says: ['animalId', 'from 0', '-1'] },
  { what: 'a key beyond int32', records: [animal(2 ** 31)], code: range, says: ['animalId', '2147483648'] },
  { what: 'a key with a fraction', records: [animal(1.5)], code: range, says: ['animalId', '1.5'] },
  {
    what: 'the same key twice',
    records: [animal(7), animal(1), animal(7)],
    code: 'ERR_DUPLICATE_KEY',
    says: ['animalId 7', 'once in a frame'],
    fields: { key: 7, field: 'animalId' },
  },
  {
    what: 'more records than slots',
    records: [1, 2, 3, 4].map((id) => animal(id)),
    code: 'ERR_TOO_MANY_RECORDS',
    says: ['at most 3', '4'],
  },
  {
    what: 'a misspelt field',
    records: wrong({ keypointz: [] }),
    code: invalid,
    says: ['animalId 7', 'keypoints', "'keypointz'"],
    fields: { key: 7 },
  },
  {
    what: 'a missing field',
    records: without('label'),
    code: invalid,
    says: ['label must be given', 'optional'],
    fields: { field: 'label' },
  },
  { what: 'null for an enum', records: wrong({ label: null }), code: invalid, says: ['label', 'null'] },
  {
    what: 'a name that is no member',
    records: wrong({ label: 'asleep' }),
    code: range,
    says: ['label', "'idle', 'feeding'", "'asleep'"],
  },
  { what: 'the number of a member', records: wrong({ label: 1 }), code: invalid, says: ['label', "'idle'", '1'] },
  {
    what: 'too few values',
    records: wrong({ keypoints: [1, 2, 3] }),
    code: invalid,
    says: ['keypoints', '6 values', '3 x 2'],
  },
  {
    what: 'unevenly nested values',
    records: wrong({ keypoints: circular }),
    code: invalid,
    says: ['keypoints', '3 x 2'],
  },
  { what: 'a text for numbers', records: wrong({ score: 'abc' }), code: invalid, says: ['score', "'abc'"] },
  {
    what: 'a text among numbers',
    records: wrong({ score: [1, '1', 1] }),
    code: invalid,
    says: ['score[1]', 'number', "'1'"],
  },
  { what: 'a bigint for a float', records: wrong({ score: [1n, 1, 1] }), code: invalid, says: ['score[0]', '1n'] },
  {
    what: 'a number above the range',
    records: wrong({ score: [1, 1, 1.01] }),
    code: range,
    says: ['score[2]', 'from -1 to 1', '1.01'],
  },
  {
    what: 'NaN in a field with a range',
    records: wrong({ score: [Number.NaN, 1, 1] }),
    code: range,
    says: ['score[0]', 'NaN'],
  },
  {
    what: 'a float beyond float32',
    records: wrong({ keypoints: [1e39, 2, 3, 4, 5, 6] }),
    code: range,
    says: ['keypoints', 'float32', '1e+39'],
  },
  {
    what: 'a half-known vector',
    records: wrong({ keypoints: [1, 2, Number.NaN, 4, 5, 6] }),
    code: invalid,
    says: ['keypoints', 'two numbers', 'NaN'],
  },
  {
    what: 'an infinite vector',
    records: wrong({
      keypoints: [
        [1, 2],
        [3, Number.POSITIVE_INFINITY],
        [5, 6],
      ],
    }),
    code: range,
    says: ['keypoints', 'finite', 'Infinity'],
  },
  {
    what: 'an integer beyond its type',
    records: wrong({ count: 256 }),
    code: range,
    says: ['count', 'from 0 to 255', '256'],
  },
  { what: 'a fraction for an integer', records: wrong({ count: 0.5 }), code: range, says: ['count', '0.5'] },
  {
    what: 'an integer beyond the safe ones that is no bigint',
    records: wrong({ tick: 2 ** 53 }),
    code: range,
    says: ['tick', 'bigint', '9007199254740992'],
  },
  {
    what: 'a bigint beyond int64',
    records: wrong({ tick: 2n ** 63n }),
    code: range,
    says: ['tick', '9223372036854775808n'],
  },
  { what: 'a number for a bool', records: wrong({ seen: 1 }), code: invalid, says: ['seen', 'true or false', '1'] },
  { what: 'a number for a text', records: wrong({ note: 5 }), code: invalid, says: ['note', 'string', '5'] },
  {
    what: 'a text of too many bytes',
    records: wrong({ note: '\u00e9\u00e9\u00e9\u00e9\u00e9' }),
    code: range,
    says: ['note', '8 bytes'],
  },
  { what: 'a NUL in a text', records: wrong({ note: 'a\0b' }), code: range, says: ['note', 'NUL'] },
  {
    what: 'a lone surrogate in a text',
    records: wrong({ note: 'a\ud800' }),
    code: range,
    says: ['note', 'well-formed'],
  },
  {
    what: 'an unknown camera',
    records: wrong({ box: { front: [1, 2, 3, 4] } }),
    code: 'ERR_UNKNOWN_CAMERA',
    says: ['animalId 7', "camera 'front'", "'top', 'side'"],
    fields: { key: 7, camera: 'front', field: 'box' },
  },
  {
    what: 'an unknown camera in a Map',
    records: wrong({ box: new Map([['front', [1, 2, 3, 4]]]) }),
    code: 'ERR_UNKNOWN_CAMERA',
    says: ['front'],
  },
  {
    what: 'a list for values by camera',
    records: wrong({ box: [1, 2, 3, 4] }),
    code: invalid,
    says: ['box', 'by camera'],
  },
  {
    what: 'a wrong value in a camera',
    records: wrong({ box: { top: [1, 2, 3, 4], side: [1, 2, 3, 0.5] } }),
    code: range,
    says: ["camera 'side'", 'box[3]', '0.5'],
    fields: { key: 7, camera: 'side', field: 'box' },
  },
  {
    what: 'a frame without a required value',
    perFrame: {},
    code: invalid,
    says: ['time must be given'],
    fields: { field: 'time' },
  },
  { what: 'values of a frame that are no object', perFrame: 3, code: invalid, says: ['perFrame', 'object', '3'] },
  {
    what: 'a misspelt value of a frame',
    perFrame: { time: 1, lihgt: 2 },
    code: invalid,
    says: ['perFrame', "'lihgt'"],
  },
  {
    what: 'a dropped camera that is unknown',
    perFrame: { time: 1, dropped: ['front'] },
    code: 'ERR_UNKNOWN_CAMERA',
    says: ['dropped', 'front'],
  },
  {
    what: 'a text for the dropped cameras',
    perFrame: { time: 1, dropped: 'top' },
    code: invalid,
    says: ['dropped', "'top'"],
  },
  { what: 'the index of the frame before', index: 0, code: 'ERR_FRAME_ORDER', says: ['frame 0', 'above 0'] },
  { what: 'an index beyond int64', index: 2n ** 63n, code: range, says: ['frameIndex', 'int64'] },
  { what: 'an index that is no number', index: '1', code: invalid, says: ['frameIndex', "'1'"] },
]

describe.each([1, 2])('in chunks of %i frames', (chunkFrames) => {
  test.each(refusals)(
    'FrameWriter refuses $what',
    async ({ records, perFrame = { time: 1 }, index = 1, code, says, fields }) => {
      const [path, same] = [scratch('refused.h5'), scratch('same.h5')]
      const writer = new FrameWriter(path, poses, { cameras: CAMERAS, chunkFrames })
      const other = new FrameWriter(same, poses, { cameras: CAMERAS, chunkFrames })
      for (const each of [writer, other]) each.writeFrame(0, [animal(2, { note: 'first' })], { time: 0 })
      const error = await failure(() =>
        writer.writeFrame(index as number, (records ?? [animal(1)]) as never, perFrame as never),
      )
      expect(error).toMatchObject({ code, ...fields })
      if (!says.some((text) => text.includes('frameIndex'))) expect(error.message).toContain(`frame ${index}`)
      for (const text of says) expect(error.message).toContain(text)
      expect(error.message).toContain('the frame was not written')
      expect(writer).toMatchObject({ framesWritten: 1, lastFrameIndex: 0 })
      // Blank as before: the next frame gives no more than its own values.
      for (const each of [writer, other]) each.writeFrame(1, [animal(3, { box: {} })], { time: 1 })
      await Promise.all([writer.close(), other.close()])
      expect(await h5diff(path, same, '/')).toMatchObject({ code: 0 })
    },
  )
})

test('a frame that one of several layouts refuses leaves nothing in the others', async () => {
  const [path, same] = [scratch('refused.h5'), scratch('same.h5')]
  const layouts = { poses, sensor }
  const writer = new FrameWriter(path, layouts, { cameras: CAMERAS, excessRecords: 'drop', unknownCameras: 'ignore' })
  const good = { poses: [animal(1)], sensor: { volts: [1, 2], gain: 3 } }
  const many = [1, 2, 3, 4].map((id) => animal(id, { box: { front: [1, 2, 3, 4] } }))
  const refused = [
    [{ ...good, sensor: { volts: [1, 2], gain: 65536 } }, { poses: { time: 1 } }, 'ERR_OUT_OF_RANGE'],
    [{ poses: many, sensor: { volts: [1], gain: 1 } }, { poses: { time: 1 } }, 'ERR_INVALID_RECORD'],
    [{ ...good, poses: [animal(1), animal(1)] }, { poses: { time: 1 } }, 'ERR_DUPLICATE_KEY'],
    [good, {}, 'ERR_INVALID_RECORD'],
    [{ poses: [] }, { poses: { time: 1 } }, 'ERR_INVALID_RECORD'],
    [{ ...good, lamp: {} }, { poses: { time: 1 } }, 'ERR_INVALID_RECORD'],
    [good, { poses: { time: 1 }, lamp: {} }, 'ERR_INVALID_RECORD'],
  ] as const
  for (const [records, perFrame, code] of refused) {
    expect((await failure(() => writer.writeFrame(0, records as never, perFrame as never))).code).toBe(code)
  }
  expect(writer).toMatchObject({ framesWritten: 0, recordsDropped: 0, valuesIgnored: 0 })
  const other = new FrameWriter(same, layouts, { cameras: CAMERAS })
  for (const each of [writer, other])
    each.writeFrame(0, { poses: [], sensor: { volts: [5, 6], gain: 7 } }, { poses: { time: 2 } })
  await Promise.all([writer.close(), other.close()])
  expect(await h5diff(path, same, '/')).toMatchObject({ code: 0 })
})

test('excess records and values of unknown cameras are counted if they are accepted', async () => {
  const options = { cameras: CAMERAS, excessRecords: 'drop', unknownCameras: 'ignore' } as const
  const [path, same] = [scratch('dropped.h5'), scratch('same.h5')]
  await using writer = new FrameWriter(path, poses, options)
  await using other = new FrameWriter(same, poses, { cameras: CAMERAS })
  const boxes = { top: [1, 2, 3, 4], front: [5, 6, 7, 8] }
  writer.writeFrame(
    0,
    [9, 2, 5, 7].map((id) => animal(id, { box: boxes })),
    { time: 0 },
  )
  other.writeFrame(
    0,
    [2, 5, 7].map((id) => animal(id)),
    { time: 0 },
  )
  expect(writer).toMatchObject({ recordsDropped: 1, valuesIgnored: 3 })
  await Promise.all([writer.close(), other.close()])
  expect(await h5diff(path, same, '/')).toMatchObject({ code: 0 })
})
