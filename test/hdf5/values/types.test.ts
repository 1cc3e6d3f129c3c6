/** Datatypes: the type that is read creates an equal type, and values are read as they were written. h5dump and h5py check both. */
import { inspect } from 'node:util'
import { File, spell, type Type, type TypeSpec, toType, type WritableData } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { output } from '../../support/process.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const oddFloat: Type = {
  class: 'float',
  size: 4,
  order: 'big',
  layout: {
    precision: 20,
    offset: 7,
    sign: 26,
    exponent: { at: 20, bits: 6 },
    mantissa: { at: 7, bits: 13 },
    bias: 31,
    normalization: 'implied',
    inner: 'zero',
    padding: ['zero', 'zero'],
  },
}
const quad: Type = {
  class: 'float',
  size: 16,
  order: 'little',
  layout: {
    precision: 128,
    offset: 0,
    sign: 127,
    exponent: { at: 112, bits: 15 },
    mantissa: { at: 0, bits: 112 },
    bias: 16383,
    normalization: 'implied',
    inner: 'zero',
    padding: ['zero', 'zero'],
  },
}

const titled = (spec: TypeSpec) =>
  inspect(spec, {
    depth: typeof spec === 'object' && 'layout' in spec ? 0 : 3,
    breakLength: Number.POSITIVE_INFINITY,
    compact: true,
  })

