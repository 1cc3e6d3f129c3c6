import { readTrackingResults, readTrackingResultsSync, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5diff, h5dumpHeaders } from '../support/hdf5/hdf5-tools.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, type Frame, school } from '../support/tracking/frames.js'
import { type Header, writeWithH5py } from '../support/tracking/json-lines.js'
import { columnsOf, columnsRead, plainFrame } from '../support/tracking/model.js'

// Files that h5py wrote in AquaPose's layout are read, also where they differ in what the layout leaves open: chunks, filters,
// byte order.

const frames: Frame[] = school(23, 4).map(({ frameIndex, tracks }) => ({
  frameIndex,
  tracks: tracks.map((track) => ((track.fishId + Number(frameIndex)) % 5 ? track : { ...track, centroid3d: null })),
}))
const header: Header = { cameras: CAMERAS, maxFish: 5, chunkFrames: 7 }

const variants: [string, Partial<Header>][] = [
  ["in AquaPose's layout", {}],
  ['in one chunk with room left', { chunkFrames: 1000 }],
  ['in chunks of one row', { chunkFrames: 1 }],
  ['with big-endian values', { byteOrder: '>' }],
  ['without filters', { filters: {} }],
  ['with shuffle and checksums', { filters: { compression: 'gzip', shuffle: true, fletcher32: true } }],
  ['in chunks that h5py chose', { filters: { chunks: true } }],
]

describe.each(variants)('a file of h5py %s', (how, variant) => {
  // "chunks" among the filters would be given twice, so that variant changes the file afterwards.
  const rechunk = variant.filters && 'chunks' in variant.filters
  const write = async () => {
    const path = await writeWithH5py(scratch(), { ...header, ...(rechunk ? {} : variant) }, frames)
    if (rechunk) await h5py(path, 'r+', RECHUNK)
    return path
  }

  test(`a file of h5py ${how} is read whole`, async () => {
    const path = await write()
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 5))
    expect(readTrackingResultsSync(path)).toEqual(await readTrackingResults(path))
  })

  test(`a file of h5py ${how} is read in windows, frame by frame and as a trajectory`, async () => {
    using reader = new TrackingReader(await write())
    expect(reader).toMatchObject({ length: 23, maxFish: 5 })
    for (const [start, stop] of [
      [0, 1],
      [6, 8],
      [7, 14],
      [3, 22],
      [22, 23],
    ] as const) {
      expect(columnsRead(await reader.read({ start, stop }))).toEqual(columnsOf(frames.slice(start, stop), CAMERAS, 5))
    }
    const read = []
    for await (const frame of reader.frames()) read.push(plainFrame(frame))
    expect(read).toEqual(frames.map(plainFrame))
    const { frameIndex, centroid3d } = await reader.trajectory(2)
    expect([...frameIndex.data]).toEqual(frames.map(({ frameIndex }) => BigInt(frameIndex)))
    expect([...centroid3d.data]).toEqual(
      frames.flatMap(({ tracks }) => Array.from(tracks[2]!.centroid3d ?? [NaN, NaN, NaN])),
    )
  })
})

/** Replaces each dataset by one of fixed size, with chunks that divide the slots and coordinates as well as the frames. */
const RECHUNK = `
names = []
f.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
for name in names:
  data = f[name][()]
  del f[name]
  f.create_dataset(name, data=data, chunks=tuple(max(1, n * 2 // 3) for n in data.shape), compression="gzip")`

test('a file of h5py with contiguous datasets is read', async () => {
  const path = await writeWithH5py(scratch(), header, frames)
  await h5py(path, 'r+', RECHUNK.replace(/, chunks=.*$/m, ')'))
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 5))
})

test('an empty file of h5py is read, and so are files whose camera names are an empty float64 array', async () => {
  for (const [count, cameras] of [
    [0, CAMERAS],
    [3, []],
    [0, []],
  ] as const) {
    const own = school(count, 2, cameras)
    const path = await writeWithH5py(scratch(), { ...header, cameras }, own)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(own, cameras, 5))
  }
})

test('unusual camera names are read in the order of the file', async () => {
  const cameras = ['b', '10', '9', '__proto__', 'Überwasser 🐟']
  const own = school(3, 2, cameras)
  const path = await writeWithH5py(scratch(), { ...header, cameras }, own)
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(own, cameras, 5))
})

test('fixed-length camera names, as other tools write them, are read', async () => {
  const path = await writeWithH5py(
    scratch(),
    { ...header, cameras: ['left', 'right'] },
    school(3, 2, ['left', 'right']),
  )
  await h5py(path, 'r+', 'f["tracking"].attrs["camera_names"] = np.array([b"left", b"right"])')
  expect((await readTrackingResults(path)).cameraNames).toEqual(['left', 'right'])
})

test('h5diff finds no difference between a file of h5py and our copy of its frames', async () => {
  const path = await writeWithH5py(scratch(), header, frames)
  const copy = scratch()
  {
    using reader = new TrackingReader(path)
    const { cameraNames, maxFish, chunkFrames } = reader
    await using writer = new TrackingWriter(copy, cameraNames, { maxFish, chunkFrames })
    for await (const { frameIndex, tracks } of reader.frames()) writer.writeFrame(frameIndex, tracks)
  }
  for (const dataset of (await h5dumpHeaders(path)).keys()) {
    expect(await h5diff(copy, path, dataset)).toMatchObject({ code: 0, said: expect.stringContaining('0 differences') })
  }
})
