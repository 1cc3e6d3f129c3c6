import { statSync } from 'node:fs'
import { readTrackingResults, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { recording, recordingKinds } from '../../../lib/simulate/recordings.js'
import { h5dumpHeaders } from '../../support/hdf5/hdf5-tools.js'
import { askH5py } from '../../support/python.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { sameInH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// The writer compresses datasets with filters that every HDF5 library has. The caller chooses filters and level; the file
// declares them, and every reader reads the same values.

const frames = school(11)
const level = (path: string) =>
  askH5py<(number | null)[]>(
    path,
    '[d.compression_opts for d in f["tracking"].values() if isinstance(d, h5py.Dataset)]',
  )

describe.each<{ compression: WriterOptions['compression']; filters: string[] }>([
  { compression: 'none', filters: [] },
  { compression: { level: 4, shuffle: false }, filters: ['DEFLATE'] },
  { compression: { level: 4, shuffle: true }, filters: ['SHUFFLE', 'DEFLATE'] },
  ...Array.from({ length: 10 }, (_, n) => ({
    compression: { level: n, shuffle: n % 2 === 0 },
    filters: n % 2 ? ['DEFLATE'] : ['SHUFFLE', 'DEFLATE'],
  })),
])('compression $compression', ({ compression, filters }) => {
  test(`every dataset declares compression ${JSON.stringify(compression)}, and h5py reads the same values`, async () => {
    const path = await written(frames, CAMERAS, { chunkFrames: 4, compression: compression! })
    const datasets = [...(await h5dumpHeaders(path)).entries()]
    expect(datasets).toHaveLength(7 + 2 * CAMERAS.length)
    // Shuffling single bytes changes nothing, so a dataset of bytes may go without.
    for (const [name, dataset] of datasets) {
      const expected = name.endsWith('is_confirmed')
        ? [filters, filters.filter((filter) => filter !== 'SHUFFLE')]
        : [filters]
      expect(expected).toContainEqual(dataset.filters)
    }
    const declared = typeof compression === 'object' ? compression.level : null
    expect(new Set(await level(path))).toEqual(new Set([declared]))
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
    await sameInH5py(path, { cameras: CAMERAS, maxFish: 9 }, frames)
  })
})

test('the default compression uses only shuffle and deflate, and makes a smaller file than no compression', async () => {
  const path = await written(frames)
  for (const { filters } of (await h5dumpHeaders(path)).values()) {
    expect(filters).toContain('DEFLATE')
    expect(['SHUFFLE', 'DEFLATE']).toEqual(expect.arrayContaining(filters))
  }
  const size = (file: string) => askH5py<number>(file, 'f["tracking/bboxes/north"].id.get_storage_size()')
  expect(await size(path)).toBeLessThan((await size(await written(frames, CAMERAS, { compression: 'none' }))) / 10)
})

test("compression 'small' makes a smaller file than any level, and every reader reads the same values", async () => {
  const kind = recordingKinds.find(({ name }) => name === 'ids that come and go')!
  const many = [...recording(kind)]
  const write = (compression?: WriterOptions['compression']) =>
    written(many, kind.cameras, { maxFish: kind.slots, ...(compression && { compression }) })
  const path = await write('small')
  for (const other of [undefined, { level: 9 }, { level: 9, shuffle: false }] as const) {
    expect(statSync(path).size).toBeLessThanOrEqual(statSync(await write(other)).size)
  }
  expect(new Set(await level(path))).toEqual(new Set([9]))
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(many, kind.cameras, kind.slots))
  await sameInH5py(path, { cameras: kind.cameras, maxFish: kind.slots }, many)
})

test('incompressible values survive a round trip with every compression', async () => {
  let state = 1
  const random = () => (state = (state * 48271) % 2147483647)
  const noise = school(50, 9).map(({ frameIndex, tracks }) => ({
    frameIndex,
    tracks: tracks.map((track) => ({
      ...track,
      centroid3d: [random(), random(), random()],
      bboxes: { east: [random(), random(), random(), -random()] },
    })),
  }))
  for (const compression of ['none', { level: 9 }, { level: 1, shuffle: true }] as const) {
    const path = await written(noise, CAMERAS, { chunkFrames: 16, compression })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(noise, CAMERAS, 9))
  }
})
