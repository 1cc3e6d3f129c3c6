import { type FrameColumns, readTrackingResults, TrackingReader, TrackingWriter, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5diff } from '../../support/hdf5/hdf5-tools.js'
import { scratch } from '../../support/scratch.js'
import { batchOf } from '../../support/tracking/batches.js'
import { CAMERAS, type Frame, fish, school } from '../../support/tracking/frames.js'
import { goldenAbsent, zebrafish } from '../../support/tracking/golden.js'
import { writeWithH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// writeFrames takes frames as columns: typed arrays in the file's own layout. It writes the same file as writeFrame does
// for the same frames as records.

async function writtenInBatches(batches: Iterable<FrameColumns>, cameras: readonly string[], options: WriterOptions) {
  const path = scratch()
  await using writer = new TrackingWriter(path, cameras, options)
  for (const batch of batches) {
    if (!writer.writeFrames(batch)) await writer.drain()
  }
  return path
}

async function expectSameFile(ours: string, other: string) {
  const { code, said } = await h5diff(ours, other, '/tracking')
  expect(said).toContain('0 differences found')
  expect(said.toLowerCase()).not.toMatch(/not comparable|[1-9]\d* differences/)
  expect(code).toBe(0)
}

/** The frames, cut into pieces of these sizes. */
function* pieces(frames: Frame[], sizes: readonly number[]) {
  let from = 0
  for (const size of sizes) {
    yield frames.slice(from, from + size)
    from += size
  }
  expect(from).toBe(frames.length)
}

describe('batches and records write the same file', () => {
  test.each([
    { sizes: [1, 1, 1, 1, 1, 1, 1, 1] },
    { sizes: [4] },
    { sizes: [4, 4] },
    { sizes: [3, 1] },
    { sizes: [5] },
    { sizes: [3] },
    { sizes: [1, 0, 4, 0, 5, 3, 0] },
    { sizes: [2, 11, 4, 1] },
    { sizes: [50] },
  ])('batches of $sizes frames in chunks of 4 write the same file as records', async ({ sizes }) => {
    const frames = school(
      sizes.reduce((sum, size) => sum + size, 0),
      3,
    )
    const options = { chunkFrames: 4, maxFish: 5, blocksInFlight: 1 }
    const batches = [...pieces(frames, sizes)].map((piece) => batchOf(piece, 5))
    const path = await writtenInBatches(batches, CAMERAS, options)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 5))
    await expectSameFile(path, await written(frames, CAMERAS, options))
  })

  const cameras = (count: number) => Array.from({ length: count }, (_, i) => `camera ${i}`)
  test.each<{ shape: string; cameraNames: string[]; fishCount: number; options: WriterOptions }>([
    { shape: 'chunks of one frame', cameraNames: CAMERAS, fishCount: 3, options: { chunkFrames: 1, maxFish: 3 } },
    { shape: 'one slot', cameraNames: CAMERAS, fishCount: 1, options: { chunkFrames: 4, maxFish: 1 } },
    { shape: '256 slots', cameraNames: CAMERAS, fishCount: 256, options: { chunkFrames: 4, maxFish: 256 } },
    { shape: '64 cameras', cameraNames: cameras(64), fishCount: 2, options: { chunkFrames: 4, maxFish: 2 } },
    { shape: 'no camera', cameraNames: [], fishCount: 2, options: { chunkFrames: 4, maxFish: 2 } },
    {
      shape: 'camera names that are integers',
      cameraNames: ['10', '9', 'a'],
      fishCount: 2,
      options: { chunkFrames: 4, maxFish: 2 },
    },
    { shape: 'no filter', cameraNames: CAMERAS, fishCount: 3, options: { compression: 'none', chunkFrames: 4 } },
  ])('batches and records write the same file with $shape', async ({ cameraNames, fishCount, options }) => {
    const { maxFish = 9 } = options
    const frames = school(9, fishCount, cameraNames)
    const batches = [...pieces(frames, [2, 7])].map((piece) => batchOf(piece, maxFish, cameraNames))
    const path = await writtenInBatches(batches, cameraNames, options)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, cameraNames, maxFish))
    await expectSameFile(path, await written(frames, cameraNames, options))
  })

  test('empty batches make a file without rows', async () => {
    const path = await writtenInBatches([batchOf([], 9), batchOf([], 9)], CAMERAS, {})
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf([], CAMERAS, 9))
  })

  test('a batch keeps frames without fish, fish without a position, indices beyond safe integers, and extreme values', async () => {
    const most = 2 ** 31 - 1
    const extreme = { ...fish(1), fishId: most, nCameras: most, cameraDetections: { east: most, north: -1 } }
    const frames: Frame[] = [
      { frameIndex: -(2n ** 63n), tracks: [] },
      { frameIndex: -1, tracks: [{ ...fish(0), centroid3d: null, confidence: Number.NaN }] },
      { frameIndex: 2n ** 53n + 1n, tracks: [fish(1), { ...extreme, confidence: Infinity }] },
      { frameIndex: 2n ** 63n - 1n, tracks: [{ ...fish(1), bboxes: { south: [-most - 1, most, 0, -1] } }] },
    ]
    const path = await writtenInBatches([batchOf(frames, 2)], CAMERAS, { maxFish: 2, chunkFrames: 3 })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 2))
  })
})

