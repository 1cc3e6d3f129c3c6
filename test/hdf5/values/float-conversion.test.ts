/** Floats of sizes that JavaScript lacks are rounded once, to the nearest, ties to even. The oracles are numpy and exact fractions. */

import * as drop from 'h5tracks/h5wasm'
import { type Dataset, File, type TypeSpec } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { generator } from '../../faults/spread.js'
import { type LaidOut, nearTies, oddFloats, randomBits, specials } from '../../support/hdf5/floats.js'
import { h5py, runPython } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const bytesOf = (values: Float32Array | Float64Array | Uint16Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
const sizeOf = (type: TypeSpec) => (typeof type === 'object' && 'size' in type ? Number(type.size) : 2)
const rawOf = async (dataset: Dataset) => (await dataset.read(null, { raw: true })).data as Uint8Array
const differences = async (path: string) => JSON.parse(await runPython('float_oracle.py', [path])) as unknown[]

type Given = Readonly<Record<string, { type: TypeSpec; values: Float32Array | Float64Array }>>

/** Writes values as elements of several types, and asks the oracle for differences. */
async function written(given: Given): Promise<unknown[]> {
  const path = scratch()
  await using file = await File.open(path, 'w')
  for (const name of ['inputs', 'written']) await file.createGroup(name)
  for (const [name, { type, values }] of Object.entries(given)) {
    const of = values instanceof Float32Array ? '<f4' : '<f8'
    const inputs = await file.createDataset(`inputs/${name}`, { type: of, shape: [values.length] })
    await inputs.write(bytesOf(values), null, { raw: true })
    const dataset = await file.createDataset(`written/${name}`, { type }, values)
    if (typeof type === 'object') await dataset.attributes.set('layout', JSON.stringify(type))
  }
  await file.close()
  return differences(path)
}

/** Reads elements with the given bits, and asks the oracle for differences. */
async function read(given: Readonly<Record<string, { type: TypeSpec; bits: Uint8Array }>>): Promise<unknown[]> {
  const path = scratch()
  await using file = await File.open(path, 'w')
  for (const name of ['patterns', 'read']) await file.createGroup(name)
  for (const [name, { type, bits }] of Object.entries(given)) {
    const dataset = await file.createDataset(`patterns/${name}`, { type, shape: [bits.length / sizeOf(type)] })
    await dataset.write(bits, null, { raw: true })
    if (typeof type === 'object') await dataset.attributes.set('layout', JSON.stringify(type))
    const { data } = (await dataset.read()) as { data: Float32Array | Float64Array }
    const out = await file.createDataset(`read/${name}`, {
      type: data instanceof Float32Array ? '<u4' : '<u8',
      shape: [data.length],
    })
    await out.write(bytesOf(data), null, { raw: true })
  }
  await file.close()
  return differences(path)
}

const all16 = Uint16Array.from({ length: 65536 }, (_, i) => i)

function valueOf16(bits: number): number {
  const exponent = (bits >> 10) & 31
  const size = exponent === 0 ? (bits & 1023) * 2 ** -24 : (1024 + (bits & 1023)) * 2 ** (exponent - 25)
  return bits >> 15 ? -size : size
}

// Every finite float16, the midpoint to the next one and its neighbours; among them 65520 and more, which become infinity.
const around16 = [...all16]
  .filter((bits) => (bits & 0x7c00) !== 0x7c00)
  .flatMap((bits) => {
    const value = valueOf16(bits)
    const middle = (value + valueOf16(bits + 1)) / 2 || value
    return [value, middle, middle * (1 + 2 ** -52), middle * (1 - 2 ** -53), middle * (1 + 2 ** -20)]
  })

test('float16 is rounded correctly where HDF5 is wrong: after a subnormal value, and beyond the largest', async () => {
  const values = Float32Array.of(1e-5, 1.9999, 0.9999, 65520, -65535.9, 65519.99)
  const expected = [2 ** -24 * 168, 2, 1, Infinity, -Infinity, 65504]
  const path = scratch()
  await using file = await File.open(path, 'w')
  for (const type of ['<f2', '>f2'] as const) {
    const flat = [
      await file.createDataset(type, { type }, values),
      await file.createDataset(
        `${type} array`,
        { type: { class: 'array', base: type, shape: [6] }, shape: [1] },
        values,
      ),
      await file.createDataset(`${type} chunked`, { type, chunks: [4], filters: ['shuffle', { deflate: 1 }] }, values),
    ]
    for (const dataset of flat) {
      expect(Array.from((await dataset.read()).data as Float32Array), dataset.path).toEqual(expected)
    }
    const compound = { class: 'compound', members: { n: 'int8', x: type } } as const
    const members = await file.createDataset(`${type} member`, { type: compound }, { n: new Int8Array(6), x: values })
    expect(Array.from((await members.read()).data.x)).toEqual(expected)
    const list = await file.createDataset(`${type} list`, { type: { class: 'vlen', base: type }, shape: [1] }, [values])
    expect((await list.read()).data).toEqual([Float32Array.from(expected)])
    await file.attributes.set(type, values, { type })
    expect(await file.attributes.get(type)).toEqual(expected)
    const filled = await file.createDataset(`${type} fill`, { type, shape: [2], fill: 1.99999 })
    expect(Array.from((await filled.read()).data)).toEqual([2, 2])
  }
  await file.close()
  const numbers = '[1.0013580322265625e-05, 2.0, 1.0, inf, -inf, 65504.0]'
  expect(
    await h5py(path, 'r', 'print(f["<f2"][()].tolist(), f["<f2 member"]["x"].tolist(), f[">f2"][()].tolist())'),
  ).toBe(`${numbers} ${numbers} ${numbers}\n`)
})

test('all 65536 float16 values are read as numpy reads them, in both byte orders', async () => {
  const bits = bytesOf(all16)
  expect(await read({ little: { type: '<f2', bits }, big: { type: '>f2', bits } })).toEqual([])
})

test('float16 values that were read are written as the same bits, also the payloads of NaN', async () => {
  await using file = await File.open(scratch(), 'w')
  for (const type of ['<f2', '>f2'] as const) {
    const dataset = await file.createDataset(type, { type, shape: [65536] })
    await dataset.write(bytesOf(all16), null, { raw: true })
    const again = await file.createDataset(`${type} again`, { type }, (await dataset.read()).data)
    expect(Buffer.compare(await rawOf(again), bytesOf(all16))).toBe(0)
  }
})

test('float64 and float32 values next to every float16 are rounded as numpy rounds them', async () => {
  const wide = Float64Array.from([...specials, ...around16])
  const narrow = Float32Array.from(wide)
  expect(
    await written({
      little: { type: '<f2', values: wide },
      big: { type: '>f2', values: wide },
      'little of float32': { type: '<f2', values: narrow },
      'big of float32': { type: '>f2', values: narrow },
    }),
  ).toEqual([])
})

test('a plain number is rounded once, not to float32 first, where it would become a tie', async () => {
  await using file = await File.open(scratch(), 'w')
  const above = 1 + 2 ** -11 + 2 ** -40
  const half = await file.createDataset('half', { type: '<f2' }, [above])
  expect(Array.from((await half.read()).data)).toEqual([1 + 2 ** -10])
  await half.write(above)
  expect(Array.from((await half.read()).data)).toEqual([1 + 2 ** -10])
})

test('float64 values, also NaN, become the float16 and float32 values that numpy makes of them', async () => {
  const random = generator(1)
  const largest = (2 - 2 ** -24) * 2 ** 127
  const values = Float64Array.from([
    ...specials,
    ...nearTies(23, 8, 127, 20_000, random),
    largest,
    largest * (1 - 2 ** -53),
    ...randomBits(20_000, random),
  ])
  const types = ['<f2', '>f2', '<f4', '>f4', '<f8', '>f8'] as const
  expect(await written(Object.fromEntries(types.map((type) => [type, { type, values }])))).toEqual([])
})

const eachOdd = <T>(made: (type: LaidOut, random: () => number) => T): Record<string, T & { type: LaidOut }> =>
  Object.fromEntries(Object.entries(oddFloats).map(([name, type], i) => [name, { ...made(type, generator(i)), type }]))

test('floats of unusual layouts are read as their bits say', async () => {
  const given = eachOdd(({ size }, random) => ({
    bits: Uint8Array.from({ length: 1500 * size }, () => random() * 256),
  }))
  expect(await read(given)).toEqual([])
})

test.each([
  ['Float64Array', Float64Array],
  ['Float32Array', Float32Array],
] as const)('the values of a %s are rounded to the nearest float of unusual layouts', async (_, array) => {
  const given = eachOdd(({ layout }, random) => {
    const fraction = layout.mantissa.bits - (layout.normalization === 'implied' ? 0 : 1)
    const numbers = nearTies(fraction, layout.exponent.bits, layout.bias, 1500, random)
    const any = randomBits(200, random).filter((value) => array === Float64Array || !Number.isNaN(value))
    return { values: array.from([...specials, ...numbers, ...any]) }
  })
  expect(await written(given)).toEqual([])
})

test.each(Object.entries(oddFloats))(
  'a float with %s keeps its value when it is read, written and read again',
  async (_, type) => {
    await using file = await File.open(scratch(), 'w')
    const random = generator(2)
    const first = await file.createDataset('first', { type, shape: [2000] })
    await first.write(
      Uint8Array.from({ length: 2000 * type.size }, () => random() * 256),
      null,
      { raw: true },
    )
    const second = await file.createDataset('second', { type }, (await first.read()).data)
    expect((await second.read()).data).toEqual((await first.read()).data)
    const third = await file.createDataset('third', { type }, (await second.read()).data)
    expect(Buffer.compare(await rawOf(third), await rawOf(second))).toBe(0)
  },
)

test('a float type with a larger range than float32 is read as float64', async () => {
  await using file = await File.open(scratch(), 'w')
  const type = oddFloats['a small bias'] as LaidOut
  const wide = await file.createDataset('wide', { type }, [2 ** 130, -(2 ** -120)])
  expect((await wide.read()).data).toEqual(Float64Array.of(2 ** 130, -(2 ** -120)))
})

test('the h5wasm drop-in rounds float16 as h5tracks/hdf5 does', async () => {
  const path = scratch()
  const file = new drop.File(path, 'w')
  file.create_dataset({ name: 'half', data: [1e-5, 1.9999, 0.9999, 65520], dtype: '<e' })
  ;(file.get('half') as drop.Dataset).create_attribute('half', [1e-5, 1.9999, 65520], undefined, '<e')
  expect(Array.from((file.get('half') as drop.Dataset).value as Float32Array)).toEqual([2 ** -24 * 168, 2, 1, Infinity])
  file.close()
  expect(await h5py(path, 'r', 'print(f["half"][()].tolist(), f["half"].attrs["half"].tolist())')).toBe(
    '[1.0013580322265625e-05, 2.0, 1.0, inf] [1.0013580322265625e-05, 2.0, inf]\n',
  )
})

test('values of a virtual dataset are rounded once, for every float type of its source', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `values = np.array([1e-5, 3.4028235677973366e38 * (1 - 2**-53), 3.4028235677973366e38, 1 + 2**-24 + 2**-50, 2**53])
for name, kind in (("le", "<f8"), ("be", ">f8"), ("long", "<f16")):
  f["source " + name] = values.astype(kind)
  layout = h5py.VirtualLayout((5,), "<f4")
  layout[:] = h5py.VirtualSource(".", "source " + name, (5,))
  f.create_virtual_dataset(name, layout)
f["expected"] = values.astype("<f4")`,
  )
  await using file = await File.open(path, 'r', { external: true })
  const { data: expected } = await (await file.dataset('expected')).read()
  for (const name of ['le', 'be', 'long'])
    expect((await (await file.dataset(name)).read()).data, name).toEqual(expected)
})

