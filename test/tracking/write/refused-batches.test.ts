import { type FrameColumns, readTrackingResults, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { scratch } from '../../support/scratch.js'
import { batchOf } from '../../support/tracking/batches.js'
import { CAMERAS, type Frame, fish } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'

// The writer takes a batch whole or not at all, by the rules for records: one wrong value in its last frame, and nothing of
// the batch is in the file. The error names the column, or the frame, the fish and the camera.

const maxFish = 3
/** Frames 10 to 14 with fish 1 and 4 and one empty slot. In chunks of 2 frames the batch spans three chunks. */
const frames: Frame[] = [10, 11, 12, 13, 14].map((frameIndex) => ({ frameIndex, tracks: [fish(1), fish(4)] }))
const good = () => batchOf(frames, maxFish)
type Batch = ReturnType<typeof good>
/** The index of a slot of the last frame in a column. */
const last = (slot: number) => 4 * maxFish + slot

interface Refusal {
  what: string
  spoil: (batch: Batch) => unknown
  code: string
  says?: string[]
  frame?: bigint
  fish?: number
  camera?: string
  field?: string
}

const set = (array: (batch: Batch) => { [at: number]: number | bigint }, at: number, value: number | bigint) => {
  return (batch: Batch) => {
    array(batch)[at] = value
    return batch
  }
}
const without = (name: keyof Batch) => (batch: Batch) => ({ ...batch, [name]: undefined })
const argument = 'ERR_INVALID_ARGUMENT'
const invalid = 'ERR_INVALID_TRACK'
const range = 'ERR_OUT_OF_RANGE'
const ids = (...values: number[]) => {
  return (batch: Batch) => {
    batch.fishId.set(values, last(0))
    return batch
  }
}

/** Empties a slot of the last frame in every column, by copying slot 2, which is empty. */
function emptied(batch: Batch, slot: number) {
  const { frameIndex: _, cameraAssignments, bboxes, ...columns } = batch
  for (const array of [columns, cameraAssignments, bboxes].flatMap((arrays) => Object.values(arrays))) {
    const width = array.length / (5 * maxFish)
    array.copyWithin(last(slot) * width, last(2) * width, last(3) * width)
  }
  return batch
}

const refusals: Refusal[] = [
  // The order of frames.
  {
    what: 'a frame index twice',
    spoil: set((b) => b.frameIndex, 4, 13n),
    code: 'ERR_FRAME_ORDER',
    says: ['13'],
    frame: 13n,
    field: 'frameIndex',
  },
  {
    what: 'a frame index below the one before',
    spoil: set((b) => b.frameIndex, 4, -2n),
    code: 'ERR_FRAME_ORDER',
    frame: -2n,
  },
  {
    what: 'a first frame that is not above the writer’s last',
    spoil: set((b) => b.frameIndex, 0, 5n),
    code: 'ERR_FRAME_ORDER',
    says: ['5'],
    frame: 5n,
  },

  // The fish of a frame.
  { what: 'a fish twice', spoil: ids(4, 4, -1), code: 'ERR_DUPLICATE_FISH', frame: 14n, fish: 4, field: 'fishId' },
  { what: 'ids that descend', spoil: ids(4, 1, -1), code: invalid, says: ['ascend'], frame: 14n, field: 'fishId' },
  {
    what: 'a fish behind an empty slot',
    spoil: (batch) => emptied(batch, 0),
    code: invalid,
    says: ['4'],
    frame: 14n,
    fish: 4,
    field: 'fishId',
  },
  { what: 'an id below -1', spoil: ids(1, -2, -1), code: range, says: ['-2'], frame: 14n, field: 'fishId' },

  // Values in an empty slot.
  ...(
    [
      ['centroid3d', (b) => b.centroid3d, 3 * last(2) + 1, 0.5],
      ['confidence', (b) => b.confidence, last(2), 0],
      ['reprojectionResidual', (b) => b.reprojectionResidual, last(2), NaN],
      ['nCameras', (b) => b.nCameras, last(2), 1],
      ['isConfirmed', (b) => b.isConfirmed, last(2), 1],
    ] as [string, (batch: Batch) => Float32Array, number, number][]
  ).map(([field, array, at, value]) => ({
    what: `${field} in a slot without a fish`,
    spoil: set(array, at, value),
    code: invalid,
    says: [field, String(value)],
    frame: 14n,
    field,
  })),
  {
    what: 'a detection in a slot without a fish',
    spoil: set((b) => b.cameraAssignments.east!, last(2), 0),
    code: invalid,
    frame: 14n,
    camera: 'east',
    field: 'cameraAssignments',
  },
  {
    what: 'a box in a slot without a fish',
    spoil: set((b) => b.bboxes.south!, 4 * last(2) + 3, 7),
    code: invalid,
    frame: 14n,
    camera: 'south',
    field: 'bboxes',
  },

  // Numbers of a fish.
  ...([NaN, Infinity, -Infinity] as const).map((value) => ({
    what: `a position with one ${value}`,
    spoil: set((b) => b.centroid3d, 3 * last(1) + 2, value),
    code: Number.isNaN(value) ? invalid : range,
    says: [String(value), 'null'],
    frame: 14n,
    fish: 4,
    field: 'centroid3d',
  })),
  {
    what: 'a negative nCameras',
    spoil: set((b) => b.nCameras, last(1), -1),
    code: range,
    says: ['-1'],
    frame: 14n,
    fish: 4,
    field: 'nCameras',
  },
  {
    what: 'isConfirmed of neither 0 nor 1',
    spoil: set((b) => b.isConfirmed, last(0), 2),
    code: range,
    frame: 14n,
    fish: 1,
    field: 'isConfirmed',
  },
  {
    what: 'a detection index below -1',
    spoil: set((b) => b.cameraAssignments.north!, last(1), -2),
    code: range,
    says: ['-2'],
    frame: 14n,
    fish: 4,
    camera: 'north',
    field: 'cameraAssignments',
  },

  // Columns.
  { what: 'no value at all', spoil: () => undefined, code: argument, says: ['batch'] },
  { what: 'an array of frames', spoil: () => frames, code: argument },
  ...Object.keys(good()).map((field) => ({
    what: `no ${field}`,
    spoil: without(field as keyof Batch),
    code: argument,
    says: [field],
    field,
  })),
  { what: 'null for the boxes', spoil: (b) => ({ ...b, bboxes: null }), code: argument, says: ['bboxes', 'null'] },
  {
    what: 'a column that does not exist',
    spoil: (b) => ({ ...b, fishIds: b.fishId }),
    code: argument,
    says: ['fishIds'],
  },
  { what: 'frame indices as float64', spoil: (b) => ({ ...b, frameIndex: new Float64Array(5) }), code: argument },
  { what: 'frame indices as uint64', spoil: (b) => ({ ...b, frameIndex: new BigUint64Array(5) }), code: argument },
  {
    what: 'ids in a plain array',
    spoil: (b) => ({ ...b, fishId: [...b.fishId] }),
    code: argument,
    says: ['fishId', 'Int32Array'],
    field: 'fishId',
  },
  { what: 'ids as uint32', spoil: (b) => ({ ...b, fishId: new Uint32Array(b.fishId) }), code: argument },
  {
    what: 'positions as float64',
    spoil: (b) => ({ ...b, centroid3d: { data: Float64Array.from(b.centroid3d), shape: [5, 3, 3] } }),
    code: argument,
    says: ['Float32Array'],
    field: 'centroid3d',
  },
  {
    what: 'one value too few',
    spoil: (b) => ({ ...b, centroid3d: b.centroid3d.subarray(1) }),
    code: argument,
    says: ['centroid3d', '45'],
    field: 'centroid3d',
  },
  { what: 'one frame too many', spoil: (b) => ({ ...b, fishId: new Int32Array(18).fill(-1) }), code: argument },
  {
    what: 'a detections column of another length',
    spoil: (b) => ({ ...b, cameraAssignments: { east: new Int32Array(14) } }),
    code: argument,
    says: ['cameraAssignments', 'east', '15'],
  },
  {
    what: 'boxes of another type',
    spoil: (b) => ({ ...b, bboxes: { ...b.bboxes, south: new Int16Array(60) } }),
    code: argument,
    says: ['bboxes', 'south', 'Int32Array'],
  },
  { what: 'a DataView', spoil: (b) => ({ ...b, fishId: new DataView(b.fishId.buffer) }), code: argument },

  // Cameras.
  ...(['cameraAssignments', 'bboxes'] as const).map((field) => ({
    what: `an unknown camera in ${field}`,
    spoil: (b: Batch) => ({ ...b, [field]: { ...b[field], west: b[field].east } }),
    code: 'ERR_UNKNOWN_CAMERA',
    says: ['west', 'north'],
    field,
  })),
]
describe('a batch with', () => {
  test.each(refusals)(
    'a batch with $what is refused with $code, and nothing of it is written',
    async ({ what: _, spoil, code, says = [], ...fields }) => {
      const path = scratch()
      const writer = new TrackingWriter(path, CAMERAS, { maxFish, chunkFrames: 2 })
      writer.writeFrame(5, [fish(2)])
      const error = await failure(() => writer.writeFrames(spoil(good()) as FrameColumns))
      expect(error).toMatchObject({ code, ...fields })
      const places = (['frame', 'fish', 'camera'] as const).filter((name) => fields[name] !== undefined)
      for (const name of places)
        says = [...says, name === 'camera' ? `camera '${fields.camera}'` : `${name} ${fields[name]}`]
      for (const phrase of says) expect(error.message).toContain(phrase)
      if (fields.frame !== undefined) expect(error.message).toContain('nothing of the batch was written')
      expect(writer.framesWritten).toBe(1)

      // The good batch has the same frame indices as the refused one.
      writer.writeFrames(good())
      await writer.close()
      const expected = [{ frameIndex: 5, tracks: [fish(2)] }, ...frames]
      expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(expected, CAMERAS, maxFish))
    },
  )
})