describe('columns that were read can be written again', () => {
  const original = school(23, 4)

  test('writeFrames copies a whole file as readTrackingResults returns it', async () => {
    const options = { chunkFrames: 5, maxFish: 6, metadata: { fps: 60, units: 'cm' } }
    const path = await written(original, CAMERAS, options)
    await expectSameFile(await writtenInBatches([await readTrackingResults(path)], CAMERAS, options), path)
  })

  test('writeFrames copies a file window by window, across the borders of chunks', async () => {
    const options = { chunkFrames: 5, maxFish: 6 }
    const path = await written(original, CAMERAS, options)
    using reader = new TrackingReader(path)
    const windows = []
    for (let start = 0; start < reader.length; start += 7) {
      windows.push(await reader.read({ start, stop: Math.min(start + 7, reader.length) }))
    }
    await expectSameFile(await writtenInBatches(windows, CAMERAS, options), path)
  })

  test('writeFrames copies a file whose camera names are integers, in their order', async () => {
    const cameras = ['12', '2', '1']
    const path = await written(school(6, 2, cameras), cameras, { chunkFrames: 4 })
    const again = await writtenInBatches([await readTrackingResults(path)], cameras, { chunkFrames: 4 })
    await expectSameFile(again, path)
  })

  test('writeFrames copies a file that h5py wrote in AquaPose’s layout', async () => {
    const header = { cameras: CAMERAS, maxFish: 5, chunkFrames: 4 }
    const path = await writeWithH5py(scratch('h5py.h5'), header, original)
    const read = await readTrackingResults(path)
    const again = await writtenInBatches([read], CAMERAS, { maxFish: 5, chunkFrames: 4 })
    for (const dataset of ['frame_index', 'fish_id', 'centroid_3d', 'is_confirmed', 'camera_assignments', 'bboxes']) {
      expect((await h5diff(again, path, `/tracking/${dataset}`)).code).toBe(0)
    }
    expect(columnsRead(await readTrackingResults(again))).toEqual(columnsRead(read))
  })

  test.skipIf(goldenAbsent)(`writeFrames copies a real zebrafish recording ${goldenAbsent ?? ''}`, async () => {
    const path = zebrafish('08_aquapose_maxfish10_chunk100.h5')
    const read = await readTrackingResults(path)
    const again = await writtenInBatches([read], read.cameraNames, { maxFish: 10, chunkFrames: 100 })
    for (const dataset of ['frame_index', 'fish_id', 'centroid_3d', 'confidence', 'reprojection_residual']) {
      expect((await h5diff(again, path, `/tracking/${dataset}`)).code).toBe(0)
    }
    expect(columnsRead(await readTrackingResults(again))).toEqual(columnsRead(read))
  })
})

describe('a camera without columns', () => {
  const frames = school(3, 2)
  const only = <T>(camera: string, record: object) =>
    Object.fromEntries(Object.entries(record as Record<string, T>).filter(([name]) => name === camera))
  const blind: Frame[] = frames.map(({ frameIndex, tracks }) => ({
    frameIndex,
    tracks: tracks.map((track) => ({
      ...track,
      cameraDetections: only('north', track.cameraDetections),
      bboxes: only('south', track.bboxes),
    })),
  }))

  test('a camera that a batch leaves out has no detections, no boxes, or neither', async () => {
    const { cameraAssignments, bboxes, ...others } = batchOf(frames, 3)
    const batch = {
      ...others,
      cameraAssignments: { north: cameraAssignments.north! },
      bboxes: { south: bboxes.south! },
    }
    const path = await writtenInBatches([batch], CAMERAS, { maxFish: 3, chunkFrames: 2 })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(blind, CAMERAS, 3))
  })

  test('a camera that a batch leaves out is empty, also with a name of Object.prototype and in a reused block', async () => {
    const cameras = ['toString', 'constructor', 'north']
    const seen = school(8, 2, cameras)
    const path = scratch()
    {
      await using writer = new TrackingWriter(path, cameras, { maxFish: 2, chunkFrames: 2, blocksInFlight: 1 })
      for (const { frameIndex, tracks } of seen) {
        if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
      }
      writer.writeFrames({ ...batchOf([{ frameIndex: 8, tracks: [] }], 2, cameras), cameraAssignments: {}, bboxes: {} })
    }
    const expected = [...seen, { frameIndex: 8, tracks: [] }]
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(expected, cameras, 2))
  })
})

