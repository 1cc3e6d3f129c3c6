import { join } from 'node:path'
import { FrameReader } from 'h5tracks'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { everyType, framesOf, openings, readings, writtenFrames } from '../../support/frames/every-type.js'
import { ROOT } from '../../support/process.js'
import { h5py } from '../../support/python.js'

// FrameReader.open(path, layout, { untrusted: true }) reads in a separate process and gives the same as FrameReader.

const { decodeLayout, encodeLayout, presentIn } = await import(join(ROOT, 'dist/untrusted/layout-json.js'))

let path: string
beforeAll(async () => {
  path = await writtenFrames()
})

describe.each(openings)('an untrusted file that is opened %s', (_, layout) => {
  test('gives what FrameReader gives', async () => {
    await using apart = await FrameReader.open(path, layout as typeof everyType, { untrusted: true })
    await using reader = new FrameReader(path, everyType)
    expectTypeOf((await apart.read({ fields: ['name'] })).name.data).toEqualTypeOf<string[]>()
    expect(await apart.read()).toEqual(reader.readSync())
    expect(await apart.read({ start: 1, stop: 2, fields: ['f16s', 'tag'], cameras: ['top'] })).toEqual(
      reader.readSync({ start: 1, stop: 2, fields: ['f16s', 'tag'], cameras: ['top'] }),
    )
    expect(await framesOf(apart.frames())).toEqual(readings)
    expect(await apart.trajectory(9)).toEqual(await reader.trajectory(9))
    expect(await apart.gaps()).toEqual(await reader.gaps())
    expect(apart.metadata).toEqual(reader.metadata)
    expect([apart.cameraNames, apart.length, apart.slots, apart.chunkFrames]).toEqual([reader.cameraNames, 4, 3, 2])
    const plain = ({ fields, axes, root, slots }: typeof everyType) => ({ fields, axes, root, slots })
    expect(plain(apart.layout)).toEqual(
      plain(layout === everyType ? everyType : (new FrameReader(path).layout as typeof everyType)),
    )
  })
})

test('the errors of the process are those of FrameReader', async () => {
  expect(await failure(() => FrameReader.open(path, 'poses', { untrusted: true }))).toMatchObject({
    code: 'ERR_FORMAT',
    path,
  })
  expect(await failure(() => FrameReader.open('/nosuch.h5', { untrusted: true }))).toMatchObject({ code: 'ENOENT' })
  const apart = await FrameReader.open(path, { untrusted: true })
  await apart.close()
  expect(apart.isOpen).toBe(false)
  expect(await failure(() => apart.read())).toMatchObject({ code: 'ERR_CLOSED' })
})

test('a layout whose frames take more than the limit is refused with ERR_LIMIT', async () => {
  const { defineLayout, FrameWriter } = await import('h5tracks')
  const wide = defineLayout({ group: 'wide', fields: { image: { type: 'uint8', shape: [1024, 1024] } } })
  const large = `${path}.wide.h5`
  const writer = new FrameWriter(large, wide, { chunkFrames: 1 })
  writer.writeFrame(0, { image: new Uint8Array(2 ** 20) })
  await writer.close()
  await using apart = await FrameReader.open(large, { untrusted: true, limits: { bytes: 2 ** 24 } })
  expect(await failure(() => apart.frames().next())).toMatchObject({ code: 'ERR_LIMIT', field: 'limits.bytes' })
  expect((await apart.read()).image).toMatchObject({ shape: [1, 1024, 1024] })
})