describe('a batch with many slots', () => {
  const slots = 50
  const tracks = Array.from({ length: slots }, (_, fishId) => fish(fishId))
  const full = () => batchOf([{ frameIndex: 0, tracks }], slots)

  test.each<[string, (batch: Batch, at: number) => unknown]>([
    ['nCameras', (batch, at) => batch.nCameras.fill(-1, at, at + 1)],
    ['isConfirmed', (batch, at) => batch.isConfirmed.fill(2, at, at + 1)],
    ['cameraAssignments', (batch, at) => batch.cameraAssignments.north!.fill(-2, at, at + 1)],
  ])('the error for a wrong %s names the right fish in any of 50 slots', async (field, spoil) => {
    using writer = new TrackingWriter(scratch(), CAMERAS, { maxFish: slots })
    for (let fishId = 0; fishId < slots; fishId++) {
      const batch = full()
      spoil(batch, fishId)
      // A later fish is wrong too, and an earlier slot holds the largest int32.
      if (fishId + 3 < slots) spoil(batch, fishId + 3)
      if (fishId > 0) batch.cameraAssignments.north![fishId - 1] = 2 ** 31 - 1
      expect(await failure(() => writer.writeFrames(batch))).toMatchObject({
        code: range,
        field,
        frame: 0n,
        fish: fishId,
      })
    }
  })

  test('a batch may hold the largest int32 in nCameras and in detections', async () => {
    const path = scratch()
    using writer = new TrackingWriter(path, CAMERAS, { maxFish: slots })
    const batch = full()
    batch.nCameras.fill(2 ** 31 - 1)
    batch.cameraAssignments.north!.fill(2 ** 31 - 1)
    writer.writeFrames(batch)
    writer.closeSync()
    const { nCameras, cameraAssignments } = await readTrackingResults(path)
    expect(new Set([...nCameras.data, ...cameraAssignments.north!.data])).toEqual(new Set([2 ** 31 - 1]))
  })
})