/** A type, what h5dump calls it, and values of it. */
const cases: [TypeSpec, string, WritableData][] = [
  ['int8', 'H5T_STD_I8LE', Int8Array.of(-128, 127)],
  ['|u1', 'H5T_STD_U8LE', Uint8Array.of(0, 255)],
  ['<i2', 'H5T_STD_I16LE', Int16Array.of(-32768, 32767)],
  ['>u2', 'H5T_STD_U16BE', Uint16Array.of(1, 65535)],
  ['i4', 'H5T_STD_I32LE', Int32Array.of(-1, 2)],
  ['>i8', 'H5T_STD_I64BE', BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
  ['uint64', 'H5T_STD_U64LE', BigUint64Array.of(0n, 2n ** 64n - 1n)],
  ['<f4', 'H5T_IEEE_F32LE', Float32Array.of(1.5, Number.NaN)],
  ['>f8', 'H5T_IEEE_F64BE', Float64Array.of(Math.PI, -0)],
  ['float16', '16-bit little-endian floating-point', Float32Array.of(0.5, 65504)],
  [{ class: 'integer', size: 1, signed: false, order: 'big' }, 'H5T_STD_U8BE', Uint8Array.of(1, 2)],
  [{ class: 'integer', size: 3, order: 'big' }, '24-bit big-endian integer', Int32Array.of(-(2 ** 23), 5)],
  [
    { class: 'integer', size: 4, signed: true, order: 'little', precision: 13, offset: 5 } as Type,
    '32-bit little-endian integer 13-bit precision',
    Int32Array.of(-4096, 4095),
  ],
  [oddFloat, '32-bit big-endian floating-point 20-bit precision', Float32Array.of(1.5, -2.25)],
  [quad, '128-bit little-endian floating-point', Uint8Array.from({ length: 32 }, (_, i) => i)],
  ['bool', 'H5T_ENUM', Uint8Array.of(1, 0)],
  [
    { class: 'enum', base: '>i2', members: { UP: -1, DOWN: 300 } },
    'H5T_ENUM',
    // The enum has no name for 7; the value is kept.
    Int16Array.of(-1, 7),
  ],
  ['complex128', 'H5T_COMPOUND', { r: Float64Array.of(1, 2), i: Float64Array.of(-1, -2) }],
  ['string', 'STRSIZE H5T_VARIABLE', ['été', '']],
  [{ class: 'string', size: 5 }, 'STRPAD H5T_STR_NULLPAD', ['abcde', 'né']],
  [{ class: 'string', size: 4, charset: 'ascii', padding: 'space-padded' }, 'STRPAD H5T_STR_SPACEPAD', ['ab', 'a b']],
  [{ class: 'string', size: 4, padding: 'null-terminated' }, 'STRPAD H5T_STR_NULLTERM', ['abc', 'full']],
  [{ class: 'opaque', size: 3, tag: 'three' }, 'OPAQUE_TAG "three"', Uint8Array.of(1, 2, 3, 4, 5, 6)],
  [{ class: 'bitfield', size: 2, order: 'big' }, 'H5T_STD_B16BE', Uint16Array.of(0x1234, 1)],
  [{ class: 'time', size: 4, order: 'big' }, 'H5T_TIME', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
  [{ class: 'array', base: 'int16', shape: [3] }, 'H5T_ARRAY { [3] H5T_STD_I16LE }', Int16Array.of(1, 2, 3, 4, 5, 6)],
  [{ class: 'vlen', base: '>f4' }, 'H5T_VLEN { H5T_IEEE_F32BE}', [Float32Array.of(1, 2), new Float32Array(0)]],
  [{ class: 'vlen', base: 'string' }, 'H5T_VLEN', [['a', 'bb'], []]],
  [
    { class: 'compound', members: { x: 'float64', at: { class: 'array', base: 'int32', shape: [2] }, name: 'string' } },
    'H5T_COMPOUND',
    { x: Float64Array.of(1, 2), at: Int32Array.of(1, 2, 3, 4), name: ['a', 'ü'] },
  ],
  [
    {
      class: 'vlen',
      base: { class: 'compound', members: { n: 'int8', k: { class: 'array', base: 'int8', shape: [2] } } },
    },
    'H5T_VLEN',
    [
      { n: Int8Array.of(1, 2), k: Int8Array.of(1, 2, 3, 4) },
      { n: Int8Array.of(), k: Int8Array.of() },
    ],
  ],
  [
    {
      class: 'compound',
      size: 40,
      members: [
        { name: 'inner', type: { class: 'compound', members: { b: 'bool', u: '>u4' } }, offset: 4 },
        { name: '__proto__', type: 'int8', offset: 30 },
      ],
    },
    'H5T_COMPOUND',
    Object.fromEntries([
      ['inner', { b: Uint8Array.of(1, 0), u: Uint32Array.of(7, 8) }],
      ['__proto__', Int8Array.of(-1, -2)],
    ]),
  ],
]

describe.each(cases.map((one) => [titled(one[0]), ...one] as const))('datatype %s', (name, spec, dumped, values) => {
  test(`h5dump shows the datatype ${name} as ${dumped}, and its values are read as they were written`, async () => {
    const path = scratch()
    const file = new File(path, 'w')
    const dataset = file.createDatasetSync('d', { type: spec, shape: [2] }, values)
    file.createDatasetSync('again', { type: dataset.type, shape: [2] })
    file.createDatasetSync('e', { type: spec, shape: [1] })
    file.closeSync()
    const header = (name: string) => output('h5dump', ['-H', '-d', name, path])
    const text = (await header('/d')).replaceAll(/\s+/g, ' ')
    expect(text).toContain(dumped)
    using read = new File(path)
    const again = read.datasetSync('d')
    // The type that was read creates an equal type: h5dump prints the same for both.
    expect(again.type).toEqual(dataset.type)
    const types = [await header('/d'), await header('/again')].map(
      (one) => /DATATYPE([\s\S]*?)DATASPACE/.exec(one)?.[1],
    )
    expect(types[1]).toBe(types[0])
    const { data } = await again.read()
    expect(data).toEqual(values)
    // A list of indices and the raw bytes give the same.
    expect(again.readSync([[1, 0]]).type).toEqual(dataset.type)
    using copy = File.inMemory()
    const raw = copy.createDatasetSync('d', { type: again.type, shape: [2] })
    if (!isVariable(again.type)) {
      raw.writeSync((await again.read(null, { raw: true })).data, null, { raw: true })
      expect(raw.readSync().data).toEqual(values)
    }
  })
})

function isVariable(type: Type): boolean {
  if (type.class === 'vlen' || (type.class === 'string' && type.size === 'variable')) return true
  if (type.class === 'compound') return type.members.some((member) => isVariable(member.type))
  return type.class === 'array' && isVariable(type.base)
}

test('values of every class that h5py wrote are read', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `f["f2"] = np.array([0.5, -1], "<f2")
f["i8"] = np.array([-5, 2**62], ">i8")
f["b"] = np.array([True, False])
f["c"] = np.array([1+2j, 3], "c8")
f["s"] = np.array([b"ab", b"c"], "S4")
f["v"] = np.array(["x", "\\u00fc"], object)
f["t"] = np.array([(1, 2.5, "q"), (3, 4.5, "r")], [("a", "u1"), ("b", "<f8"), ("c", h5py.string_dtype())])
f["e"] = np.array([1, 2, 1], h5py.enum_dtype({"A": 1, "B": 2}, "i1"))`,
  )
  using file = new File(path)
  const read = async (name: string) => (await (await file.dataset(name)).read()).data
  expect(await read('f2')).toEqual(Float32Array.of(0.5, -1))
  expect(await read('i8')).toEqual(BigInt64Array.of(-5n, 2n ** 62n))
  expect(await read('b')).toEqual(Uint8Array.of(1, 0))
  expect(await read('c')).toEqual({ r: Float32Array.of(1, 3), i: Float32Array.of(2, 0) })
  expect(await read('s')).toEqual(['ab', 'c'])
  expect(await read('v')).toEqual(['x', 'ü'])
  expect(await read('t')).toEqual({ a: Uint8Array.of(1, 3), b: Float64Array.of(2.5, 4.5), c: ['q', 'r'] })
  expect(await read('e')).toEqual(Int8Array.of(1, 2, 1))
  const odd = await failure(async () => (await file.dataset('i8')).read([1], { bigint: 'number' }))
  expect(odd.code).toBe('ERR_OUT_OF_RANGE')
  expect((await (await file.dataset('i8')).read([0], { bigint: 'number' })).data).toEqual(Float64Array.of(-5))
})

