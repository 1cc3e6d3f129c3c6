/** References to objects and regions, and the dimension scales that use them. h5py reads and writes the same. */
import { File, Reference } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

test('object references in datasets and attributes lead to their objects', async () => {
  const path = scratch()
  using file = new File(path, 'w')
  const data = file.createDatasetSync('g/d', { type: 'int8' }, [1, 2, 3])
  const reference = await data.reference()
  await file.createDataset('refs', { type: 'reference', shape: [2] }, [reference, null])
  await file.attributes.set('ref', [await (await file.get('g')).reference()], { type: 'reference', shape: [1] })
  const [first, second] = (await (await file.dataset('refs')).read()).data as (Reference | null)[]
  expect(first?.equals(reference)).toBe(true)
  expect(second).toBeNull()
  const found = await file.get(first!)
  expect([found.path, found.constructor.name]).toEqual(['/g/d', 'Dataset'])
  file.closeSync()
  expect(await askH5py(path, '[f[f["refs"][0]].name, bool(f["refs"][1]), f[f.attrs["ref"][0]].name]')).toEqual([
    '/g/d',
    false,
    '/g',
  ])
  const dangling = new Reference('object', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
  using again = new File(path)
  expect((await failure(() => again.get(dangling))).code).toBe('ERR_NOT_FOUND')
})

test('region references lead to parts of datasets, which one call reads', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `f["d"] = np.arange(20).reshape(4, 5)
f.create_dataset("r", (2,), h5py.regionref_dtype)
f["r"][0] = f["d"].regionref[1:3, ::2]
f["r"][1] = f["d"].regionref[0, 4]`,
  )
  using file = new File(path, 'r+')
  const dataset = await file.dataset('d')
  const [boxes, point] = (await (await file.dataset('r')).read()).data as Reference[]
  expect(boxes).toMatchObject({ to: 'region' })
  expect(await dataset.read(boxes)).toMatchObject({ data: BigInt64Array.of(5n, 7n, 9n, 10n, 12n, 14n), shape: [6] })
  expect((await dataset.read(point!)).data).toEqual(BigInt64Array.of(4n))
  expect((await file.get(boxes!)).path).toBe('/d')
  const own = await dataset.regionReference([[3, 0], { start: 1, stop: 3 }])
  await file.createDataset('own', { type: 'region', shape: [1] }, [own])
  expect((await dataset.read(own)).data).toEqual(BigInt64Array.of(1n, 2n, 16n, 17n))
  file.closeSync()
  expect(await askH5py(path, 'f["d"][f["own"][0]].ravel().tolist()')).toEqual([1, 2, 16, 17])
})

test('h5py reads our dimension scales and labels, and we read those of h5py', async () => {
  const path = scratch()
  using file = new File(path, 'w')
  const data = file.createDatasetSync('data', { type: 'float32', shape: [3, 2] })
  const time = file.createDatasetSync('time', { type: 'float64' }, [0, 0.5, 1])
  await time.makeScale('seconds')
  await data.attachScale(0, time)
  await data.attachScale(0, time)
  await data.setLabel(0, 't')
  expect(await time.isScale()).toBe(true)
  expect(await time.scaleName()).toBe('seconds')
  expect([await data.label(0), await data.label(1)]).toEqual(['t', null])
  const [scale] = await data.scales(0)
  expect((await file.get(scale!)).path).toBe('/time')
  expect(await data.scales(1)).toEqual([])
  expect((await failure(() => data.attachScale(2, time))).code).toBe('ERR_INVALID_ARGUMENT')
  file.closeSync()
  const seen = 'd = f["data"].dims'
  await h5py(
    path,
    'r+',
    `${seen}; assert d[0].label == "t" and d[0].keys() == ["seconds"]; d[1].attach_scale(f["time"])`,
  )
  using again = new File(path, 'r+')
  const [one, other] = [await again.dataset('data'), await again.dataset('time')]
  expect(await one.scales(1)).toHaveLength(1)
  await one.detachScale(0, other)
  expect((await failure(() => one.detachScale(0, other))).code).toBe('ERR_NOT_FOUND')
  again.closeSync()
  expect(
    await askH5py(path, '[len(f["data"].dims[0]), len(f["data"].dims[1]), len(f["time"].attrs["REFERENCE_LIST"])]'),
  ).toEqual([0, 1, 1])
})
