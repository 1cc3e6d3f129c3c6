/** Chunks of datasets whose extent is much larger than what is stored. */
import { File } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const sparse = async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `d = f.create_dataset("d", shape=(2**62,), chunks=(256,), dtype="i4")
f.create_dataset("empty", shape=(2**62, 3), chunks=(256, 2), dtype="i4")
f.create_dataset("unstored", shape=(2**50,), dtype="i4")
e = f.create_dataset("e", shape=(2**40, 2**20), chunks=(16, 16), dtype="i4")
for at in [5000, 3, 2**40]: d[at] = 7
for at in [(2**39, 5), (4, 2**19), (4, 4)]: e[at] = 8`,
  )
  return new File(path)
}

test('chunks() of a sparse dataset yields only the stored chunks, in order', async () => {
  using file = await sparse()
  const dataset = await file.dataset('d')
  const seen: [number[], number][] = []
  for await (const { offset, data } of dataset.chunks()) seen.push([offset, (data as Int32Array).indexOf(7)])
  expect(seen).toEqual([
    [[0], 3],
    [[4864], 136],
    [[2 ** 40], 0],
  ])
  expect(Array.from(dataset.chunksSync(), ({ offset }) => offset)).toEqual(seen.map(([offset]) => offset))
  const places = Array.from(file.datasetSync('e').chunksSync(), ({ offset, shape }) => [offset, shape])
  expect(places).toEqual([
    [
      [0, 0],
      [16, 16],
    ],
    [
      [0, 2 ** 19],
      [16, 16],
    ],
    [
      [2 ** 39, 0],
      [16, 16],
    ],
  ])
  for (const name of ['empty', 'unstored']) expect(Array.from(file.datasetSync(name).chunksSync())).toEqual([])
})

test('chunks({ stored: false }) yields every chunk, and is refused with ERR_TOO_LARGE when they cannot be counted', async () => {
  using file = await sparse()
  const offsets: number[][] = []
  for await (const { offset, data } of file.datasetSync('e').chunks({ stored: false })) {
    offsets.push([...offset, (data as Int32Array).indexOf(8)])
    if (offsets.length === 3) break
  }
  expect(offsets).toEqual([
    [0, 0, 68],
    [0, 16, -1],
    [0, 32, -1],
  ])
  const error = await failure(() => file.datasetSync('d').chunksSync({ stored: false }).next())
  expect([error.code, error.message]).toEqual(['ERR_TOO_LARGE', expect.stringMatching(/'\/d'.*\{ stored: true \}/)])
})

test('chunks() of a small dataset yields absent chunks as fill values, and chunks({ stored: true }) skips them', () => {
  using file = File.inMemory()
  const dataset = file.createDatasetSync('d', { type: 'int32', shape: [5, 4], chunks: [2, 3], fill: -1 })
  dataset.writeSync([9], [{ start: 2, stop: 3 }, { start: 3 }])
  const all = Array.from(dataset.chunksSync(), ({ offset, data }) => [...offset, ...data])
  expect(all).toHaveLength(6)
  expect(all[0]).toEqual([0, 0, -1, -1, -1, -1, -1, -1])
  expect(Array.from(dataset.chunksSync({ stored: true }), ({ offset, data }) => [...offset, ...data])).toEqual([
    [2, 3, 9, -1],
  ])
})
