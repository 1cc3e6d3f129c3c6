import { readTrackingResults, TrackingWriter, type TrackRecord } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, fish } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'

// The writer refuses a frame that it cannot store as given: the error names frame, fish, camera, field and value, the file
// is unchanged, and the writer accepts the frames after it.

const good = [fish(0, 1), fish(4, 1)]
/** The fish with id 4, with something wrong. */
const wrong = (change: Record<string, unknown>) => [good[0]!, { ...good[1]!, ...change } as TrackRecord]

interface Refusal {
  what: string
  tracks: unknown
  code: string
  /** What the message must say. */
  says: (string | RegExp)[]
  fish?: number
  camera?: string
  field?: string
}

const detections = (east: unknown) => wrong({ cameraDetections: { north: 1, east } })
const boxes = (east: unknown) => wrong({ bboxes: { north: [1, 2, 3, 4], east } })
const invalid = 'ERR_INVALID_TRACK'
const range = 'ERR_OUT_OF_RANGE'

const refusals: Refusal[] = [
  // Too many fish, unknown cameras, fish that occur twice.
  {
    what: 'more fish than maxFish',
    tracks: [...good, fish(5), fish(6)],
    code: 'ERR_TOO_MANY_FISH',
    says: ['4', '3', 'maxFish'],
  },
  {
    what: 'a camera that is not in camera_names',
    tracks: wrong({ cameraDetections: { west: 1 } }),
    code: 'ERR_UNKNOWN_CAMERA',
    says: ['west', 'north'],
    fish: 4,
    camera: 'west',
    field: 'cameraDetections',
  },
  {
    what: 'a box of a camera that is not in camera_names',
    tracks: wrong({ bboxes: { north: [0, 0, 1, 1], west: [1, 2, 3, 4] } }),
    code: 'ERR_UNKNOWN_CAMERA',
    says: ['west'],
    fish: 4,
    camera: 'west',
    field: 'bboxes',
  },
  {
    what: 'an unknown camera in a Map',
    tracks: wrong({ cameraDetections: new Map([['', 1]]) }),
    code: 'ERR_UNKNOWN_CAMERA',
    says: ["''"],
    fish: 4,
    camera: '',
  },
  {
    what: 'the same fish twice',
    tracks: [good[1], good[0], good[1]],
    code: 'ERR_DUPLICATE_FISH',
    says: ['4'],
    fish: 4,
    field: 'fishId',
  },
  {
    what: 'the same fish twice, among fish in order',
    tracks: [good[0], good[0], good[1]],
    code: 'ERR_DUPLICATE_FISH',
    says: ['0'],
    fish: 0,
    field: 'fishId',
  },

  // Numbers that an int32 column cannot hold.
  { what: 'a negative id', tracks: wrong({ fishId: -1 }), code: range, says: ['-1'], field: 'fishId' },
  ...[0.5, 2 ** 31, NaN, Infinity, -Infinity].flatMap((value): Refusal[] => [
    {
      what: `a fishId of ${value}`,
      tracks: wrong({ fishId: value }),
      code: range,
      says: [String(value)],
      field: 'fishId',
    },
    {
      what: `an nCameras of ${value}`,
      tracks: wrong({ nCameras: value }),
      code: range,
      says: [String(value)],
      fish: 4,
      field: 'nCameras',
    },
    {
      what: `a detection of ${value}`,
      tracks: detections(value),
      code: range,
      says: [String(value)],
      fish: 4,
      camera: 'east',
      field: 'cameraDetections',
    },
  ]),
  {
    what: 'a detection below -1',
    tracks: detections(-2),
    code: range,
    says: ['-2'],
    fish: 4,
    camera: 'east',
    field: 'cameraDetections',
  },
  ...[2 ** 31, -(2 ** 31) - 1, NaN, Infinity].map(
    (value): Refusal => ({
      what: `a box number of ${value}`,
      tracks: boxes([0, 0, value, 0]),
      code: range,
      says: [String(value), '[2]'],
      fish: 4,
      camera: 'east',
      field: 'bboxes',
    }),
  ),

  // Numbers that float32 cannot hold.
  {
    what: 'a position beyond float32',
    tracks: wrong({ centroid3d: [0, 1e39, 0] }),
    code: range,
    says: ['1e+39'],
    fish: 4,
    field: 'centroid3d',
  },
  ...[Infinity, -Infinity].map(
    (value): Refusal => ({
      what: `a position with ${value}`,
      tracks: wrong({ centroid3d: [NaN, value, 0] }),
      code: range,
      says: ['centroid3d[1]', String(value), 'finite'],
      fish: 4,
      field: 'centroid3d',
    }),
  ),
  ...[
    [NaN, 1, 2],
    [1, NaN, 2],
    [NaN, NaN, 2],
    [1, 2, NaN],
  ].map(
    (position): Refusal => ({
      what: `a position that is known in part, ${position}`,
      tracks: wrong({ centroid3d: position }),
      code: invalid,
      says: ['three NaN', 'null', position.join(', ')],
      fish: 4,
      field: 'centroid3d',
    }),
  ),
  {
    what: 'a confidence beyond float32',
    tracks: wrong({ confidence: -1e39 }),
    code: range,
    says: ['-1e+39'],
    fish: 4,
    field: 'confidence',
  },
  {
    what: 'a residual beyond float32',
    tracks: wrong({ reprojectionResidual: 4e38 }),
    code: range,
    says: ['4e+38'],
    fish: 4,
    field: 'reprojectionResidual',
  },

  // Values of the wrong type.
  ...['4', 4n, null, undefined, true, [4]].flatMap((value): Refusal[] =>
    ['fishId', 'confidence', 'reprojectionResidual', 'nCameras'].map((field) => ({
      what: `a ${field} of type ${typeof value} (${String(value)})`,
      tracks: wrong({ [field]: value }),
      code: invalid,
      says: [],
      field,
    })),
  ),
  ...[1, 0, 'true', null, undefined].map(
    (value): Refusal => ({
      what: `an isConfirmed of ${value}`,
      tracks: wrong({ isConfirmed: value }),
      code: invalid,
      says: [String(value)],
      fish: 4,
      field: 'isConfirmed',
    }),
  ),
  ...[undefined, 1, 'xyz', [], [1, 2], [1, 2, 3, 4], {}].map(
    (value): Refusal => ({
      what: `a position of ${JSON.stringify(value)}`,
      tracks: wrong({ centroid3d: value }),
      code: invalid,
      says: ['three'],
      fish: 4,
      field: 'centroid3d',
    }),
  ),
  {
    what: 'a coordinate that is no number',
    tracks: wrong({ centroid3d: [1, '2', 3] }),
    code: invalid,
    says: ["'2'"],
    fish: 4,
    field: 'centroid3d',
  },
  {
    what: 'a position with a hole',
    tracks: wrong({ centroid3d: new Array(3) }),
    code: invalid,
    says: ['undefined'],
    fish: 4,
    field: 'centroid3d',
  },
  ...[null, undefined, 1, 'north', [1]].flatMap((value): Refusal[] =>
    ['cameraDetections', 'bboxes'].map((field) => ({
      what: `${field} of ${JSON.stringify(value)}`,
      tracks: wrong({ [field]: value }),
      code: invalid,
      says: [],
      fish: 4,
      field,
    })),
  ),
  ...['1', 1n, null, undefined, true].map(
    (value): Refusal => ({
      what: `a detection of type ${typeof value}`,
      tracks: detections(value),
      code: invalid,
      says: ['east'],
      fish: 4,
      camera: 'east',
      field: 'cameraDetections',
    }),
  ),
  ...[null, undefined, 1, 'abcd', [1, 2, 3], [1, 2, 3, 4, 5], {}].map(
    (value): Refusal => ({
      what: `a box of ${JSON.stringify(value)}`,
      tracks: boxes(value),
      code: invalid,
      says: ['four', 'east'],
      fish: 4,
      camera: 'east',
      field: 'bboxes',
    }),
  ),
  {
    what: 'a box number that is no number',
    tracks: boxes([1, 2, 3, '4']),
    code: invalid,
    says: ["'4'", 'east'],
    fish: 4,
    camera: 'east',
    field: 'bboxes',
  },

  // Tracks of the wrong type.
  ...[null, undefined, 3, {}, true].map(
    (tracks): Refusal => ({
      what: `tracks of ${String(tracks)}`,
      tracks,
      code: invalid,
      says: ['tracks', String(tracks) === '[object Object]' ? '{}' : String(tracks)],
      field: 'tracks',
    }),
  ),
  ...[null, undefined, 3, 'fish'].map(
    (track): Refusal => ({
      what: `a track of ${track}`,
      tracks: [good[0], track],
      code: invalid,
      says: ['tracks', String(track)],
    }),
  ),
  { what: 'tracks that are a string', tracks: 'fish', code: invalid, says: ['tracks'] },
]