describe('a writer without cameras', () => {
  const batch = batchOf([{ frameIndex: 0, tracks: [fish(1, 0, [])] }], 2, [])
  test.each([
    ['no boxes', { bboxes: undefined }],
    ['null', { cameraAssignments: null }],
    ['a number', { bboxes: 5 }],
    ['a Map', { bboxes: new Map() }],
  ])('a batch for a writer without cameras needs both records keyed by camera, not %s', async (_what, change) => {
    using writer = new TrackingWriter(scratch(), [], { maxFish: 2 })
    const error = await failure(() => writer.writeFrames({ ...batch, ...change } as unknown as FrameColumns))
    expect(error.code).toBe(argument)
    expect(error.message).toContain(Object.keys(change)[0])
    expect(writer.framesWritten).toBe(0)
  })
})

describe("unknownCameras: 'ignore'", () => {
  test("unknownCameras: 'ignore' leaves out unknown cameras of a batch and counts their detections and boxes", async () => {
    const path = scratch()
    {
      using writer = new TrackingWriter(path, ['east'], { maxFish, unknownCameras: 'ignore' })
      writer.writeFrames(good())
      const { cameraAssignments, bboxes } = good()
      const present = [cameraAssignments.north!, cameraAssignments.south!].map((ids) => ids.filter((id) => id !== -1))
      const boxes = [bboxes.north!, bboxes.south!].map((numbers) =>
        numbers.filter((_, i) => i % 4 === 2 && numbers[i] === 40),
      )
      expect(writer.detectionsIgnored).toBe([...present, ...boxes].flatMap((found) => [...found]).length)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, ['east'], maxFish))
  })

  test("unknownCameras: 'ignore' counts nothing of a refused batch", async () => {
    using writer = new TrackingWriter(scratch(), ['east'], { maxFish, unknownCameras: 'ignore' })
    await failure(() => writer.writeFrames(set((b) => b.nCameras, 0, -1)(good())))
    expect(writer.detectionsIgnored).toBe(0)
  })
})

describe('a batch whose getter uses the writer', () => {
  test.each<[string, (writer: TrackingWriter) => void]>([
    ['to write another frame', (writer) => writer.writeFrame(100, [])],
    [
      'to write another batch',
      (writer) => writer.writeFrames({ ...good(), frameIndex: BigInt64Array.of(96n, 97n, 98n, 99n, 100n) }),
    ],
    ['to close it', (writer) => writer.closeSync()],
  ])('a batch whose getter uses the writer %s is refused', async (_what, use) => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { maxFish, chunkFrames: 2 })
    const batch = good()
    const meddling = {
      ...batch,
      get confidence() {
        use(writer)
        return batch.confidence
      },
    }
    const error = await failure(() => writer.writeFrames(meddling))
    expect(error.code).toBe(argument)
    expect(error.message).toContain('writeFrames')
    expect(writer).toMatchObject({ isOpen: true, framesWritten: 0 })
    writer.writeFrames(good())
    await writer.close()
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, maxFish))
  })
})
