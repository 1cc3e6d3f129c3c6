import { type FrameColumns, readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { CAMERAS, fish, school } from '../support/frames.js'
import { sameInH5py } from '../support/json-lines.js'
import { columnsOf, columnsRead } from '../support/model.js'
import { scratch } from '../support/scratch.js'
import { written } from '../support/writing.js'

// writeFrames takes many frames at once, as columns in the file's own layout, which is what read() gives. The rules are those
// of records: a batch with anything wrong in it is refused whole.

const frames = school(20, 3)
const MAX_FISH = 4

/** The columns of frames, as a file of them is read. */
async function columns(from = frames, cameras = CAMERAS, maxFish = MAX_FISH) {
  return readTrackingResults(await written(from, cameras, { maxFish }))
}

const writerFor = (path: string, cameras = CAMERAS) =>
  new TrackingWriter(path, cameras, { maxFish: MAX_FISH, chunkFrames: 6 })

describe('a batch', () => {
  test('of any length, across chunks, is what the same frames one by one are', async () => {
    const path = scratch()
    {
      using reader = new TrackingReader(await written(frames, CAMERAS, { maxFish: MAX_FISH }))
      await using writer = writerFor(path)
      for (const [start, stop] of [
        [0, 1],
        [1, 1],
        [1, 6],
        [6, 12],
        [12, 20],
      ] as const) {
        writer.writeFrames(reader.readSync({ start, stop }))
        expect(writer.framesWritten).toBe(stop)
      }
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, MAX_FISH))
    await sameInH5py(path, { cameras: CAMERAS, maxFish: MAX_FISH }, frames)
  })

  test('larger than all blocks together is taken as well', async () => {
    const many = school(200, 2)
    const path = scratch()
    {
      await using writer = new TrackingWriter(path, CAMERAS, { maxFish: 2, chunkFrames: 3, blocksInFlight: 2 })
      writer.writeFrames(await columns(many, CAMERAS, 2))
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(many, CAMERAS, 2))
  })

  test('may be mixed with single frames', async () => {
    const path = scratch()
    {
      await using writer = writerFor(path)
      writer.writeFrame(0, frames[0]!.tracks)
      writer.writeFrames(await columns(frames.slice(1, 18)))
      for (const { frameIndex, tracks } of frames.slice(18)) writer.writeFrame(frameIndex, tracks)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, MAX_FISH))
  })

  test('may be bare typed arrays, and may leave out cameras that saw nothing', async () => {
    const { frameIndex, fishId, centroid3d, confidence, reprojectionResidual, nCameras, isConfirmed } = await columns()
    const path = scratch()
    {
      await using writer = writerFor(path, ['constructor', 'toString', '__proto__', 'east'])
      writer.writeFrames({
        frameIndex: frameIndex.data,
        fishId: fishId.data,
        centroid3d: centroid3d.data,
        confidence: confidence.data,
        reprojectionResidual: reprojectionResidual.data,
        nCameras: nCameras.data,
        isConfirmed: isConfirmed.data,
        cameraAssignments: {},
        bboxes: {},
      })
    }
    const unseen = frames.map(({ frameIndex, tracks }) => ({
      frameIndex,
      tracks: tracks.map((track) => ({ ...track, cameraDetections: {}, bboxes: {} })),
    }))
    const cameras = ['constructor', 'toString', '__proto__', 'east']
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(unseen, cameras, MAX_FISH))
  })

  test("is copied: the arrays are the caller's again", async () => {
    const batch = await columns()
    const path = scratch()
    {
      await using writer = writerFor(path)
      writer.writeFrames(batch)
      batch.fishId.data.fill(77)
      batch.centroid3d.data.fill(77)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, MAX_FISH))
  })
})

