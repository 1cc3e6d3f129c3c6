import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ours } from '../support/hdf5/both.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// What h5wasm leaves out or cannot open: damaged objects, names that are not UTF-8, a root that is not a group.

const throws = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) })

test('a damaged object is listed, and opening it is an error that names it', async () => {
  const path = scratch('damaged.h5')
  const at = Number(await h5py(path, 'w', `f['g/x'] = [1, 2]\nf['y'] = 1\nprint(h5py.h5o.get_info(f['g/x'].id).addr)`))
  const bytes = readFileSync(path)
  bytes[at] = 9
  writeFileSync(path, bytes)
  const file = new ours.File(path, 'r')
  const group = file.get('g') as InstanceType<typeof ours.Group>
  expect(group.keys()).toEqual(['x'])
  expect(file.paths()).toEqual(['g', 'g/x', 'y'])
  for (const call of [
    () => group.get('x'),
    () => file.get('/g/x'),
    () => file.get_type('/g/x'),
    () => [...group.values()],
    () => [...group.items()],
  ]) {
    expect(call).toThrow(throws('ERR_DAMAGED', '/g/x'))
  }
  expect((file.get('y') as InstanceType<typeof ours.Dataset>).value).toBe(1n)
  file.close()
})

test('names that are not UTF-8 open their objects and attributes', async () => {
  const path = scratch('names.h5')
  await h5py(
    path,
    'w',
    `scalar = h5py.h5s.create(h5py.h5s.SCALAR)
d = h5py.h5d.create(f.id, b'caf\\xe9', h5py.h5t.STD_I32LE, scalar)
h5py.h5a.create(d, b'gr\\xfc\\xdf', h5py.h5t.STD_I32LE, scalar)
h5py.h5a.create(d, b'__proto__', h5py.h5t.STD_I32LE, scalar)`,
  )
  const file = new ours.File(path, 'r')
  expect(file.keys()).toEqual(['caf\udce9'])
  const dataset = file.get('caf\udce9') as InstanceType<typeof ours.Dataset>
  expect(dataset.value).toBe(0)
  const { attrs } = dataset
  expect(Object.keys(attrs)).toEqual(['__proto__', 'gr\udcfc\udcdf'])
  expect(attrs['gr\udcfc\udcdf']!.value).toBe(0)
  expect(Object.getOwnPropertyDescriptor(attrs, '__proto__')!.get!().value).toBe(0)
  expect(Object.getPrototypeOf(attrs)).toBe(Object.prototype)
  file.close()
})

test('a root that is a dataset is opened as one, and calls for groups are errors', async () => {
  const path = scratch('root.h5')
  const at = Number(
    await h5py(path, 'w', `f['x'] = np.arange(3, dtype='<i4')\nprint(h5py.h5o.get_info(f['x'].id).addr)`),
  )
  const bytes = readFileSync(path)
  bytes.writeBigUInt64LE(BigInt(at), 64)
  bytes.fill(0, 72, 80)
  writeFileSync(path, bytes)
  const file = new ours.File(path, 'r')
  expect((file.get('/') as InstanceType<typeof ours.Dataset>).value).toEqual(Int32Array.of(0, 1, 2))
  expect(file.get('x')).toBeNull()
  expect(file.attrs).toEqual({})
  for (const call of [() => file.keys(), () => [...file.values()], () => [...file.items()], () => file.paths()]) {
    expect(call).toThrow(throws('ERR_FORMAT', "get('/') opens it"))
  }
  file.close()
})
