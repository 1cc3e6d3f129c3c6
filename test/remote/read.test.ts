import { isDeepStrictEqual } from 'node:util'
import { FrameReader, FrameWriter, publish, TrackingReader } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { Content } from '../support/frames/content.js'
import { interopAbsent, interopFiles, interopPath, readsOthers } from '../support/hdf5/interop.js'
import { h5py } from '../support/python.js'
import { contents } from '../support/remote/contents.js'
import { ObjectServer } from '../support/remote/server.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// TrackingReader.open, FrameReader.open and File.open of h5tracks/hdf5 read a file by its URL as they read it from the disk.

/** A recording of 13 cameras and 9 fish, in 100 blocks of 600 frames. */
async function recording(blocks: number, chunkFrames = 600): Promise<string> {
  const cameras = Array.from({ length: 13 }, (_, i) => `camera ${i}`)
  const some = school(chunkFrames, 9, cameras)
  function* frames() {
    for (let frameIndex = 0; frameIndex < blocks * chunkFrames; frameIndex++) {
      yield { frameIndex, tracks: some[(frameIndex * 7) % chunkFrames]?.tracks ?? [] }
    }
  }
  return written(frames(), cameras, { chunkFrames })
}

async function published(source: string, chunkFrames: number): Promise<string> {
  const target = scratch('published.h5')
  await publish(source, target, { chunkFrames })
  return target
}

/** Vitest compares large arrays slowly. */
function expectEqual(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected)
}

describe('a published recording of 100 blocks', () => {
  const path = recording(100).then((source) => published(source, 600))

  test('is opened with at most 3 requests', async () => {
    await using server = await ObjectServer.of(await path)
    await using reader = await TrackingReader.open(server.url)
    expect(reader.length).toBe(60_000)
    expect(server.ranges.length).toBeLessThanOrEqual(3)
  })

  test('gives a window of 600 frames with one request for each block', async () => {
    await using server = await ObjectServer.of(await path)
    await using reader = await TrackingReader.open(server.url)
    using local = new TrackingReader(await path)
    server.reset()
    expectEqual(await reader.read({ start: 6000, stop: 6600 }), await local.read({ start: 6000, stop: 6600 }))
    expect(server.ranges).toHaveLength(1)
    expectEqual(await reader.read({ start: 6300, stop: 6900 }), await local.read({ start: 6300, stop: 6900 }))
    expect(server.ranges).toHaveLength(2)
    await reader.read({ start: 6100, stop: 6800 })
    expect(server.ranges).toHaveLength(2)
  })

  test('gives one column with 16 requests at the same time, of its chunks only', async () => {
    await using server = await ObjectServer.of(await path)
    await using reader = await TrackingReader.open(server.url)
    using local = new TrackingReader(await path)
    server.reset()
    server.latency = 200
    const fields = ['bboxes'] as const
    const cameras = ['camera 12']
    expectEqual(await reader.read({ fields, cameras }), await local.read({ fields, cameras }))
    expect(server.mostAtOnce).toBe(16)
    const fetched = server.ranges.reduce((sum, [begin, end]) => sum + end - begin, 0)
    expect(fetched).toBeLessThan(server.bytes.length / 4)
  })

  test('is read whole with a cache of a fraction of its size', async () => {
    await using server = await ObjectServer.of(await path)
    await using reader = await TrackingReader.open(server.url, { cache: 2 ** 21 })
    expect(server.bytes.length).toBeGreaterThan(2 ** 22)
    using local = new TrackingReader(await path)
    expectEqual(await reader.read(), await local.read())
  })

  test('gives blocking calls what was fetched, and else an error', async () => {
    await using server = await ObjectServer.of(await path)
    await using reader = await TrackingReader.open(server.url)
    using local = new TrackingReader(await path)
    await reader.read({ start: 0, stop: 600 })
    expectEqual(reader.readSync({ start: 100, stop: 300 }), local.readSync({ start: 100, stop: 300 }))
    const error = await failure(() => reader.readSync({ start: 59_000, stop: 59_100 }))
    expect(error).toMatchObject({ code: 'ERR_NOT_FETCHED', path: reader.path })
    expect(error.message).toContain('Use the method that returns a promise')
    await reader.read({ start: 59_000, stop: 59_100 })
  })
})

