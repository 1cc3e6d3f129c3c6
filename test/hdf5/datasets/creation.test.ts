/** How datasets are stored: h5dump and h5py see the properties that were set, and details() gives what creates the same dataset. */
import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { versions } from 'h5tracks'
import { type DatasetSpec, File, type Filter, type RawChunk } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5dumpHeaders } from '../../support/hdf5/hdf5-tools.js'
import { output } from '../../support/process.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const values = Int32Array.from({ length: 600 }, (_, i) => i % 50)

async function dumped(spec: DatasetSpec) {
  const path = scratch()
  const file = new File(path, 'w')
  file.createDatasetSync('d', spec, spec.virtual ? undefined : values)
  file.closeSync()
  return { path, header: (await output('h5dump', ['-pH', '-d', '/d', path])).replaceAll(/\s+/g, ' ') }
}

const shape = [20, 30]
test.each<[string, Partial<DatasetSpec>, string[]]>([
  ['compact', { layout: 'compact' }, ['COMPACT']],
  ['contiguous', {}, ['CONTIGUOUS']],
  ['chunked', { chunks: [5, 30], maxShape: [null, 30] }, ['CHUNKED ( 5, 30 )', '( 20, 30 ) / ( H5S_UNLIMITED, 30 )']],
  ['created with a fill value', { fill: -1, fillTime: 'never' }, ['FILL_TIME H5D_FILL_TIME_NEVER', 'VALUE -1']],
  ['allocated early', { allocation: 'early' }, ['H5D_ALLOC_TIME_EARLY']],
  [
    'filtered',
    { filters: ['shuffle', { deflate: 7 }, 'fletcher32'] },
    ['SHUFFLE', 'DEFLATE { LEVEL 7 }', 'FLETCHER32'],
  ],
  ['packed by nbit', { filters: ['nbit'] }, ['NBIT']],
  ['packed by scale-offset', { filters: [{ scaleOffset: 0 }, 'deflate'] }, ['SCALEOFFSET', 'DEFLATE { LEVEL 4 }']],
])('h5dump shows the properties of a dataset that is %s, and h5py reads its values', async (_, more, expected) => {
  const { path, header } = await dumped({ type: 'int32', shape, ...more })
  for (const text of expected) expect(header).toContain(text)
  expect(await askH5py(path, 'f["d"][:].ravel().tolist()')).toEqual(Array.from(values))
  using file = new File(path, 'r+')
  expect((await (await file.dataset('d')).read()).data).toEqual(values)
})

describe('datasets packed by scale-offset', () => {
  const scaled = (data: Int16Array | BigUint64Array, type: 'int16' | 'uint64') => {
    const path = scratch()
    using file = new File(path, 'w')
    file.createDatasetSync('d', { type, shape: [data.length], filters: [{ scaleOffset: 0 }] }, data).close()
    return path
  }

  test.each([
    ['int16', Int16Array.of(-32768, 32767, 0, 1)],
    ['uint64', BigUint64Array.of(0n, 2n ** 64n - 1n, 7n)],
  ] as const)('scale-offset stores %s values over their full range without loss', async (type, data) => {
    const path = scaled(data, type)
    using file = new File(path)
    expect((await (await file.dataset('d')).read()).data).toEqual(data)
    expect(await askH5py(path, '[str(value) for value in f["d"][:]]')).toEqual(Array.from(data, String))
  })

  // HDF5 without our patches reads beyond the end of such a chunk.
  test.skipIf(versions.hdf5.linked !== 'static').each([3, 20, 27])(
    'a scale-offset chunk that is cut to %i bytes is refused',
    async (bytes) => {
      const path = scaled(
        Int16Array.from({ length: 40 }, (_, i) => i),
        'int16',
      )
      using file = new File(path, 'r+')
      using dataset = await file.dataset('d')
      const whole = await dataset.readChunk([0])
      await dataset.writeChunk([0], (whole as RawChunk).data.subarray(0, bytes))
      expect((await failure(() => dataset.read())).code).toBe('ERR_HDF5')
    },
  )
})

