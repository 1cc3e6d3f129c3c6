import { readTrackingResults, TrackingWriter, type TrackRecord } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, fish, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// The tracks of a frame are any iterable; records keyed by camera are plain objects or Maps; positions and boxes are any
// array-like of numbers. The caller may change its input as soon as writeFrame has returned.

const tracks = school(1, 4)[0]!.tracks
const expected = columnsOf([{ frameIndex: 0, tracks }], CAMERAS, 9)
const readBack = async (given: Iterable<TrackRecord>, cameras: Iterable<string> = CAMERAS) => {
  const path = scratch()
  using writer = new TrackingWriter(path, cameras)
  writer.writeFrame(0, given)
  writer.closeSync()
  return columnsRead(await readTrackingResults(path))
}

describe('tracks', () => {
  test.each<[string, () => Iterable<TrackRecord>]>([
    ['an array', () => tracks],
    ['a Set', () => new Set(tracks)],
    ['the values of a Map', () => new Map(tracks.map((track) => [track.fishId, track])).values()],
    [
      'a generator',
      () =>
        (function* () {
          yield* tracks
        })(),
    ],
    ['any object with Symbol.iterator', () => ({ [Symbol.iterator]: () => tracks[Symbol.iterator]() })],
    ['an array in another order', () => [...tracks].reverse()],
    ['a frozen array', () => Object.freeze([...tracks])],
  ])('writeFrame takes tracks as %s', async (_, given) => {
    expect(await readBack(given())).toEqual(expected)
  })

  test('a generator of tracks that throws leaves nothing of its frame, and its error propagates', async () => {
    const path = scratch()
    using writer = new TrackingWriter(path, CAMERAS)
    const broken = new Error('no more fish')
    const generator = function* () {
      yield tracks[0]!
      throw broken
    }
    expect(() => writer.writeFrame(0, generator())).toThrow(broken)
    expect(writer.framesWritten).toBe(0)
    writer.writeFrame(0, tracks)
    writer.closeSync()
    expect(columnsRead(await readTrackingResults(path))).toEqual(expected)
  })
})

describe('records keyed by camera', () => {
  const convert = (by: <T>(record: Record<string, T>) => Record<string, T> | ReadonlyMap<string, T>) =>
    tracks.map((track) => ({
      ...track,
      cameraDetections: by(track.cameraDetections as Record<string, number>),
      bboxes: by(track.bboxes as Record<string, ArrayLike<number>>),
    }))

  test('writeFrame takes records keyed by camera as Maps', async () => {
    expect(await readBack(convert((record) => new Map(Object.entries(record))))).toEqual(expected)
  })

  test('writeFrame takes records keyed by camera as objects without a prototype', async () => {
    expect(await readBack(convert((record) => Object.assign(Object.create(null), record)))).toEqual(expected)
  })

  test('writeFrame takes a record keyed by camera as any object with a forEach(value, key)', async () => {
    const like = <T>(record: Record<string, T>) => {
      const held = new Map(Object.entries(record))
      const each = (store: (value: T, key: string) => void) => {
        for (const [key, value] of held) store(value, key)
      }
      return Object.create({ forEach: each }) as ReadonlyMap<string, T>
    }
    expect(await readBack(convert(like))).toEqual(expected)
  })

  test('writeFrame takes detections as a Map together with boxes as an object', async () => {
    const mixed = tracks.map((track) => ({
      ...track,
      cameraDetections: new Map(Object.entries(track.cameraDetections)),
    }))
    expect(await readBack(mixed)).toEqual(expected)
  })

  test('writeFrame ignores inherited properties of records keyed by camera', async () => {
    const inherited = Object.create({ north: 3 }) as Record<string, number>
    const boxes = Object.create({ north: [1, 2, 3, 4] }) as Record<string, number[]>
    const read = await readBack([{ ...tracks[0]!, cameraDetections: inherited, bboxes: boxes }])
    expect(read.cameraAssignments[0]![1].data[0]).toBe(-1)
    expect(read.bboxes[0]![1].data[0]).toBe(-1)
  })
})

describe('numbers', () => {
  test.each<[string, (values: ArrayLike<number>) => ArrayLike<number>]>([
    ['Float32Array', (values) => Float32Array.from(values)],
    ['Float64Array', (values) => Float64Array.from(values)],
    ['an object with a length', (values) => ({ ...Array.from(values), length: values.length })],
  ])('writeFrame takes positions and boxes as %s', async (_, as) => {
    const converted = tracks.map((track) => ({
      ...track,
      centroid3d: track.centroid3d && as(track.centroid3d),
      bboxes: new Map(Object.entries(track.bboxes).map(([camera, box]) => [camera, as(box)])),
    }))
    expect(await readBack(converted)).toEqual(expected)
  })
})

test('camera names may be any iterable of strings', async () => {
  expect(await readBack(tracks, new Set(CAMERAS))).toEqual(expected)
  expect(
    await readBack(
      tracks,
      (function* () {
        yield* CAMERAS
      })(),
    ),
  ).toEqual(expected)
})

test('writeFrame copies its input, so the caller may reuse one record for every frame', async () => {
  const reused = fish(1) as TrackRecord & { centroid3d: number[]; bboxes: Record<string, number[]> }
  reused.bboxes = { east: [0, 0, 0, 0] }
  const path = scratch()
  {
    using writer = new TrackingWriter(path, CAMERAS, { maxFish: 1, chunkFrames: 2 })
    for (let frame = 0; frame < 5; frame++) {
      reused.centroid3d[0] = frame
      reused.bboxes.east![3] = frame
      writer.writeFrame(frame, [reused])
    }
  }
  const { centroid3d, bboxes } = await readTrackingResults(path)
  expect([...centroid3d.data].filter((_, n) => n % 3 === 0)).toEqual([0, 1, 2, 3, 4])
  expect([...bboxes.east!.data].filter((_, n) => n % 4 === 3)).toEqual([0, 1, 2, 3, 4])
})

test('writeFrame does not change its input', async () => {
  const frames = school(2)
  const before = structuredClone(frames)
  await written(frames)
  expect(frames).toEqual(before)
})