const frames = school(250, 3)

describe.each([
  ['published', async () => published(await written(frames), 64)],
  ['not published', async () => written(frames, CAMERAS, { chunkFrames: 20 })],
  ['not compressed', async () => written(frames, CAMERAS, { chunkFrames: 20, compression: 'none' })],
])('a tracking file that is %s', (_, make) => {
  test('gives columns, windows, frames, trajectories and metadata', async () => {
    const path = await make()
    await using server = await ObjectServer.of(path)
    await using reader = await TrackingReader.open(new URL(server.url), { headers: { authorization: 'Bearer x' } })
    using local = new TrackingReader(path)
    expect(reader.path).toBe(server.url.replace(/\?.*/, ''))
    expect(columnsRead(await reader.read())).toEqual(columnsOf(frames, CAMERAS, 9))
    expect(await reader.read({ start: 17, stop: 81, fields: ['confidence'] })).toEqual(
      await local.read({ start: 17, stop: 81, fields: ['confidence'] }),
    )
    expect(await reader.trajectory(2)).toEqual(await local.trajectory(2))
    expect(await reader.gaps()).toEqual(await local.gaps())
    expect(reader.metadata).toEqual(local.metadata)
    const [read, expected] = [[], []] as [unknown[], unknown[]]
    for await (const frame of reader.frames()) read.push(frame)
    for await (const frame of local.frames()) expected.push(frame)
    expectEqual(read, expected)
    expect(reader.readSync({ start: 3, stop: 9 })).toEqual(local.readSync({ start: 3, stop: 9 }))
  })
})

test('files of random layouts are read by their URL as from the disk', async () => {
  for (const seed of [3, 11, 18, 40]) {
    const content = new Content(seed)
    const path = scratch('frames.h5')
    const writer = new FrameWriter(path, content.layout, { cameras: content.cameras, chunkFrames: 7 })
    for (let i = 0; i < 30; i++) if (!writer.writeFrame(...content.frame(i))) await writer.drain()
    await writer.close()
    await using server = await ObjectServer.of(path)
    for (const name of content.names ?? [undefined]) {
      await using reader = await FrameReader.open(server.url, name, {})
      using local = new FrameReader(path, name)
      expectEqual(await reader.read(), await local.read())
    }
  }
})

