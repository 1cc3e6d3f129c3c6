/** Filters that are absent, or available for reading only: an error names them before anything is written. */
import { readFileSync, writeFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { File, type Filter } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const { filters, writableFilters } = versions.hdf5
const spec = { type: 'int32', shape: [5000], chunks: [1000] } as const
const values = Int32Array.from({ length: 5000 }, (_, i) => i % 77)

test('versions lists the filters that can be read, and among them those that can be written', () => {
  expect(filters).toEqual(expect.arrayContaining(['deflate', 'shuffle', 'fletcher32', 'nbit', 'scaleoffset', 'lzf']))
  expect(filters).toEqual(expect.arrayContaining([...writableFilters]))
  expect(writableFilters).not.toContain('lzf')
})

const szip: Filter[] = ['szip', { szip: { coding: 'entropy', pixelsPerBlock: 8 } }, { id: 4, options: [141, 16] }]
const readOnly: [Filter, string][] = [
  [{ id: 32000 }, '32000 (lzf)'],
  [{ id: 32015, options: [3] }, '32015 (zstd)'],
  [{ id: 40_000 }, '40000'],
  ...(writableFilters.includes('szip') ? [] : szip.map((filter): [Filter, string] => [filter, '4 (szip)'])),
]

test.each(readOnly)(
  'creating a dataset with the filter %j is refused, and the error names the filter',
  async (filter, name) => {
    using file = File.inMemory()
    const error = await failure(() => file.createDataset('d', { ...spec, filters: ['shuffle', filter] }, values))
    expect([error.code, error.message]).toEqual(['ERR_UNSUPPORTED_FILTER', expect.stringContaining(`filter ${name} `)])
    expect(await file.has('d')).toBe(false)
  },
)

test.each(writableFilters.includes('szip') ? szip : [])(
  'a dataset is written with the filter %j where HDF5 has the encoder',
  async (filter) => {
    using file = File.inMemory()
    const dataset = await file.createDataset('d', { ...spec, filters: [filter] }, values)
    expect((await dataset.read()).data).toEqual(values)
  },
)

describe('datasets of other programs with a filter that cannot be written', () => {
  const made = async (how: string) => {
    const path = scratch()
    const lines = `p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((1000,)); ${how}
s = h5py.h5s.create_simple((5000,), (h5py.h5s.UNLIMITED,))
d = h5py.Dataset(h5py.h5d.create(f.id, b"d", h5py.h5t.STD_I32LE, s, p)); d[:] = np.arange(5000) % 77`
    await h5py(path, 'w', lines)
    return path
  }

  test.each([
    ['lzf', 'p.set_filter(32000, 0)'],
    ...(writableFilters.includes('szip') ? [] : [['szip', 'p.set_szip(h5py.h5z.SZIP_NN_OPTION_MASK, 16)']]),
  ])('a dataset that another program compressed with %s is read, and refuses to be written', async (name, how) => {
    if (!filters.includes(name!)) return
    const path = await made(how!)
    using file = new File(path, 'r+')
    const dataset = file.datasetSync('d')
    expect(dataset.readSync().data).toEqual(values)
    for (const write of [
      () => dataset.write(values),
      () => dataset.write([1], [{ stop: 1 }]),
      () => dataset.write([1], { points: [[4]] }),
      () => dataset.append([1]),
    ]) {
      const error = await failure(write)
      expect([error.code, error.message]).toEqual(['ERR_UNSUPPORTED_FILTER', expect.stringMatching(`'/d'.*${name}`)])
    }
    expect(await dataset.shape()).toEqual([5000])
    file.closeSync()
    using again = new File(path)
    expect(again.datasetSync('d').readSync().data).toEqual(values)
  })

  test('a dataset whose filter is absent is neither read nor written', async () => {
    const path = await made('p.set_shuffle(); p.set_deflate(3)')
    // The id of deflate, the length of its name, its flags (optional), its number of values. It becomes filter 200, mandatory.
    const bytes = readFileSync(path)
    const at = bytes.indexOf(Buffer.from('0100080001000100', 'hex'))
    bytes[at] = 200
    bytes[at + 4] = 0
    writeFileSync(path, bytes)
    using file = new File(path, 'r+')
    const dataset = await file.dataset('d')
    for (const act of [() => dataset.read(), () => dataset.read({ points: [[1]] }), () => dataset.write(values)]) {
      const error = await failure(act)
      expect([error.code, error.message]).toEqual([
        'ERR_UNSUPPORTED_FILTER',
        expect.stringMatching(/'\/d'.*filter 200 .*loadFilterPlugins/),
      ])
    }
  })
})

test.skipIf(versions.hdf5.linked !== 'static')(
  'global heaps of less than 4096 bytes are read, as HDF5 1.10 does',
  async () => {
    const path = scratch()
    await h5py(
      path,
      'w',
      'd = f.create_dataset("d", (3,), h5py.string_dtype()); d[:] = ["one", "two", "three"]; f["e"] = np.arange(5000)',
    )
    const bytes = readFileSync(path)
    const heap = bytes.indexOf('GCOL')
    const size = bytes.readUInt32LE(heap + 8)
    // Its last object is free space: number 0, and a size.
    let at = heap + 16
    while (bytes.readUInt16LE(at) !== 0) at += 16 + Math.ceil(bytes.readUInt32LE(at + 8) / 8) * 8
    const smaller = 512
    bytes.writeUInt32LE(smaller, heap + 8)
    bytes.writeUInt32LE(bytes.readUInt32LE(at + 8) - (size - smaller), at + 8)
    writeFileSync(path, bytes)
    expect(await h5py(path, 'r', 'print([s.decode() for s in f["d"][:]])')).toContain("['one', 'two', 'three']")
    using file = new File(path, 'r+')
    const dataset = await file.dataset('d')
    expect((await dataset.read()).data).toEqual(['one', 'two', 'three'])
    await dataset.write(['another, much longer text', 'b', 'c'.repeat(600)])
    expect((await dataset.read()).data).toEqual(['another, much longer text', 'b', 'c'.repeat(600)])
    file.closeSync()
    expect(await h5py(path, 'r', 'print([len(s) for s in f["d"][:]])')).toContain('[25, 1, 600]')
  },
)