describe('is refused as a whole', () => {
  type Batch = Awaited<ReturnType<typeof columns>>
  const cell = (frame: number, slot: number, width = 1) => (frame * MAX_FISH + slot) * width

  test.each<[string, string, (batch: Batch) => unknown, RegExp]>([
    [
      'a frame index that does not increase',
      'ERR_FRAME_ORDER',
      (b) => (b.frameIndex.data[7] = 6n),
      /frame 6\b.*frameIndex/,
    ],
    [
      'a first index that is not above the frame before',
      'ERR_FRAME_ORDER',
      (b) => (b.frameIndex.data[0] = -1n),
      /frame -1\b/,
    ],
    ['a fish twice', 'ERR_DUPLICATE_FISH', (b) => (b.fishId.data[cell(7, 1)] = 0), /frame 7\b.*fish 0\b/],
    ['fish that do not ascend', 'ERR_INVALID_TRACK', (b) => (b.fishId.data[cell(7, 0)] = 5), /frame 7\b.*fishId/],
    ['a fish after an empty slot', 'ERR_INVALID_TRACK', (b) => (b.fishId.data[cell(7, 1)] = -1), /frame 7\b/],
    ['an id below -1', 'ERR_OUT_OF_RANGE', (b) => (b.fishId.data[cell(7, 2)] = -2), /frame 7\b.*fishId.*-2/],
    [
      'a detection below -1',
      'ERR_OUT_OF_RANGE',
      (b) => (b.cameraAssignments.east!.data[cell(7, 1)] = -2),
      /frame 7\b.*fish 1\b.*east.*cameraAssignments.*-2/,
    ],
    [
      'a truth value of 2',
      'ERR_OUT_OF_RANGE',
      (b) => (b.isConfirmed.data[cell(7, 2)] = 2),
      /frame 7\b.*fish 2\b.*isConfirmed.*2/,
    ],
    [
      'something in an empty slot',
      'ERR_INVALID_TRACK',
      (b) => (b.bboxes.east!.data[cell(7, 3, 4)] = 0),
      /frame 7\b.*east.*bboxes/,
    ],
    ['a column that is missing', 'ERR_INVALID_ARGUMENT', (b) => delete (b as Partial<Batch>).confidence, /confidence/],
    [
      'a column of another type',
      'ERR_INVALID_ARGUMENT',
      (b) => Object.assign(b, { confidence: new Float64Array(80) }),
      /confidence.*Float32Array/,
    ],
    [
      'a column that is no array',
      'ERR_INVALID_ARGUMENT',
      (b) => Object.assign(b, { nCameras: 'many' }),
      /nCameras.*Int32Array/,
    ],
    [
      'a column too short',
      'ERR_INVALID_ARGUMENT',
      (b) => Object.assign(b, { fishId: b.fishId.data.subarray(1) }),
      /fishId.*80/,
    ],
    ['a column that nobody knows', 'ERR_INVALID_ARGUMENT', (b) => Object.assign(b, { fish_id: b.fishId }), /fish_id/],
    ['a camera that nobody knows', 'ERR_UNKNOWN_CAMERA', (b) => (b.bboxes.west = b.bboxes.east!), /west/],
    ['cameras that are null', 'ERR_INVALID_ARGUMENT', (b) => Object.assign(b, { bboxes: null }), /bboxes/],
    [
      'cameras that are missing',
      'ERR_INVALID_ARGUMENT',
      (b) => delete (b as Partial<Batch>).cameraAssignments,
      /cameraAssignments/,
    ],
    ['cameras that are a number', 'ERR_INVALID_ARGUMENT', (b) => Object.assign(b, { bboxes: 3 }), /bboxes/],
  ])('for %s: %s', async (_, code, spoil, says) => {
    const path = scratch()
    const batch = await columns()
    const before = school(1, 2, CAMERAS, -1)
    const after = school(2, 1, CAMERAS, 100)
    {
      await using writer = writerFor(path)
      writer.writeFrame(-1, before[0]!.tracks)
      spoil(batch)
      const error = await failure(() => writer.writeFrames(batch))
      expect(error.code).toBe(code)
      expect(error.message).toMatch(says)
      expect(writer.framesWritten).toBe(1)
      for (const { frameIndex, tracks } of after) writer.writeFrame(frameIndex, tracks)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf([...before, ...after], CAMERAS, MAX_FISH))
  })

  test.each([null, undefined, 3, 'columns'])('for being %s', async (batch) => {
    using writer = writerFor(scratch())
    const error = await failure(() => writer.writeFrames(batch as unknown as FrameColumns))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  })

  test('naming the fish that it is for, in whatever slot of whatever row', async () => {
    const wide = Array.from({ length: 3 }, (_, frameIndex) => ({
      frameIndex,
      tracks: Array.from({ length: 49 }, (_, n) => fish(100 + n, 0, [])),
    }))
    for (const place of [1, 48, 49, 97, 98, 146]) {
      const batch = await columns(wide, [], 49)
      batch.nCameras.data[place] = -5
      using writer = new TrackingWriter(scratch(), [], { maxFish: 49 })
      const error = await failure(() => writer.writeFrames(batch))
      expect(error).toMatchObject({
        code: 'ERR_OUT_OF_RANGE',
        fish: 100 + (place % 49),
        frame: BigInt(Math.floor(place / 49)),
      })
    }
  })
})

test('unknown cameras may be ignored, and are counted', async () => {
  const path = scratch()
  const batch = await columns()
  const present = [...batch.cameraAssignments.north!.data].filter((index) => index !== -1).length
  {
    await using writer = new TrackingWriter(path, ['south', 'east'], { maxFish: MAX_FISH, unknownCameras: 'ignore' })
    writer.writeFrames(batch)
    // Each detection of the camera "north" has its box.
    expect(writer.detectionsIgnored).toBe(2 * present)
  }
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, ['south', 'east'], MAX_FISH))
})

test('a closed writer says ERR_CLOSED', async () => {
  const writer = writerFor(scratch())
  await writer.close()
  const batch = await columns()
  expect(await failure(() => writer.writeFrames(batch))).toMatchObject({ code: 'ERR_CLOSED' })
})