test('virtual datasets between floats and integers truncate, clip, and turn values that are too large into infinity', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `values = np.array([-0.05, -0.9, 0.9, -1.5, 2.5, 300.25, -300.25, 65504, -65504, np.inf, -np.inf, 0])
def virtual(name, source, kind):
  f["source " + name] = source
  layout = h5py.VirtualLayout(source.shape, kind)
  layout[:] = h5py.VirtualSource(".", "source " + name, source.shape)
  f.create_virtual_dataset(name, layout)
f.create_group("expected")
for float_ in ("<f2", ">f2", ">f4", ">f8"):
  for integer in ("<i2", ">i4", "<u1", "<u8"):
    virtual(float_ + integer, values.astype(float_), integer)
    low, high = np.iinfo(integer).min, np.iinfo(integer).max
    exact = [high if v == np.inf else low if v == -np.inf else min(max(int(v), low), high) for v in values]
    f["expected/" + float_ + integer] = np.array(exact, integer)
virtual("half", np.zeros(4, "<f2"), "<i4")`,
  )
  await using file = await File.open(path, 'r+', { external: true })
  for (const name of await (await file.group('expected')).keys()) {
    const expected = (await (await file.dataset(`expected/${name}`)).read()).data
    expect((await (await file.dataset(name)).read()).data, name).toEqual(expected)
  }
  await (await file.dataset('half')).write(Int32Array.of(70_000, -70_000, 2049, -3))
  await file.close()
  expect(await h5py(path, 'r', 'print(f["source half"][()].tolist())')).toBe('[inf, -inf, 2048.0, -3.0]\n')
})
