/** Attributes: simple values, values with an exact type, and everything else that HDF5 allows. */
import { File } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const simple = {
  text: 'été',
  list: ['a', 'bb', ''],
  integer: 7,
  big: 2n ** 60n,
  float: 0.5,
  flag: true,
  flags: [true, false],
  numbers: [1.5, 2],
  none: [],
}

test('simple attribute values are written as h5py writes them, and are read back', async () => {
  const path = scratch()
  using file = new File(path, 'w')
  for (const [name, value] of Object.entries(simple)) await file.attributes.set(name, value)
  await file.attributes.set('array', Float32Array.of(1, 2))
  expect(await file.attributes.keys()).toEqual([...Object.keys(simple), 'array'].sort())
  for (const [name, value] of Object.entries(simple)) expect(file.attributes.getSync(name)).toEqual(value)
  expect(file.attributes.getSync('array')).toEqual([1, 2])
  file.closeSync()
  const seen = await askH5py(
    path,
    '{n: [str(getattr(v, "dtype", type(v).__name__)), str(v)] for n, v in f.attrs.items()}',
  )
  expect(seen).toEqual({
    array: ['float32', '[1. 2.]'],
    big: ['int64', String(2n ** 60n)],
    flag: ['bool', 'True'],
    flags: ['bool', '[ True False]'],
    float: ['float64', '0.5'],
    integer: ['int64', '7'],
    list: ['object', "['a' 'bb' '']"],
    none: ['float64', '[]'],
    numbers: ['float64', '[1.5 2. ]'],
    text: ['str', 'été'],
  })
})

test('an attribute can have any type and shape', async () => {
  using file = new File(scratch(), 'w')
  const { attributes } = file.createDatasetSync('d', { type: 'int8', shape: [1] })
  await attributes.set('matrix', Int16Array.of(1, 2, 3, 4), { type: '>i2', shape: [2, 2] })
  expect(await attributes.get('matrix')).toEqual({ data: Int16Array.of(1, 2, 3, 4), shape: [2, 2] })
  expect(await attributes.info('matrix')).toEqual({
    type: { class: 'integer', size: 2, signed: true, order: 'big' },
    shape: [2, 2],
  })
  const point = { class: 'compound', members: { x: 'float64', name: 'string' } } as const
  await attributes.set('point', { x: [1.5], name: ['eye'] }, { type: point, shape: [] })
  expect(await attributes.get('point')).toEqual({ x: 1.5, name: 'eye' })
  expect((await attributes.read('point')).data).toEqual({ x: Float64Array.of(1.5), name: ['eye'] })
  await attributes.set('nothing', [], { type: 'float32', shape: null })
  expect(await attributes.get('nothing')).toBeNull()
  expect((await failure(() => attributes.read('nothing'))).code).toBe('ERR_FORMAT')
  await attributes.set('lists', [[1, 2], [3]], { type: { class: 'vlen', base: 'int32' }, shape: [2] })
  expect((await attributes.read('lists')).data).toEqual([Int32Array.of(1, 2), Int32Array.of(3)])
})

test('nested lists are attributes of several dimensions', async () => {
  const path = scratch()
  const [edges, names, cube] = [
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
    [['nose', 'é']],
    [[[true], [false]]],
  ]
  {
    using file = new File(path, 'w')
    await file.attributes.set('edges', edges)
    await file.attributes.set('names', names)
    await file.attributes.set('cube', cube)
    await file.attributes.set('rows of nothing', [[], []])
    expect(await file.attributes.get('edges')).toEqual({
      data: BigInt64Array.of(0n, 1n, 1n, 2n, 2n, 0n),
      shape: [3, 2],
    })
  }
  const read = '[[str(v.dtype), v.tolist()] for v in (f.attrs[n] for n in ("edges", "names", "cube"))]'
  expect(await askH5py(path, read)).toEqual([
    ['int64', edges],
    ['object', names],
    ['bool', cube],
  ])
  expect(await askH5py(path, 'f.attrs["rows of nothing"].shape')).toEqual([2, 0])
})

test('attributes are replaced, renamed and deleted', async () => {
  using file = new File(scratch(), 'w')
  const { attributes } = file
  await attributes.set('a', 1)
  await attributes.set('a', 'one')
  expect(await attributes.get('a')).toBe('one')
  // A refused value leaves the old one.
  await failure(() => attributes.set('a', 'x'.repeat(70_000), { type: { class: 'string', size: 70_000 }, shape: [] }))
  expect(await attributes.get('a')).toBe('one')
  await attributes.rename('a', 'b')
  expect(await attributes.has('a')).toBe(false)
  await attributes.set('c', 3)
  expect((await failure(() => attributes.rename('b', 'c'))).code).toBe('ERR_EXISTS')
  await attributes.delete('b')
  for (const call of [() => attributes.get('b'), () => attributes.delete('b'), () => attributes.rename('b', 'd')]) {
    const error = await failure(call)
    expect(error.code).toBe('ERR_NOT_FOUND')
    expect(error.message).toContain("'b'")
  }
})

test('attributes that h5py wrote are read from groups, datasets and named types', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `f["d"] = [1.0]
f["t"] = np.dtype("i4")
f["d"].attrs["fixed"] = np.bytes_("abc")
f["d"].attrs["when"] = np.array([1, 2], "u2")
f["t"].attrs["why"] = "because"
f.attrs["empty"] = h5py.Empty("f4")`,
  )
  using file = new File(path)
  const dataset = file.getSync('d')
  expect(dataset.attributes.getSync('fixed')).toBe('abc')
  expect(dataset.attributes.getSync('when')).toEqual([1, 2])
  expect(file.getSync('t').attributes.getSync('why')).toBe('because')
  expect(file.attributes.getSync('empty')).toBeNull()
  expect((await failure(() => file.attributes.set('x', 1))).code).toBe('ERR_READ_ONLY')
})

test('a thousand attributes in dense storage keep their creation order', () => {
  using file = new File(scratch(), 'w')
  const group = file.createGroupSync('g', { trackOrder: true, attributePhase: [4, 2] })
  const names = Array.from({ length: 1000 }, (_, i) => `a${(i * 7919) % 1000}`)
  for (const [i, name] of names.entries()) group.attributes.setSync(name, i)
  expect(group.attributes.keysSync({ order: 'creation' })).toEqual(names)
  expect(group.attributes.keysSync()).toEqual([...names].sort())
  expect(group.infoSync()).toMatchObject({ attributes: 1000, trackOrder: { attributes: true } })
  expect(() => file.attributes.keysSync({ order: 'creation' })).toThrow('does not track the order')
})

test.each([[undefined], [Symbol('x')], [{}], [['a', 1]], [[[1, 2], [3]]], [[[1], 2]], ['a\0b'], [2n ** 63n]])(
  'the attribute value %s is refused without an explicit type',
  async (value) => {
    using file = File.inMemory()
    const error = await failure(() => file.attributes.set('name', value as never))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain('name')
  },
)
