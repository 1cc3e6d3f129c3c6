/** The addresses of chunks in every chunk index of HDF5, checked against the bytes of the file. */
import { readFileSync } from 'node:fs'
import { type ChunkInfo, File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'

interface Case {
  shape: number[]
  maxShape: (number | null)[]
  chunks: number[]
  libver?: ['v110', 'latest']
}

const latest = ['v110', 'latest'] as ['v110', 'latest']

const cases: Case[] = [
  { shape: [4, 6], maxShape: [10, null], chunks: [2, 3], libver: latest },
  { shape: [4, 6], maxShape: [4, null], chunks: [2, 3], libver: latest },
  { shape: [5, 7], maxShape: [11, null], chunks: [2, 3], libver: latest },
  { shape: [2, 6, 4], maxShape: [4, null, 9], chunks: [1, 2, 2], libver: latest },
  { shape: [3, 4, 6], maxShape: [7, 5, null], chunks: [2, 2, 5], libver: latest },
  { shape: [2, 3, 2, 9], maxShape: [2, 8, 3, null], chunks: [1, 2, 1, 4], libver: latest },
  // HDF5 reports these correctly: the first axis unlimited, two, none; and the index of old files.
  { shape: [4, 6], maxShape: [null, 10], chunks: [2, 3], libver: latest },
  { shape: [4, 6], maxShape: [null, null], chunks: [2, 3], libver: latest },
  { shape: [4, 6], maxShape: [9, 13], chunks: [2, 3], libver: latest },
  { shape: [4, 6], maxShape: [4, 6], chunks: [2, 3], libver: latest },
  { shape: [7], maxShape: [null], chunks: [3], libver: latest },
  { shape: [2, 6, 4], maxShape: [4, null, 9], chunks: [1, 2, 2] },
]

/** All offsets at which chunks begin. */
function offsets({ shape, chunks }: Case): number[][] {
  let all: number[][] = [[]]
  for (const [axis, extent] of shape.entries()) {
    const starts = Array.from({ length: Math.ceil(extent / chunks[axis]!) }, (_, i) => i * chunks[axis]!)
    all = all.flatMap((before) => starts.map((start) => [...before, start]))
  }
  return all
}

/** The bytes of a chunk of int32 values that count up along the extent, with zeros beyond its end. */
function bytesAt({ shape, chunks }: Case, offset: readonly number[]): Buffer {
  const length = chunks.reduce((product, n) => product * n, 1)
  const values = Int32Array.from({ length }, (_, i) => {
    const place = [...offset]
    for (let axis = chunks.length - 1, rest = i; axis >= 0; axis--) {
      place[axis]! += rest % chunks[axis]!
      rest = Math.floor(rest / chunks[axis]!)
    }
    if (place.some((at, axis) => at >= shape[axis]!)) return 0
    return place.reduce((all, at, axis) => all * shape[axis]! + at, 0)
  })
  return Buffer.from(values.buffer)
}

const sorted = (list: readonly (readonly number[])[]) => list.map(String).sort()

describe.each(cases)('chunks of $chunks in a dataset of $shape to $maxShape, libver $libver', (given) => {
  const { libver, ...spec } = given
  const title = `a dataset with ${JSON.stringify(given)}`
  const values = Int32Array.from({ length: given.shape.reduce((all, n) => all * n, 1) }, (_, i) => i)

  test(`stored chunks of ${title} lie at the reported addresses and hold the written values`, async () => {
    const path = scratch()
    const made = new File(path, 'w', libver ? { libver } : {})
    made.createDatasetSync('d', { type: 'int32', ...spec }, values)
    made.createDatasetSync('z', { type: 'int32', ...spec, filters: ['deflate'] }, values)
    made.closeSync()
    const content = readFileSync(path)
    using file = new File(path)
    const dataset = file.datasetSync('d')
    const stored = await dataset.storedChunks()
    expect(sorted(stored.map(({ offset }) => offset))).toEqual(sorted(offsets(given)))
    for (const { offset, address, size } of stored) {
      const expected = bytesAt(given, offset)
      expect(content.subarray(address, address + size)).toEqual(expected)
      expect(Buffer.from((await dataset.readChunk(offset))!.data)).toEqual(expected)
    }
    for (const offset of offsets(given)) {
      const found = stored.find((chunk) => String(chunk.offset) === String(offset))
      expect(await dataset.chunkInfo(offset)).toEqual(found)
    }
    for (const name of ['d', 'z']) {
      const places = file.datasetSync(name).storedChunksSync()
      expect(sorted(places.map(({ offset }) => offset))).toEqual(sorted(offsets(given)))
      const whole = new Int32Array(values.length)
      for (const { offset, data, shape } of file.datasetSync(name).chunksSync()) {
        expect(data).toEqual(
          file.datasetSync(name).readSync(offset.map((start, axis) => ({ start, stop: start + shape[axis]! }))).data,
        )
        for (const value of data as Int32Array) whole[value] = value
      }
      expect(whole).toEqual(values)
    }
  })

  test(`chunks of ${title} that are not stored are reported as missing`, async () => {
    const path = scratch()
    using file = new File(path, 'w', libver ? { libver } : {})
    const dataset = file.createDatasetSync('d', { type: 'int32', ...spec })
    const all = offsets(given)
    const some = all.filter((_, i) => i % 3 === 1)
    for (const offset of some)
      await dataset.write(
        [offset[0]! + 1],
        offset.map((start) => ({ start, stop: start + 1 })),
      )
    await file.flush()
    const stored: ChunkInfo[] = await dataset.storedChunks()
    expect(sorted(stored.map(({ offset }) => offset))).toEqual(sorted(some))
    for (const offset of all) {
      const isStored = some.includes(offset)
      expect((await dataset.chunkInfo(offset)) !== null).toBe(isStored)
      expect((await dataset.readChunk(offset)) !== null).toBe(isStored)
    }
  })
})