test('strings that are not UTF-8 are read as bytes, and are written back unchanged', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    'f["s"] = np.array([b"caf\\xe9", b"ok"], "S4"); f["v"] = np.array([b"\\xff\\xfe"], h5py.string_dtype("ascii"))',
  )
  using file = new File(path, 'r+')
  for (const [name, bytes] of [
    ['s', Uint8Array.of(0x63, 0x61, 0x66, 0xe9)],
    ['v', Uint8Array.of(0xff, 0xfe)],
  ] as const) {
    const dataset = await file.dataset(name)
    const { data } = await dataset.read()
    expect((data as unknown[])[0]).toEqual(bytes)
    await dataset.write(data)
    // A program that asked for strings gets an error.
    const error = await failure(async () => (await file.dataset(name, 'string')).read())
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain('not UTF-8')
  }
  file.closeSync()
  expect(await askH5py(path, '[f["s"][0].hex(), f["v"][0].hex()]')).toEqual(['636166e9', 'fffe'])
})

test('TypeScript knows the typed array of a literal datatype', async () => {
  using file = File.inMemory()
  const eye = await file.createDataset('eye', { type: '<f4', shape: [2] })
  const floats: Float32Array = (await eye.read()).data
  const table = await file.createDataset('t', {
    type: { class: 'compound', members: { n: 'int64', s: 'string' } },
    shape: [1],
  })
  const names: string[] = table.readSync().data.s
  const numbers: BigInt64Array = table.readSync().data.n
  const big: Int16Array = (
    await (await file.createDataset('b', { type: { class: 'integer', size: 2 }, shape: [1] })).read()
  ).data
  // @ts-expect-error: they are no bigints
  const wrong: BigInt64Array = (await eye.read()).data
  expect([floats, names, numbers, big, wrong].map((one) => one.length)).toEqual([2, 1, 1, 1, 2])
})

test.each([
  ['<f8', { class: 'float', size: 8, order: 'little' }],
  ['>u4', { class: 'integer', size: 4, signed: false, order: 'big' }],
  ['|i1', { class: 'integer', size: 1, signed: true, order: 'little' }],
  ['>c16', { class: 'complex', base: { class: 'float', size: 8, order: 'big' } }],
] as const)('toType and spell agree on the type %s', (name, type) => {
  expect(toType(name)).toEqual(type)
  expect(spell(type as Type)).toBe(name)
})

test.each([
  'f7',
  'float65',
  '<q8',
  '',
  'toString',
  { class: 'nothing' },
  null,
  { class: 'opaque' },
  { class: 'compound', members: {} },
])('toType refuses %j', async (spec) => {
  expect((await failure(() => toType(spec as TypeSpec))).code).toBe('ERR_INVALID_ARGUMENT')
})

test.each<[TypeSpec, WritableData, string]>([
  ['int8', [128], 'data[0]'],
  ['uint8', [-1], 'data[0]'],
  ['int32', [1.5], 'data[0]'],
  ['int64', [2n ** 63n], 'data[0]'],
  ['float64', ['1' as never], 'data[0]'],
  ['bool', [2], 'data[0]'],
  ['float64', [1, 2], 'data'],
  ['string', [1 as never], 'data[0]'],
  ['string', ['a\0b'], 'data[0]'],
  ['string', ['\ud800'], 'data[0]'],
  [{ class: 'string', size: 2 }, ['abc'], 'data[0]'],
  [{ class: 'compound', members: { x: 'int8' } }, { y: [1] } as never, 'data'],
  [{ class: 'compound', members: { x: 'int8', y: 'int8' } }, { x: [1] }, 'data.y'],
  [{ class: 'vlen', base: 'int8' }, [3], 'data[0]'],
  [{ class: 'opaque', size: 2, tag: '' }, [1, 2], 'data'],
])('a dataset of type %s refuses the data %s', async (type, data, where) => {
  using file = File.inMemory()
  const dataset = file.createDatasetSync('d', { type, shape: [1] })
  const error = await failure(() => dataset.writeSync(data))
  expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  expect(error.message).toContain(where)
})
