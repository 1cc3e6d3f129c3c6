import { versions } from 'h5tracks'
import { openRun, readRun, writeReferences } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { changingRecording } from '../../lib/simulate/recordings.js'
import { options, tracks } from '../batch/shards.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { written } from '../support/tracking/writing.js'
import { everyTypeFiles, pacedFiles, shardsOf } from './shards.js'
import { expectSame, zarrAbsent } from './zarr.js'

describe.skipIf(zarrAbsent !== undefined)('references', () => {
  test.each([
    ['one file', [27]],
    ['several files, the last of which ends inside a chunk', [20, 30, 7]],
    ['several files, some of which are empty', [0, 10, 0, 3, 0]],
    ['an empty file', [0]],
  ])('to %s give zarr, xarray and dask what h5py reads', async (_, counts) => {
    const files = await shardsOf(counts, { metadata: { fps: 30, note: 'é☃', limits: [0.5, Number.NaN] } })
    const out = scratch('whole.json')
    const report = await writeReferences(files, out)
    expect(report).toMatchObject({ files: counts.length, layouts: [{ name: 'tracking' }], leftOut: [] })
    expect(report.layouts[0]?.frames).toBe(counts.reduce((all, n) => all + n))
    expect(await expectSame(out, files)).toEqual({ zarr: 13, xarray: 13, missing: [] })
  })

  test('to the shards of a run give what h5py reads', async () => {
    const name = scratch('tank')
    await using writer = await openRun(name, options)
    for (let frame = 0; frame < 47; frame++) if (!writer.writeFrame(frame, tracks(frame))) await writer.drain()
    await writer.seal()
    const run = await readRun(name)
    const out = scratch('tank.json')
    await writeReferences(run, out)
    const files = run.shards.map((shard) => ('path' in shard ? shard.path : ''))
    expect(await expectSame(out, files)).toMatchObject({ zarr: 11, missing: [] })
  })

  test('to fields of every type give what h5py reads, with labels as coordinates', async () => {
    const files = await everyTypeFiles([8, 8, 3])
    const out = scratch('animals.json')
    await writeReferences(files, out)
    const { zarr, missing } = await expectSame(out, files)
    expect([zarr, missing]).toEqual([40, []])
  })

  test('to layouts that have a pace of their own give what h5py reads', async () => {
    const files = await pacedFiles({ poses: 8, imu: 30 })
    const out = scratch('run.json')
    expect((await writeReferences(files, out)).layouts).toEqual([
      { name: 'imu', frames: 60 },
      { name: 'poses', frames: 16 },
    ])
    expect(await expectSame(out, files)).toMatchObject({ missing: [] })
  })

  // Stock HDF5 writes no chunks that skip filters.
  test.skipIf(versions.hdf5.linked === 'shared')(
    'contain the chunks that skip shuffle, which Zarr cannot express',
    async () => {
      const kinds = ['ids that come and go', 'one animal in pixels', 'resting animals']
      const frames = []
      for (const frame of changingRecording(kinds, 500)) if (frames.push(frame) === 1500) break
      const how = { maxFish: 15, chunkFrames: 200, compression: 'small' } as const
      const files = await Promise.all(
        [frames.slice(0, 800), frames.slice(800)].map((part) => written(part, ['top'], how)),
      )
      const out = scratch('small.json')
      const { inlined, references } = await writeReferences(files, out)
      expect(inlined.chunks).toBeGreaterThan(0)
      expect(references).toBeGreaterThan(inlined.chunks)
      expect(await expectSame(out, files)).toMatchObject({ zarr: 9, missing: [] })
    },
  )

  test('to a file of another program give what h5py reads: any storage, byte order and user block', async () => {
    const path = scratch('other.h5')
    await h5py(
      path,
      'w',
      `f.close()
f = h5py.File(sys.argv[1], "w", userblock_size=${versions.hdf5.linked === 'shared' ? 0 : 512})
g = f.create_group("tracking")
g.attrs["camera_names"] = np.array([], "f8")
g.create_group("camera_assignments"), g.create_group("bboxes")
N, S = 25, 3
put = lambda name, data, **how: g.create_dataset(name, data=data, **how)
put("frame_index", np.arange(N, dtype="i8"))
put("fish_id", np.arange(N * S, dtype="i4").reshape(N, S), chunks=(10, 2), fletcher32=True, compression="gzip")
put("centroid_3d", np.random.rand(N, S, 3).astype("f4"), chunks=(10, S, 3))
put("confidence", np.random.rand(N, S).astype(">f4"), chunks=(10, S), compression="gzip")
put("reprojection_residual", np.random.rand(N, S).astype("f4"), chunks=(7, S), shuffle=True)
put("n_cameras", np.arange(N * S, dtype="i4").reshape(N, S))
put("is_confirmed", np.random.rand(N, S) > 0.5)
f["calibration"], f["names"], f["scalar"], f["complex"] = np.eye(3), ["a", "é☃"], 3.5, np.array([1 + 2j])
f["nothing"] = h5py.Empty("f4")
how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
how.set_layout(h5py.h5d.COMPACT)
h5py.h5d.create(f.id, b"compact", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4,)), how)
f["compact"][...] = [1, 2, 3, 4]
f.attrs["big"], f.attrs["matrix"], f.attrs["infinite"] = np.int64(2**62 + 1), np.eye(2), np.inf
f.close()`,
    )
    const out = scratch('other.json')
    const { leftOut } = await writeReferences([path], out)
    expect(leftOut).toEqual([{ path: '/nothing', why: 'a null dataspace' }])
    expect(await expectSame(out, [path])).toEqual({ zarr: 12, xarray: 12, missing: ['nothing'] })
  })
})
