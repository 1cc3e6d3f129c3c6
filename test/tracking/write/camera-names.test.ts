import { readTrackingResults, TrackingReader, type TrackRecord } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { askH5py } from '../../support/python.js'
import { type Frame, fish, school } from '../../support/tracking/frames.js'
import { sameInH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead, plainFrame } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// A camera may have any name that HDF5 accepts for a link: serial numbers, and words that have a meaning in JavaScript.
// Every API keeps the order of the cameras, although a plain JavaScript object would put names that are integers first.

const ODD = [
  'zebra',
  '20442233',
  '7',
  '0',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'prototype',
  'camera 1 (left)',
  ' leading and trailing ',
  '.hidden',
  '..',
  'a.b',
  'Überwasser',
  '鱼',
  '🐟',
  'é',
  'e\u0301',
  '"quoted"',
  '-1',
  '1e3',
]

// An assignment to a key named __proto__ would set the prototype, so these records are built entry by entry.
const frames: Frame[] = school(3, 2, ODD)

describe('odd camera names', () => {
  test('odd camera names survive a round trip in their order', async () => {
    const results = await readTrackingResults(await written(frames, ODD))
    expect(results.cameraNames).toEqual(ODD)
    expect(Object.keys(results.cameraAssignments)).toEqual(ODD)
    expect(Object.keys(results.bboxes)).toEqual(ODD)
    expect(columnsRead(results)).toEqual(columnsOf(frames, ODD, 9))
  })

  test('h5py reads odd camera names as they were given', async () => {
    const path = await written(frames, ODD)
    expect(await askH5py<string[]>(path, 'list(f["tracking"].attrs["camera_names"])')).toEqual(ODD)
    await sameInH5py(path, { cameras: ODD, maxFish: 9 }, frames)
  })

  test('records keyed by odd camera names may be Maps', async () => {
    const asMaps = frames.map(({ frameIndex, tracks }) => ({
      frameIndex,
      tracks: tracks.map(
        (track): TrackRecord => ({
          ...track,
          cameraDetections: new Map(Object.entries(track.cameraDetections)),
          bboxes: new Map(Object.entries(track.bboxes)),
        }),
      ),
    }))
    const results = await readTrackingResults(await written(asMaps, ODD))
    expect(columnsRead(results)).toEqual(columnsOf(frames, ODD, 9))
  })

  test('frames() and trajectory() return odd camera names', async () => {
    using reader = new TrackingReader(await written(frames, ODD))
    const back = []
    for await (const frame of reader.frames()) back.push(plainFrame(frame))
    expect(back).toEqual(frames.map(plainFrame))
    const trajectory = await reader.trajectory(1)
    expect(Object.keys(trajectory.bboxes)).toEqual(ODD)
    expect([...Object.values(trajectory.cameraAssignments)[ODD.indexOf('__proto__')]!.data]).toHaveLength(3)
  })
})

describe('camera names with a common ending', () => {
  const ALIKE = ['left camera', 'right camera', 'a', 'b', 'camera', 'ra', 'cam07', 'rig cam07']
  const alike = school(3, 2, ALIKE)

  test('the writer distinguishes camera names with a common ending, whatever the order of the keys', async () => {
    const reversed = alike.map(({ frameIndex, tracks }) => ({ frameIndex, tracks: tracks.map(backwards) }))
    for (const given of [alike, reversed]) {
      const results = await readTrackingResults(await written(given, ALIKE))
      expect(columnsRead(results)).toEqual(columnsOf(alike, ALIKE, 9))
    }
  })

  test('the writer refuses an unknown camera whose name ends like a known one', async () => {
    const track = { ...fish(0, 1, []), cameraDetections: { 'third camera': 1 } }
    await expect(written([{ frameIndex: 0, tracks: [track] }], ALIKE)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_CAMERA',
      camera: 'third camera',
    })
  })

  function backwards(track: TrackRecord): TrackRecord {
    const turned = <T>(record: object) => Object.fromEntries(Object.entries<T>(record as Record<string, T>).reverse())
    return { ...track, cameraDetections: turned<number>(track.cameraDetections), bboxes: turned(track.bboxes) }
  }
})

describe('a record keyed by camera', () => {
  test('a record keyed by camera has no prototype, so it contains only cameras', async () => {
    const results = await readTrackingResults(await written(school(1, 3, ['a', '2', '1']), ['a', '2', '1']))
    for (const record of [results.cameraAssignments, results.bboxes]) {
      expect(Object.getPrototypeOf(record)).toBeNull()
      expect('toString' in record).toBe(false)
      expect('a' in record).toBe(true)
      expect(record['3']).toBeUndefined()
    }
  })

  test('every way to enumerate a record keyed by camera follows the order of cameraNames', async () => {
    const order = ['10', 'b', '9', 'a', '1']
    const { bboxes } = await readTrackingResults(await written(school(1, 1, order), order))
    const enumerated: string[] = []
    for (const camera in bboxes) enumerated.push(camera)
    expect(enumerated).toEqual(order)
    expect(Object.keys(bboxes)).toEqual(order)
    expect(Object.entries(bboxes).map(([camera]) => camera)).toEqual(order)
    expect(Reflect.ownKeys(bboxes)).toEqual(order)
    expect(Object.values(bboxes)).toEqual(order.map((camera) => bboxes[camera]))
  })
})

test('a camera name of 1000 characters and 201 cameras survive a round trip', async () => {
  const cameras = ['x'.repeat(1000), ...Array.from({ length: 200 }, (_, n) => String(200 - n))]
  const tracks = [fish(0, 1, cameras)]
  const path = await written([{ frameIndex: 0, tracks }], cameras, { maxFish: 1 })
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf([{ frameIndex: 0, tracks }], cameras, 1))
})