// HDF5 without our patches takes the rest from the memory behind it.
test.skipIf(versions.hdf5.linked !== 'static')(
  'a chunk that decompresses to fewer bytes than its values need is refused',
  async () => {
    const path = scratch()
    using file = new File(path, 'w')
    using dataset = file.createDatasetSync('d', { type: 'int32', shape, chunks: [5, 30], filters: ['deflate'] }, values)
    await dataset.writeChunk([5, 0], deflateSync(Buffer.alloc(40)))
    const error = await failure(() => dataset.read())
    expect(error).toMatchObject({ code: 'ERR_HDF5', message: expect.stringContaining('/d') })
    // Chunks that are not damaged can be read.
    expect((await dataset.read([{ stop: 5 }, null])).data).toEqual(values.subarray(0, 150))
  },
)

test('the details of a dataset create an equal dataset', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `f.create_dataset("a", (20, 30), ">f4", chunks=(5, 7), maxshape=(None, 60), fillvalue=2.5, compression="gzip", shuffle=True, fletcher32=True)
f.create_dataset("b", (20,), "i2", scaleoffset=4, chunks=(10,), track_times=True)
f.create_dataset("c", (20,), "S3", fillvalue=b"abc")`,
  )
  using file = new File(path, 'r+')
  for (const name of ['a', 'b', 'c']) {
    const { type, shape, maxShape, chunks, filters, fill, fillTold, fillTime, allocation, trackTimes } = await (
      await file.dataset(name)
    ).details()
    const again: DatasetSpec = { type, shape, filters, fillTime, allocation, trackTimes }
    if (maxShape) again.maxShape = maxShape
    if (chunks) again.chunks = chunks
    if (fillTold && fill) again.fill = fill
    await file.createDataset(`${name}2`, again)
  }
  file.closeSync()
  const headers = await h5dumpHeaders(path)
  for (const name of ['a', 'b', 'c']) expect(headers.get(`/${name}2`)).toEqual(headers.get(`/${name}`))
})

describe('datasets with values in other files', () => {
  test('external raw storage is written where asked, and is read only with external: true', async () => {
    const [path, raw] = [scratch(), scratch('values.raw')]
    const made = new File(path, 'w', { external: true })
    made.createDatasetSync('d', { type: '<i4', shape: [3], external: [{ file: raw, offset: 4, size: 12 }] }, [1, 2, 3])
    made.closeSync()
    expect(readFileSync(raw).toString('hex')).toBe('00000000010000000200000003000000')
    using contained = new File(path)
    const refused = await failure(() => contained.datasetSync('d').read())
    expect(refused.code).toBe('ERR_FORMAT')
    expect(refused.message).toContain('external raw storage')
    expect(contained.datasetSync('d').detailsSync().external).toEqual([{ file: raw, offset: 4, size: 12 }])
    contained.closeSync()
    using file = new File(path, 'r', { external: true })
    expect(file.datasetSync('d').readSync().data).toEqual(Int32Array.of(1, 2, 3))
  })

  test('a virtual dataset takes the parts of its sources that h5py takes, and is read only with external: true', async () => {
    const [path, parts] = [scratch(), [scratch('0.h5'), scratch('1.h5')]]
    for (const [i, part] of parts.entries()) {
      const file = new File(part, 'w')
      file.createDatasetSync(
        'x',
        { type: 'int16', shape: [2, 3] },
        Int16Array.from({ length: 6 }, (_, k) => 10 * i + k),
      )
      file.closeSync()
    }
    const made = new File(path, 'w')
    made.createDatasetSync('d', {
      type: 'int16',
      shape: [2, 4],
      fill: -1,
      virtual: parts.map((file, i) => ({
        file,
        path: '/x',
        shape: [2, 3],
        source: [null, { step: 2 }],
        at: [null, { start: 2 * i, stop: 2 * i + 2 }],
      })),
    })
    made.closeSync()
    expect(await askH5py(path, 'f["d"][:].tolist()')).toEqual([
      [0, 2, 10, 12],
      [3, 5, 13, 15],
    ])
    using contained = new File(path)
    expect(contained.datasetSync('d').detailsSync()).toMatchObject({ layout: 'virtual', shape: [2, 4] })
    expect((await failure(() => contained.datasetSync('d').read())).message).toContain('virtual')
    contained.closeSync()
    using file = new File(path, 'r', { external: true })
    expect(file.datasetSync('d').readSync([1]).data).toEqual(Int16Array.of(3, 5, 13, 15))
  })
})