describe.each(refusals)('$what', ({ what, tracks, code, says, ...names }) => {
  test(`a frame with ${what} is refused with ${code}, and only this frame is lost`, async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { maxFish: 3, chunkFrames: 3 })
    writer.writeFrame(10, good)
    const error = await failure(() => writer.writeFrame(17, tracks as TrackRecord[]))

    expect(error).toMatchObject({ code, frame: 17, ...(names.fish === undefined ? {} : { fish: names.fish }) })
    expect(error.message).toMatch(/frame 17\b/)
    if (names.fish !== undefined) expect(error.message).toMatch(new RegExp(`fish ${names.fish}\\b`))
    if (names.camera !== undefined) {
      expect(error.camera).toBe(names.camera)
      expect(error.message).toContain(names.camera)
    }
    if (names.field !== undefined) {
      expect(error.field).toContain(names.field)
      expect(error.message).toContain(names.field)
    }
    for (const phrase of says) expect(error.message).toMatch(phrase instanceof RegExp ? phrase : escaped(phrase))

    // The file ends at the last accepted frame, while the writer is open …
    expect(writer.framesWritten).toBe(1)
    await writer.flush()
    const accepted = [{ frameIndex: 10, tracks: good }]
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(accepted, CAMERAS, 3))

    // … and after close(), with the later frames. The refused frame's index can be used again; its row has fewer fish, so that
    // traces of the refused frame would show.
    for (const frameIndex of [17, 18, 19]) {
      accepted.push({ frameIndex, tracks: [fish(2, frameIndex)] })
      writer.writeFrame(frameIndex, accepted.at(-1)!.tracks)
    }
    await failure(() => writer.writeFrame(20, tracks as TrackRecord[]))
    await writer.close()
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(accepted, CAMERAS, 3))
  })
})