test('an enum of two thousand members is read', async () => {
  const hostile = `${path}.hostile.h5`
  await h5py(
    hostile,
    'w',
    `g = f.create_group('a')
g.attrs.update(schema='h5tracks-frames', schema_version='1.0', frame_key='frame_index')
g.attrs['fields'] = ['frame_index', 'e']
d = g.create_dataset('frame_index', data=np.arange(3), maxshape=(None,), chunks=(2,))
d.attrs['role'], d.attrs['field'] = 'frame', 'frameIndex'
t = h5py.enum_dtype({'m' + str(i): i for i in range(2000)}, basetype='u2')
d = g.create_dataset('e', data=np.zeros(3, 'u2'), dtype=t, maxshape=(None,), chunks=(2,))
d.attrs['role'], d.attrs['field'] = 'slot', 'e'`,
  )
  await using apart = await FrameReader.open(hostile, { untrusted: true })
  expect((await apart.read({ fields: ['e'] })).e).toEqual({ data: new Uint16Array(3), shape: [3] })
})

// What a process that a file has taken over might send.
describe('a layout that the process sends', () => {
  const good = () => JSON.parse(JSON.stringify(encodeLayout(everyType))) as Record<string, never>
  const changed = (change: (layout: { spec: { record: unknown[] }; format: object; order: unknown[] }) => unknown) => {
    const layout = good() as never
    return change(layout) ?? layout
  }

  test('is the same after encoding and decoding', () => {
    const { fields, axes, root, slots, format } = decodeLayout(good())
    const own = everyType as typeof everyType & { format: unknown }
    expect({ fields, axes, root, slots, format }).toEqual({
      ...{ fields: everyType.fields, axes: everyType.axes, root: '/animals', slots: 3, format: own.format },
    })
  })

  test.each<[string, (layout: { spec: { record: unknown[] }; format: object; order: unknown[] }) => unknown]>([
    ['is nothing', () => 1],
    ['has no specification', (layout) => ({ ...layout, spec: null })],
    ['has an array as its specification', (layout) => ({ ...layout, spec: [1, 2] })],
    ['has a property that layouts do not have', ({ spec }) => void spec.record.push(['evil', 1])],
    [
      'has a shape of 2^40 numbers',
      (layout) => JSON.parse(JSON.stringify(layout).replace('[3,2]', '[1048576,1048576]')),
    ],
    ['has a shape of negative numbers', (layout) => JSON.parse(JSON.stringify(layout).replace('[3,2]', '[-3,2]'))],
    [
      'has a type that fields do not have',
      (layout) => JSON.parse(JSON.stringify(layout).replaceAll('float16', 'float12')),
    ],
    [
      'has a string without end',
      (layout) => JSON.parse(JSON.stringify(layout).replace('["length",8]', '["length",1e9]')),
    ],
    ['has no order', (layout) => ({ ...layout, order: undefined })],
    ['orders numbers', (layout) => ({ ...layout, order: [1] })],
    ['leaves out a field', (layout) => ({ ...layout, order: layout.order.slice(1) })],
    ['has a field that is not specified', (layout) => ({ ...layout, order: [...layout.order, 'evil'] })],
    ['has a million fields', (layout) => ({ ...layout, order: Array.from({ length: 1e6 }, String) })],
    [
      'specifies a million fields',
      (layout) => ({
        ...layout,
        spec: {
          record: [
            ['group', 'a'],
            ['fields', { record: Array.from({ length: 1e6 }, (_, i) => [String(i), 'int8']) }],
          ],
        },
      }),
    ],
    ['has a format that is a text', (layout) => ({ ...layout, format: 'x' })],
    ['has a tally that is a number', (layout) => ({ ...layout, format: { ...layout.format, tally: 1 } })],
  ])('is refused if it %s', (_, change) => {
    expect(() => decodeLayout(changed(change))).toThrow(/^unexpected /)
  })

  test('is refused if it does not have the fields of the layout that was asked for', () => {
    expect(presentIn(good(), everyType)).toBe(everyType)
    expect(() => presentIn({ order: ['frameIndex'] }, everyType)).toThrow(/^unexpected /)
    expect(() => presentIn({ order: [...everyType.fields.map(({ name }) => name), 'x'] }, everyType)).toThrow(
      /^unexpected /,
    )
  })
})