test('append and resize change the extent of a dataset, and a refused append changes nothing', async () => {
  const path = scratch()
  using file = new File(path, 'w')
  const rows = await file.createDataset('d', { type: 'float32', shape: [0, 2], maxShape: [null, 2], fill: 9 })
  await rows.append([
    [1, 2],
    [3, 4],
  ])
  await rows.append(Float32Array.of(5, 6))
  expect(await rows.shape()).toEqual([3, 2])
  await rows.resize([4, 2])
  expect((await rows.read([3])).data).toEqual(Float32Array.of(9, 9))
  expect((await failure(() => rows.append([1]))).code).toBe('ERR_INVALID_ARGUMENT')
  const before = await rows.shape()
  expect((await failure(() => rows.append(['x', 'y']))).code).toBe('ERR_INVALID_ARGUMENT')
  expect(await rows.shape()).toEqual(before)
  expect((await failure(() => rows.resize([4, 3]))).code).toBe('ERR_OUT_OF_RANGE')
  file.closeSync()
  expect(await askH5py(path, 'f["d"][:].tolist()')).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
    [9, 9],
  ])
})

test('a chunk shape of 64 KiB to 1 MiB is chosen when none is given', () => {
  using file = File.inMemory()
  const { chunks } = file
    .createDatasetSync('d', { type: 'float64', shape: [100000, 100], filters: ['deflate'] })
    .detailsSync()
  const bytes = chunks!.reduce((all, n) => all * n, 8)
  expect(bytes).toBeGreaterThan(64 * 1024)
  expect(bytes).toBeLessThanOrEqual(1024 * 1024)
})

test.each<[string, unknown]>([
  ['shape', { type: 'int8', shape: [-1] }],
  ['shape', { type: 'int8', shape: [], filters: ['deflate'] }],
  ['maxShape', { type: 'int8', shape: [3], maxShape: [2] }],
  ['chunks', { type: 'int8', shape: [3], chunks: [1, 1] }],
  ['chunks[0]', { type: 'int8', shape: [3], chunks: [0] }],
  ['deflate', { type: 'int8', shape: [3], filters: [{ deflate: 10 }] }],
  ['filters', { type: 'int8', shape: [3], filters: ['zip'] }],
  ['fill', { type: 'int8', shape: [3], fill: 300 }],
  ['compression', { type: 'int8', shape: [3], compression: 'gzip' }],
])('createDataset refuses a wrong %s: %j', async (name, spec) => {
  using file = File.inMemory()
  const error = await failure(() => file.createDatasetSync('d', spec as DatasetSpec))
  expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  expect(error.message).toContain(name)
  expect(file.keysSync()).toEqual([])
})

test('lzf that h5py wrote is read, and the error about an absent filter names it', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    'f.create_dataset("d", data=np.arange(5000) % 77, chunks=(1000,), compression="lzf", shuffle=True)',
  )
  using file = new File(path)
  const expected = BigInt64Array.from({ length: 5000 }, (_, i) => BigInt(i % 77))
  expect((await (await file.dataset('d')).read()).data).toEqual(expected)
  using other = File.inMemory()
  const absent: Filter = { id: 32015 }
  const error = await failure(() => other.createDataset('z', { type: 'int8', shape: [3], filters: [absent] }))
  expect(error.code).toBe('ERR_UNSUPPORTED_FILTER')
  expect(error.message).toContain('32015')
})
