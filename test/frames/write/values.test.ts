import { runInNewContext } from 'node:vm'
import { defineLayout, FrameWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { animal, CAMERAS, poses, sensor, valuesOf, written } from './layouts.js'

// What FrameWriter stores for each value that a record may have, as h5py reads it.

const integers = { int8: 8, int16: 16, int32: 32, int64: 64 } as const

describe.each(Object.entries(integers))('%s and its unsigned form', (signed, bits) => {
  const most = 2n ** BigInt(bits - 1) - 1n
  const limits = [
    [signed, -most - 1n, most],
    [`u${signed}`, 0n, 2n * most + 1n],
  ] as const

  test.each(limits)('%s holds its smallest and largest value', async (type, least, largest) => {
    const layout = defineLayout({
      group: 'g',
      fields: { one: type as 'int8', three: { type: type as 'int8', shape: [3] } },
    })
    const given = (value: bigint) => (bits === 64 ? value : Number(value)) as number
    const frames = [
      [0, { one: given(least), three: [given(largest), 0, given(least)] }],
      [1, { one: given(largest), three: [1, 2, 3] }],
    ] as const
    const path = await written(layout, frames as never)
    const texts = (dataset: string) => askH5py(path, `f["g/${dataset}"][()].astype(str).tolist()`)
    expect(await texts('one')).toEqual([String(least), String(largest)])
    expect(await texts('three')).toEqual([
      [String(largest), '0', String(least)],
      ['1', '2', '3'],
    ])
    expect(await askH5py(path, 'f["g/one"].dtype.str')).toBe(`${bits === 8 ? '|' : '<'}${type[0]}${bits / 8}`)
  })
})

test('integers of 64 bits are taken as numbers, bigints and both in one list', async () => {
  const layout = defineLayout({ group: 'g', fields: { a: 'uint64', b: { type: 'int64', shape: [3] } } })
  const path = await written(layout, [
    [0, { a: 7, b: [1, -(2n ** 63n), -3] }],
    [1, { a: 2n ** 64n - 1n, b: BigInt64Array.of(-1n, 2n, 3n) }],
  ])
  expect(await valuesOf(path, 'g/a')).toEqual(['7', '18446744073709551615'])
  expect(await valuesOf(path, 'g/b')).toEqual([
    ['1', '-9223372036854775808', '-3'],
    ['-1', '2', '3'],
  ])
})

test('floats are rounded to the nearest number of their type, as numpy rounds them', async () => {
  const layout = defineLayout({ group: 'g', fields: { h: 'float16', f: 'float32', d: 'float64' } })
  const values = [1 / 3, -0, 2049, 2 ** -24, 2 ** -25, 65519, -1e-8, 6.1e-5, Number.NaN, Number.NEGATIVE_INFINITY]
  const path = await written(
    layout,
    values.map((value, i) => [i, { h: value, f: value, d: value }] as const),
  )
  const text = values.map((value) => (Object.is(value, -0) ? '-0.0' : `float("${value}")`)).join(', ')
  const lines = `v = np.array([${text}])
for n, t in (('h', '<f2'), ('f', '<f4'), ('d', '<f8')):
  d = f['g/' + n]
  print(d.dtype == t and d[()].tobytes() == v.astype(t).tobytes())`
  expect(await h5py(path, 'r', lines)).toBe('True\nTrue\nTrue\n')
})

test('a float16 with a range takes its fill value, and no other value outside the range', async () => {
  const layout = defineLayout({ group: 'g', fields: { h: { type: 'float16', fill: -1, range: [0, 1] } } })
  const path = scratch()
  await using writer = new FrameWriter(path, layout)
  writer.writeFrame(0, { h: -1 })
  for (const h of [Number.NaN, -0.5, 48128]) {
    expect(() => writer.writeFrame(1, { h })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
  }
  await writer.close()
  expect(await valuesOf(path, 'g/h')).toEqual(['-1.0'])
})

test('an infinite single number is refused with partial: refuse, in records as in columns', async () => {
  const layout = defineLayout({ group: 'g', fields: { depth: { type: 'float32', partial: 'refuse' } } })
  await using writer = new FrameWriter(scratch(), layout)
  const refused = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' })
  expect(() => writer.writeFrame(0, { depth: Number.POSITIVE_INFINITY })).toThrow(refused)
  const columns = { frameIndex: BigInt64Array.of(0n), depth: Float32Array.of(Number.POSITIVE_INFINITY) }
  expect(() => writer.writeFrames(columns)).toThrow(refused)
  writer.writeFrame(0, { depth: Number.NaN })
})

test('bools, enums and texts are stored as h5py knows them', async () => {
  const layout = defineLayout({
    group: 'g',
    slots: { name: 'id', max: 2 },
    fields: {
      seen: { type: 'bool', fill: true },
      flags: { type: 'bool', shape: [2] },
      label: { type: 'enum', base: 'uint16', members: { gone: 500, idle: 2 }, fill: 'idle' },
      note: { type: 'string', length: 7 },
      tags: { type: 'string', length: 3, shape: [2] },
    },
  })
  const record = {
    seen: false,
    flags: [true, false],
    label: 'gone',
    note: 'h\u00e9l\u20ac',
    tags: ['\u00e9', 'abc'],
  } as const
  const path = await written(layout, [[0, [{ id: 4, ...record }]]])
  expect(await askH5py(path, '[f["g/seen"][()].tolist(), f["g/flags"][()].tolist()]')).toEqual([
    [[false, true]],
    [
      [
        [true, false],
        [false, false],
      ],
    ],
  ])
  expect(await askH5py(path, 'h5py.check_enum_dtype(f["g/label"].dtype)')).toEqual({ gone: 500, idle: 2 })
  expect(await askH5py(path, 'f["g/label"][()].tolist()')).toEqual([[500, 2]])
  expect(await askH5py(path, 'f["g/note"].asstr()[()].tolist()')).toEqual([['h\u00e9l\u20ac', '']])
  expect(await askH5py(path, 'f["g/tags"].asstr()[()].tolist()')).toEqual([
    [
      ['\u00e9', 'abc'],
      ['', ''],
    ],
  ])
})

test('records by ascending key fill the slots, and the rest is blank', async () => {
  const path = await written(
    poses,
    [
      [0, [animal(9), animal(2, { box: { side: [9, 9, 9, 9] }, count: 7 })], { time: 0.5, dropped: ['side'] }],
      [5, [], { time: Number.NaN, light: 3, dropped: new Set(CAMERAS) }],
    ],
    { cameras: CAMERAS },
  )
  expect(await valuesOf(path, 'poses/frame_index')).toEqual(['0', '5'])
  expect(await valuesOf(path, 'poses/time')).toEqual(['0.5', 'nan'])
  expect(await valuesOf(path, 'poses/light')).toEqual([0, 3])
  expect(await valuesOf(path, 'poses/animal_id')).toEqual([
    [2, 9, -1],
    [-1, -1, -1],
  ])
  expect(await valuesOf(path, 'poses/count')).toEqual([
    [7, 0, 0],
    [0, 0, 0],
  ])
  const none = [-1, -1, -1, -1]
  expect(await valuesOf(path, 'poses/box/top')).toEqual([
    [none, [1, 2, 3, 4], none],
    [none, none, none],
  ])
  expect(await valuesOf(path, 'poses/box/side')).toEqual([
    [[9, 9, 9, 9], none, none],
    [none, none, none],
  ])
  expect(await askH5py(path, 'f["poses/camera_dropped/top"][()].tolist()')).toEqual([false, true])
  expect(await askH5py(path, 'f["poses/camera_dropped/side"][()].tolist()')).toEqual([true, true])
})

test('a value may be given flat, nested, as a typed array of any realm, by a getter, and by camera in a Map', async () => {
  const elsewhere = runInNewContext(
    '({ list: Float32Array.of(1, 2, 3, 4, 5, 6), box: new Map([["top", Int16Array.of(1, 2, 3, 4)]]) })',
  )
  class Animal {
    constructor(readonly animalId: number) {}
    get keypoints() {
      return [1, 2, 3, 4, 5, 6]
    }
    get score() {
      return [0.5, 0.25, -1]
    }
    get label() {
      return 'idle' as const
    }
    get box() {
      return { top: [1, 2, 3, 4] }
    }
  }
  const forms = [
    animal(1),
    animal(1, {
      keypoints: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    }),
    animal(1, {
      keypoints: [Float32Array.of(1, 2), Int8Array.of(3, 4), [5, 6]],
      score: Float64Array.of(0.5, 0.25, -1),
    }),
    animal(1, { keypoints: elsewhere.list, box: elsewhere.box }),
    animal(1, { box: new Map([['top', [1, 2, 3, 4]]]), count: undefined }),
    new Animal(1),
  ]
  const path = await written(
    poses,
    forms.map((form, i) => [i, i % 2 === 0 ? [form] : new Set([form]), { time: 0 }]),
    { cameras: CAMERAS },
  )
  const same =
    '[bool((d[()] == d[0]).all() or np.isnan(d[0]).any()) for d in (f["poses/keypoints"][:, 0], f["poses/score"][:, 0], f["poses/box/top"], f["poses/box/side"], f["poses/label"])]'
  expect(await askH5py(path, same)).toEqual([true, true, true, true, true])
  expect(await valuesOf(path, 'poses/animal_id')).toEqual(forms.map(() => [1, -1, -1]))
})

test('null stands for a shaped float that is not known', async () => {
  const path = await written(poses, [[0, [animal(1, { keypoints: null })], { time: 0 }]], { cameras: CAMERAS })
  expect(await askH5py(path, 'bool(np.isnan(f["poses/keypoints"][()]).all())')).toBe(true)
})

test('a layout without slots has one record a frame, and several layouts have the same frames', async () => {
  const path = await written(
    { poses, sensor },
    [
      [3, { poses: [animal(1)], sensor: { volts: [1, 2], gain: 500 } }, { poses: { time: 1 } }],
      [4, { poses: [], sensor: { volts: Float32Array.of(3, 4), gain: 0 } }, { poses: { time: 2 } }],
    ],
    { cameras: CAMERAS },
  )
  expect(await valuesOf(path, 'rig/sensor/volts')).toEqual([
    ['1.0', '2.0'],
    ['3.0', '4.0'],
  ])
  expect(await valuesOf(path, 'rig/sensor/gain')).toEqual([500, 0])
  for (const group of ['poses', 'rig/sensor']) expect(await valuesOf(path, `${group}/frame_index`)).toEqual(['3', '4'])
})
