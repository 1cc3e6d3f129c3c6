import { FrameReader } from 'h5tracks'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { columnsByH5py, columnsByUs } from '../../support/frames/columns.js'
import { cameras, everyType, framesOf, openings, readings, writtenFrames } from '../../support/frames/every-type.js'

// FrameReader gives columns and records of every type. The oracle for columns is h5py, which reads the same file.

let path: string
beforeAll(async () => {
  path = await writtenFrames()
})

describe.each(openings)('a file that is opened %s', (_, layout) => {
  const open = () => new FrameReader(path, layout as typeof everyType)

  test('has the columns that h5py reads', async () => {
    await using reader = open()
    const expected = await columnsByH5py(path, 'animals')
    expect(columnsByUs(everyType, await reader.read())).toEqual(expected)
    expect(columnsByUs(everyType, reader.readSync())).toEqual(expected)
  })

  test('has the frames that were written', async () => {
    await using reader = open()
    const frames = await framesOf(reader.frames())
    expect(frames).toEqual(readings)
    expect(await framesOf(reader.frames({ start: 1, stop: 3 }))).toEqual(readings.slice(1, 3))
    expect(Object.keys(frames[0]!.records[0]!.box)).toEqual(['top', '1'])
    expect(Object.getPrototypeOf(frames[0]!.records[1]!.tag)).toBe(null)
  })

  test('says its cameras, sizes and fields', async () => {
    await using reader = open()
    const { length, slots, chunkFrames, closedCleanly, isOpen } = reader
    expect({ length, slots, chunkFrames, closedCleanly, isOpen }).toEqual({
      length: 4,
      slots: 3,
      chunkFrames: 2,
      closedCleanly: true,
      isOpen: true,
    })
    expect(reader.cameraNames).toEqual(cameras)
    expect(reader.metadata.schema).toBe('h5tracks-frames')
    const plain = ({ name, dataset, value, shape, axes, fill, range, unit }: (typeof everyType)['fields'][number]) => ({
      ...{ name, dataset, value, shape, axes, fill, range, unit },
    })
    expect(reader.layout.fields.map(plain)).toEqual(everyType.fields.map(plain))
    expect(reader.layout.axes).toEqual(everyType.axes)
  })

  test('has the trajectory of a key', async () => {
    await using reader = open()
    const { key, frameIndex, f16s, name, tag, note, dropped } = await reader.trajectory(9)
    expect({ key, frameIndex, name, note }).toEqual({
      key: 9,
      frameIndex: { data: BigInt64Array.of(5n, 9n), shape: [2] },
      name: { data: ['', readings[0]!.records[0]!.name], shape: [2] },
      note: { data: ['fünf', ''], shape: [2] },
    })
    expect(f16s).toEqual({ data: Float32Array.of(-1, -1, -1, 0.5, -0, 2 ** -24), shape: [2, 3] })
    expect(tag).toEqual({
      '2': { data: ['', 'bcde'], shape: [2] },
      top: { data: ['', 'a'], shape: [2] },
      '1': { data: ['', ''], shape: [2] },
    })
    expect(dropped.top?.data).toEqual(Uint8Array.of(0, 0))
    expect((await reader.trajectory(4)).f32).toEqual({ data: new Float32Array(0), shape: [0, 3, 2] })
  })
})

test('a window has only the named fields and cameras', async () => {
  await using reader = new FrameReader(path, everyType)
  const window = await reader.read({ start: 2, fields: ['name', 'box'], cameras: ['1', '2'] })
  expectTypeOf(window.name.data).toEqualTypeOf<string[]>()
  expect(Object.keys(window)).toEqual(['cameraNames', 'metadata', 'name', 'box'])
  expect(window.cameraNames).toEqual(['2', '1'])
  expect(Object.keys(window.box)).toEqual(['2', '1'])
  expect(window.name.shape).toEqual([2, 3])
  expect(await failure(() => reader.read({ fields: ['nosuch' as 'name'] }))).toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    field: 'fields',
  })
  expect(await failure(() => reader.read({ cameras: ['left'] }))).toMatchObject({ code: 'ERR_UNKNOWN_CAMERA' })
  expect(await failure(() => reader.trajectory(-1))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'key' })
})

test('after close, every call is refused with ERR_CLOSED', async () => {
  const reader = new FrameReader(path, everyType)
  reader.close()
  reader.close()
  expect(reader.isOpen).toBe(false)
  for (const call of [
    () => reader.read(),
    () => reader.readSync(),
    () => reader.trajectory(1),
    () => reader.gaps(),
    () => reader.frames({}).next(),
    () => reader.length,
  ]) {
    expect(await failure(call)).toMatchObject({ code: 'ERR_CLOSED' })
  }
})

test('the types of what is read follow from the layout', async () => {
  await using reader = new FrameReader(path, everyType)
  for await (const { records, perFrame } of reader.frames()) {
    expectTypeOf(perFrame.time).toEqualTypeOf<number>()
    expectTypeOf(perFrame.dropped).toEqualTypeOf<string[]>()
    for (const { label, f32, tag } of records) {
      expectTypeOf(label).toEqualTypeOf<'idle' | 'feeding' | 'gone'>()
      expectTypeOf(f32).toEqualTypeOf<Float32Array>()
      expectTypeOf(tag).toEqualTypeOf<Record<string, string>>()
    }
  }
  // @ts-expect-error: the layout has no such field
  await failure(() => reader.read({ fields: ['scores'] }))
})