describe('writeFrames together with writeFrame', () => {
  test('records and batches alternate in one chunk and across chunks', async () => {
    const frames = school(40, 3)
    const path = scratch()
    {
      await using writer = new TrackingWriter(path, CAMERAS, { maxFish: 4, chunkFrames: 8 })
      for (const [i, piece] of [...pieces(frames, [3, 2, 9, 1, 1, 6, 8, 10])].entries()) {
        if (i % 2 === 0) writer.writeFrames(batchOf(piece, 4))
        else for (const { frameIndex, tracks } of piece) writer.writeFrame(frameIndex, tracks)
        await writer.drain()
      }
      expect(writer.framesWritten).toBe(40)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 4))
  })

  test("writeFrame and writeFrames share one frame order; frameOrder: 'any' lifts it", async () => {
    const batch = (frameIndex: bigint) => ({ ...batchOf(school(1, 1), 9), frameIndex: BigInt64Array.of(frameIndex) })
    using writer = new TrackingWriter(scratch(), CAMERAS)
    writer.writeFrame(5, [])
    expect(() => writer.writeFrames(batch(5n))).toThrow(expect.objectContaining({ code: 'ERR_FRAME_ORDER', frame: 5n }))
    writer.writeFrames(batch(6n))
    expect(() => writer.writeFrame(6, [])).toThrow(expect.objectContaining({ code: 'ERR_FRAME_ORDER', frame: 6 }))
    writer.writeFrame(7, [])

    const path = scratch()
    {
      using free = new TrackingWriter(path, CAMERAS, { frameOrder: 'any' })
      free.writeFrame(5, [])
      free.writeFrames({ ...batchOf(school(3, 1), 9), frameIndex: BigInt64Array.of(9n, 2n, 2n) })
      free.writeFrame(1, [])
    }
    expect([...(await readTrackingResults(path)).frameIndex.data]).toEqual([5n, 9n, 2n, 2n, 1n])
  })
})

describe('the return value and the arrays of writeFrames', () => {
  test('a caller may refill the same arrays for every batch', async () => {
    const frames = school(12, 2)
    const path = scratch()
    {
      await using writer = new TrackingWriter(path, CAMERAS, { maxFish: 2, chunkFrames: 3 })
      const mine = batchOf(frames.slice(0, 4), 2)
      for (let from = 0; from < 12; from += 4) {
        const next = batchOf(frames.slice(from, from + 4), 2)
        for (const field of ['frameIndex', 'fishId', 'centroid3d', 'confidence', 'reprojectionResidual'] as const) {
          mine[field].set(next[field] as never)
        }
        for (const field of ['nCameras', 'isConfirmed'] as const) mine[field].set(next[field])
        for (const field of ['cameraAssignments', 'bboxes'] as const) {
          for (const camera of CAMERAS) mine[field][camera]!.set(next[field][camera]!)
        }
        writer.writeFrames(mine)
      }
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 2))
  })

  test('writeFrames returns true while there is room and takes a batch of more blocks than may be in flight', async () => {
    const frames = school(300, 3)
    const path = scratch()
    {
      await using writer = new TrackingWriter(path, CAMERAS, { maxFish: 3, chunkFrames: 2, blocksInFlight: 1 })
      expect(writer.writeFrames(batchOf(frames.slice(0, 1), 3))).toBe(true)
      writer.writeFrames(batchOf(frames.slice(1, 299), 3))
      await writer.drain()
      expect(writer.framesWritten).toBe(299)
      expect(writer.writeFrames(batchOf([], 3))).toBe(true)
      writer.writeFrames(batchOf(frames.slice(299), 3))
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 3))
  })

  test('writeFrames of a closed writer fails with ERR_CLOSED', () => {
    const writer = new TrackingWriter(scratch(), CAMERAS, { maxFish: 2 })
    writer.closeSync()
    expect(() => writer.writeFrames(batchOf(school(1, 1), 2))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})
