import { readTrackingResults, readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { dropRows, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { writeWithH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// HDF5 reads an absent chunk as fill values, which mean "no fish". Rows that were never written are not frames, so the
// reader refuses to read them.

const frames = school(35)
const withoutRows = async (dataset: string, start = 10, stop = 30) => {
  const path = await written(frames, CAMERAS, { chunkFrames: 10, maxFish: 3 })
  await dropRows(path, dataset, start, stop)
  return path
}

const absent = (path: string, dataset: string, rows: string) => ({
  code: 'ERR_FORMAT',
  path,
  message: expect.stringMatching(new RegExp(`'${dataset}' of '${path}' has no values for ${rows}.*h5tracks check`)),
})

describe.each(['frame_index', 'fish_id', 'centroid_3d', 'is_confirmed', 'camera_assignments/east', 'bboxes/south'])(
  'frames 10 to 29 were never written in %s',
  (name) => {
    const dataset = `/tracking/${name}`

    test(`reading rows that were never written in ${name} is refused, naming dataset, frames and h5tracks check`, async () => {
      const path = await withoutRows(dataset)
      const says = absent(path, dataset, 'frames 10 to 29')
      expect(await failure(() => readTrackingResults(path))).toMatchObject(says)
      expect(await failure(() => readTrackingResultsSync(path))).toMatchObject(says)
      using reader = new TrackingReader(path)
      expect(await failure(() => reader.read())).toMatchObject(says)
      expect(await failure(() => reader.trajectory(1))).toMatchObject(absent(path, dataset, 'frames 10 to 19'))
      expect(await failure(() => reader.readSync({ start: 12, stop: 13 }))).toMatchObject(
        absent(path, dataset, 'frame 12:'),
      )
      const seen: unknown[] = []
      const reading = (async () => {
        for await (const { frameIndex } of reader.frames()) seen.push(frameIndex)
      })()
      expect(await failure(() => reading)).toMatchObject(absent(path, dataset, 'frames 10 to 19'))
      expect(seen).toEqual([...frames.keys()].slice(0, 10))
    })

    test(`frames around the rows that were never written in ${name} are read, and so are other datasets`, async () => {
      const path = await withoutRows(dataset)
      using reader = new TrackingReader(path)
      expect(columnsRead(await reader.read({ stop: 10 }))).toEqual(columnsOf(frames.slice(0, 10), CAMERAS, 3))
      expect(columnsRead(await reader.read({ start: 30 }))).toEqual(columnsOf(frames.slice(30), CAMERAS, 3))
      expect((await reader.read({ fields: ['confidence'] })).confidence.data).toHaveLength(35 * 3)
    })

    test(`the HDF5 binding reads rows that were never written in ${name} as fill values`, async () => {
      using file = new File(await withoutRows(dataset))
      const data = (await file.datasetSync(dataset).read()).data as Float32Array
      const fill = { frame_index: 0n, centroid_3d: Number.NaN, is_confirmed: 0 }[name] ?? -1
      const width = data.length / 35
      expect([...data.subarray(10 * width, 30 * width)]).toEqual(Array(20 * width).fill(fill))
    })
  },
)

describe('rows that were never written, in other layouts', () => {
  const foreign = { cameras: CAMERAS, maxFish: 3, chunkFrames: 10 }

  test.each([
    ['that is big-endian', { ...foreign, byteOrder: '>' as const }],
    ['with a filter that HDF5 alone decodes', { ...foreign, filters: { compression: 'gzip', fletcher32: true } }],
  ])('reading rows that were never written is refused in a file %s', async (_, header) => {
    const path = await writeWithH5py(scratch(), header, frames)
    await dropRows(path, '/tracking/n_cameras', 20, 35)
    const error = await failure(() => readTrackingResults(path))
    expect(error).toMatchObject(absent(path, '/tracking/n_cameras', 'frames 20 to 34'))
  })

  test('reading a contiguous dataset that was never filled is refused', async () => {
    const path = await written(frames, CAMERAS, { maxFish: 3 })
    await h5py(path, 'r+', 'g = f["tracking"]\ndel g["n_cameras"]\ng.create_dataset("n_cameras", (35, 3), "<i4")')
    const error = await failure(() => readTrackingResults(path))
    expect(error).toMatchObject(absent(path, '/tracking/n_cameras', 'frames 0 to 34'))
  })

  test('reading is refused when a chunk of some of the slots is absent', async () => {
    const path = await written(frames, CAMERAS, { maxFish: 3 })
    const divided = `g = f["tracking"]
del g["n_cameras"]
d = g.create_dataset("n_cameras", (35, 3), "<i4", chunks=(10, 2))
d[:, :2] = 1
d[:20, 2] = 1`
    await h5py(path, 'r+', divided)
    const error = await failure(() => readTrackingResults(path))
    expect(error).toMatchObject(absent(path, '/tracking/n_cameras', 'frames 20 to 34'))
  })

  test('a chunk that was stored without its filters is read', async () => {
    const path = await written(frames, CAMERAS, { chunkFrames: 10, maxFish: 3 })
    const plain = `d = f["tracking/n_cameras"]
d.id.write_direct_chunk((10, 0), np.full((10, 3), 7, "<i4").tobytes(), filter_mask=0xffffffff)`
    await h5py(path, 'r+', plain)
    const { nCameras } = await readTrackingResults(path)
    expect([...nCameras.data.subarray(30, 60)]).toEqual(Array(30).fill(7))
  })
})