describe('any HDF5 file by its URL', () => {
  const make = `
g = f.create_group('a/b')
g.attrs['text'] = ['one', 'a much longer one']
f['contiguous'] = np.arange(500000, dtype='>i4').reshape(500, 1000)
f.create_dataset('chunked', data=np.random.default_rng(1).random((300, 70)), chunks=(7, 13), compression='gzip')
f.create_dataset('lzf', data=np.arange(90000).reshape(300, 300), chunks=(50, 60), compression='lzf')
f.create_dataset('texts', data=[str(i) * (i % 50) for i in range(20000)], dtype=h5py.string_dtype())
f.create_dataset('records', data=np.zeros(5000, dtype=[('a', 'i4'), ('b', 'f8', (3,))]), chunks=(100,))
f.create_dataset('empty', shape=(0, 3), maxshape=(None, 3))
f.create_dataset('scalar', data=7.5)
f.create_dataset('unwritten', shape=(1000, 1000), chunks=(100, 100), fillvalue=3)
f['link'] = h5py.SoftLink('/chunked')
for i in range(300): g.create_dataset('many %d' % i, data=i)`

  test.each(['earliest', 'latest'])(
    'of the format "%s" has the objects, attributes and values of the file',
    async (libver) => {
      const path = scratch('any.h5')
      await h5py(path, 'w', `f.close()\nf = h5py.File(sys.argv[1], 'w', libver='${libver}')${make}\nf.close()`)
      await using server = await ObjectServer.of(path)
      await using local = await File.open(path)
      await using remote = await File.open(server.url)
      expectEqual(await contents(remote), await contents(local))
      const read = {
        points: [
          [3, 4],
          [299, 69],
          [0, 0],
        ],
      }
      expect(await (await remote.dataset('chunked')).read(read)).toEqual(
        await (await local.dataset('chunked')).read(read),
      )
      const lists = [[1, 200, 3], { start: 2, step: 5 }]
      expect(await (await remote.dataset('chunked')).read(lists)).toEqual(
        await (await local.dataset('chunked')).read(lists),
      )
    },
  )

  test('is read in pieces that the cache holds', async () => {
    const path = scratch('large.h5')
    await h5py(
      path,
      'w',
      `f['x'] = np.arange(2**20, dtype='i8'); f.create_dataset('y', data=f['x'][:], chunks=(1000,))`,
    )
    await using server = await ObjectServer.of(path)
    await using remote = await File.open(server.url, { cache: 2 ** 20 })
    using local = new File(path)
    for (const name of ['x', 'y']) {
      const { data } = await (await remote.dataset(name)).read()
      expectEqual(data, local.datasetSync(name).readSync().data)
    }
  })

  test('of many small chunks far from one another is read with a small cache', async () => {
    const path = scratch('scattered.h5')
    await h5py(
      path,
      'w',
      `x = f.create_dataset('x', (400000,), 'i4', chunks=(100,))
y = f.create_dataset('y', (4000, 2000), 'u1', chunks=(1, 2000))
for i in range(4000):
  x[100 * i : 100 * i + 100] = np.arange(100 * i, 100 * i + 100)
  x.flush()
  y[i] = i % 251
  y.flush()`,
    )
    await using server = await ObjectServer.of(path)
    await using remote = await File.open(server.url, { cache: 2 ** 21 })
    expectEqual(await (await remote.dataset('x')).read(), new File(path).datasetSync('x').readSync())
  })

  test('a user block before the file is skipped', async () => {
    const path = scratch('user-block.h5')
    await h5py(
      path,
      'w',
      `f.close()\nf = h5py.File(sys.argv[1], 'w', userblock_size=2048)\nf.create_dataset('x', data=np.arange(9000), chunks=(100,))\nf.close()`,
    )
    await using server = await ObjectServer.of(path)
    await using remote = await File.open(server.url)
    using local = new File(path)
    expectEqual(await (await remote.dataset('x')).read(), local.datasetSync('x').readSync())
  })
})

describe.skipIf(interopAbsent)('files of other projects', () => {
  test.each(interopFiles.filter((name) => !readsOthers(name)))(
    '%s is read by its URL as from the disk',
    async (name) => {
      const path = interopPath(name)
      await using server = await ObjectServer.of(path)
      await using local = await File.open(path)
      await using remote = await File.open(server.url)
      expectEqual(await contents(remote), await contents(local))
    },
  )
})

test('URLs are refused where a path is needed, and modes other than reading', async () => {
  const url = 'http://127.0.0.1:9/x.h5'
  expect(await failure(() => new TrackingReader(url))).toMatchObject({ code: 'ERR_UNSUPPORTED', field: 'path' })
  expect(await failure(() => new File(new URL(url)))).toMatchObject({ code: 'ERR_UNSUPPORTED' })
  expect(await failure(() => File.open(url, 'r+'))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'mode' })
  for (const options of [{ cache: 1 }, { headers: { 'a b': 'c' } }, { timeout: 0 }, { signal: 1 }, { other: 1 }]) {
    const error = await failure(() => TrackingReader.open(url, options as object))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: Object.keys(options)[0] })
  }
  expect(await failure(() => TrackingReader.open(url, { untrusted: true }))).toMatchObject({
    code: 'ERR_UNSUPPORTED',
    field: 'untrusted',
  })
})
