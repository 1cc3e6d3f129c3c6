/** Chunks: iterated, located in the file, and read and written as their stored bytes. */
import { readFileSync } from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'
import { File } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const make = (path: string) => {
  const file = new File(path, 'w')
  const values = Int32Array.from({ length: 35 }, (_, i) => i)
  return {
    file,
    dataset: file.createDatasetSync('d', { type: '<i4', shape: [5, 7], chunks: [2, 4], filters: ['deflate'] }, values),
  }
}

test('chunks() yields chunks in row-major order, cut off at the end of the dataset', async () => {
  const { file, dataset } = make(scratch())
  using _ = file
  const seen: [number[], number[], number[]][] = []
  for await (const { offset, shape, data } of dataset.chunks()) seen.push([offset, shape, Array.from(data)])
  expect(seen.map(([offset]) => offset)).toEqual([
    [0, 0],
    [0, 4],
    [2, 0],
    [2, 4],
    [4, 0],
    [4, 4],
  ])
  expect(seen[5]).toEqual([
    [4, 4],
    [1, 3],
    [32, 33, 34],
  ])
  const sync = Array.from(dataset.chunksSync(), ({ offset, shape, data }) => [offset, shape, Array.from(data)])
  expect(sync).toEqual(seen)
})

test('chunks() of a contiguous dataset yields blocks of rows', () => {
  using file = File.inMemory()
  const dataset = file.createDatasetSync('d', { type: 'float64', shape: [1000, 1000] })
  const shapes = Array.from(dataset.chunksSync(), ({ shape }) => shape)
  expect(shapes.length).toBeGreaterThan(1)
  expect(shapes.reduce((rows, [n]) => rows + n!, 0)).toBe(1000)
})

test('readChunk gives the filtered bytes of a chunk, and writeChunk stores such bytes', async () => {
  const path = scratch()
  const { file, dataset } = make(path)
  const chunk = await dataset.readChunk([2, 4])
  expect(chunk?.filterMask).toBe(0)
  const bytes = inflateSync(chunk!.data)
  expect(Array.from(new Int32Array(bytes.buffer, bytes.byteOffset, 3))).toEqual([18, 19, 20])
  await dataset.writeChunk([2, 4], deflateSync(Buffer.from(Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer)))
  expect((await dataset.read([2, { start: 4 }])).data).toEqual(Int32Array.of(1, 2, 3))
  // The filter mask says that the filter was skipped.
  await dataset.writeChunk([0, 0], Buffer.from(Int32Array.from({ length: 8 }, () => -1).buffer), { filterMask: 1 })
  expect((await dataset.read([0])).data).toEqual(Int32Array.of(-1, -1, -1, -1, 4, 5, 6))
  const stored = await dataset.storedChunks()
  expect(stored).toHaveLength(6)
  expect(stored.find(({ offset }) => String(offset) === '0,0')).toMatchObject({ size: 32, filterMask: 1 })
  expect(await dataset.chunkInfo([0, 0])).toMatchObject({ size: 32, filterMask: 1 })
  file.closeSync()
  expect(await askH5py(path, 'f["d"][2].tolist()')).toEqual([14, 15, 16, 17, 1, 2, 3])
})

test.each([0, 512, 2048])(
  'addresses of chunks count from the beginning of the file, also after a user block of %i bytes',
  async (userblock) => {
    const path = scratch()
    using file = new File(path, 'w', userblock === 0 ? {} : { userblock })
    const values = Int32Array.from({ length: 12 }, (_, i) => i + 1)
    const dataset = file.createDatasetSync('d', { type: '<i4', shape: [12], chunks: [5] }, values)
    await file.flush()
    const bytes = readFileSync(path)
    const stored = await dataset.storedChunks()
    expect(stored.map(({ offset }) => offset)).toEqual([[0], [5], [10]])
    for (const { offset, address } of stored) {
      expect(bytes.readInt32LE(address)).toBe(offset[0]! + 1)
      expect(await dataset.chunkInfo(offset)).toMatchObject({ address })
    }
  },
)

test('readChunk gives null for a chunk that is not stored, and refuses an offset where no chunk begins', async () => {
  using file = File.inMemory()
  const dataset = file.createDatasetSync('d', { type: 'int8', shape: [10], chunks: [4] })
  dataset.writeSync([1], [[5]])
  expect(await dataset.chunkInfo([0])).toBeNull()
  expect(await dataset.readChunk([0])).toBeNull()
  expect((await dataset.readChunk([4]))?.data).toEqual(Uint8Array.of(0, 1, 0, 0))
  for (const offset of [[1], [12], [0, 0]]) {
    expect((await failure(() => dataset.readChunk(offset))).code).toBe('ERR_OUT_OF_RANGE')
  }
  const contiguous = file.createDatasetSync('c', { type: 'int8', shape: [10] })
  expect((await failure(() => contiguous.storedChunks())).code).toBe('ERR_FORMAT')
})

test('an aborted read or write stops between two pieces', async () => {
  using file = new File(scratch(), 'w')
  const values = new Float64Array(12 * 2 ** 20).fill(1)
  const dataset = file.createDatasetSync('d', { type: 'float64', shape: [12, 2 ** 20] })
  const aborted = AbortSignal.abort(new Error('enough'))
  await expect(dataset.write(values, null, { signal: aborted })).rejects.toThrow('enough')
  await expect(dataset.read(null, { signal: aborted })).rejects.toThrow('enough')
  const { signal } = new AbortController()
  await dataset.write(values, null, { signal })
  const controller = new AbortController()
  const reading = dataset.read(null, { signal: controller.signal })
  setImmediate(() => controller.abort())
  await expect(reading).rejects.toThrow()
  const { data } = await dataset.read(null, { signal })
  expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(values.buffer))).toBe(0)
})