const escaped = (phrase: string) => new RegExp(phrase.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))

test('the writer refuses a wrong frame in the first row of a chunk and in its last', async () => {
  const path = scratch()
  const bad = wrong({ bboxes: { north: [1, 2, 3, 4], east: [1, 2, 3, NaN] } })
  const accepted = []
  {
    using writer = new TrackingWriter(path, CAMERAS, { maxFish: 3, chunkFrames: 2 })
    for (let frameIndex = 0; frameIndex < 12; frameIndex++) {
      await failure(() => writer.writeFrame(frameIndex, bad))
      if (frameIndex % 4 === 3) continue
      accepted.push({ frameIndex, tracks: frameIndex % 3 ? [] : good })
      writer.writeFrame(frameIndex, accepted.at(-1)!.tracks)
    }
  }
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(accepted, CAMERAS, 3))
})

describe('an iterable of tracks that uses the writer', () => {
  test.each<[string, (writer: TrackingWriter) => void]>([
    ['to write another frame', (writer) => writer.writeFrame(1, [fish(9, 9)])],
    ['to close it', (writer) => writer.closeSync()],
    ['to flush it', (writer) => writer.flushSync()],
  ])(
    'an iterable of tracks that uses the writer %s leaves a file in which every counted frame is complete',
    async (_, use) => {
      const path = scratch()
      const writer = new TrackingWriter(path, CAMERAS, { maxFish: 3, chunkFrames: 1 })
      const meddling = function* () {
        yield good[0]!
        use(writer)
        yield good[1]!
      }
      let outer = true
      try {
        writer.writeFrame(2, meddling())
      } catch {
        outer = false
      }
      const { framesWritten } = writer
      await writer.close()
      const results = columnsRead(await readTrackingResults(path))
      const inner =
        use.toString().includes('writeFrame') && framesWritten === (outer ? 2 : 1)
          ? [{ frameIndex: 1, tracks: [fish(9, 9)] }]
          : []
      const expected = [...inner, ...(outer ? [{ frameIndex: 2, tracks: good }] : [])]
      expect(results.frameIndex.shape).toEqual([framesWritten])
      expect(results).toEqual(columnsOf(expected, CAMERAS, 3))
    },
  )
})
