import { readTrackingResults, TrackingReader } from 'h5tracks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { damageChunk } from '../../support/python.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// read({ start, stop, fields, cameras }) returns a part of what readTrackingResults returns: the frames start … stop - 1,
// with only the named fields and cameras.

const frames = school(20, 4)
const CHUNK = 6
let reader: TrackingReader

beforeAll(async () => {
  reader = new TrackingReader(await written(frames, CAMERAS, { chunkFrames: CHUNK }))
})
afterAll(() => reader.close())

describe('a window', () => {
  test.each([
    [0, 20],
    [0, 1],
    [19, 20],
    [5, 7],
    [6, 12],
    [3, 19],
    [11, 11],
    [0, 0],
    [20, 20],
  ])('a window from %i to %i contains just these frames', async (start, stop) => {
    const expected = columnsOf(frames.slice(start, stop), CAMERAS, 9)
    expect(columnsRead(await reader.read({ start, stop }))).toEqual(expected)
    expect(columnsRead(reader.readSync({ start, stop }))).toEqual(expected)
  })

  test('a window over chunks that were read in part before contains just these frames', async () => {
    for (const [start, stop] of [
      [1, 5],
      [7, 11],
      [13, 17],
      [18, 19],
    ] as const) {
      await reader.read({ start, stop })
    }
    for (const [start, stop] of [
      [2, 4],
      [4, 8],
      [3, 19],
    ] as const) {
      const expected = columnsOf(frames.slice(start, stop), CAMERAS, 9)
      expect(columnsRead(await reader.read({ start, stop }))).toEqual(expected)
      expect(columnsRead(reader.readSync({ start, stop }))).toEqual(expected)
      const cameras = CAMERAS.slice(-1)
      const { fishId, bboxes } = reader.readSync({ start, stop, fields: ['bboxes', 'fishId'], cameras })
      const whole = reader.readSync({ start, stop })
      expect(fishId).toEqual(whole.fishId)
      expect(Object.entries(bboxes)).toEqual(cameras.map((camera) => [camera, whole.bboxes[camera]]))
    }
  })

  test('a window starts at 0 and stops at the end by default', async () => {
    expect(columnsRead(await reader.read({ start: 17 }))).toEqual(columnsOf(frames.slice(17), CAMERAS, 9))
    expect(columnsRead(await reader.read({ stop: 2 }))).toEqual(columnsOf(frames.slice(0, 2), CAMERAS, 9))
    expect(columnsRead(await reader.read({}))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('many windows may be read concurrently', async () => {
    const starts = Array.from({ length: 18 }, (_, start) => start)
    const windows = await Promise.all(starts.map((start) => reader.read({ start, stop: start + 2 })))
    for (const [start, window] of windows.entries()) {
      expect(columnsRead(window)).toEqual(columnsOf(frames.slice(start, start + 2), CAMERAS, 9))
    }
  })

  test.each<[string, { start?: number; stop?: number }]>([
    ['stop', { stop: 21 }],
    ['start', { start: 21 }],
    ['start', { start: -1 }],
    ['stop', { stop: -1 }],
    ['start', { start: 3, stop: 2 }],
    ['start', { start: 1.5 }],
    ['stop', { stop: NaN }],
    ['stop', { stop: Infinity }],
    ['start', { start: '1' as unknown as number }],
    ['start', { start: 1n as unknown as number }],
  ])('a window with an invalid %s (%o) is refused, naming the option and its value', async (option, window) => {
    for (const read of [() => reader.read(window), () => reader.readSync(window)]) {
      const error = await failure(read)
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
      expect(error.message).toContain(option)
      expect(error.message).toContain(String(Object.values(window)[0]))
    }
  })
})

describe('fields', () => {
  test('read({ fields }) returns only the named fields', async () => {
    const all = await readTrackingResults(reader.path)
    const part = await reader.read({ fields: ['frameIndex', 'centroid3d'] })
    expect(part.frameIndex).toEqual(all.frameIndex)
    expect(part.centroid3d).toEqual(all.centroid3d)
    for (const field of [
      'fishId',
      'confidence',
      'reprojectionResidual',
      'nCameras',
      'isConfirmed',
      'cameraAssignments',
      'bboxes',
    ]) {
      expect(part).not.toHaveProperty(field)
    }
    expect(part.cameraNames).toEqual(CAMERAS)
  })

  test('read({ fields }) reads each field alone, in a window', async () => {
    const all = await reader.read({ start: 4, stop: 9 })
    for (const field of [
      'frameIndex',
      'fishId',
      'centroid3d',
      'confidence',
      'reprojectionResidual',
      'nCameras',
      'isConfirmed',
      'cameraAssignments',
      'bboxes',
    ] as const) {
      const alone: Partial<typeof all> = await reader.read({ start: 4, stop: 9, fields: [field] })
      expect(alone[field]).toEqual(all[field])
    }
  })

  test('read({ fields }) refuses an unknown field by name', async () => {
    const error = await failure(() => reader.read({ fields: ['fish_id' as 'fishId'] }))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain('fields')
    expect(error.message).toContain('fish_id')
  })
})

describe('cameras', () => {
  test('read({ cameras }) returns only the named cameras, in the order of the file', async () => {
    const all = await reader.read()
    const part = await reader.read({ cameras: ['south', 'north'] })
    expect(Object.keys(part.bboxes)).toEqual(['north', 'south'])
    expect(Object.keys(part.cameraAssignments)).toEqual(['north', 'south'])
    expect(part.bboxes.south).toEqual(all.bboxes.south)
    expect(part.fishId).toEqual(all.fishId)
  })

  test('read({ cameras: [] }) returns no camera', async () => {
    expect(Object.keys((await reader.read({ cameras: [] })).bboxes)).toEqual([])
  })

  test('read({ cameras }) refuses an unknown camera by name and lists the known ones', async () => {
    const error = await failure(() => reader.read({ cameras: ['north', 'west'] }))
    expect(['ERR_INVALID_ARGUMENT', 'ERR_UNKNOWN_CAMERA']).toContain(error.code)
    expect(error.message).toContain('west')
    expect(error.message).toContain('south')
  })
})

// Damaged chunks show which chunks a read decodes.
test('a read decodes only the chunks of the requested frames, fields and cameras', async () => {
  const path = await written(frames, CAMERAS, { chunkFrames: CHUNK })
  await damageChunk(path, '/tracking/confidence', 1)
  await damageChunk(path, '/tracking/bboxes/east', 2)
  using damaged = new TrackingReader(path)

  const head = { start: 0, stop: CHUNK }
  expect(columnsRead(await damaged.read(head))).toEqual(columnsOf(frames.slice(0, CHUNK), CAMERAS, 9))
  expect(await failure(() => damaged.read({ stop: CHUNK + 1 }))).toMatchObject({ code: 'ERR_HDF5' })
  expect(await failure(() => damaged.read({ start: 2 * CHUNK, stop: 2 * CHUNK + 1 }))).toMatchObject({
    code: 'ERR_HDF5',
  })

  const second = { start: CHUNK, stop: 2 * CHUNK }
  const { fishId, bboxes } = await damaged.read({ ...second, fields: ['fishId', 'bboxes'] })
  expect([fishId.shape, bboxes.east!.shape]).toEqual([
    [CHUNK, 9],
    [CHUNK, 9, 4],
  ])
  const third = { start: 2 * CHUNK, stop: 3 * CHUNK }
  expect(Object.keys((await damaged.read({ ...third, cameras: ['north', 'south'] })).bboxes)).toEqual([
    'north',
    'south',
  ])
  const read = []
  for await (const { frameIndex } of damaged.frames(head)) read.push(frameIndex)
  expect(read).toEqual([0, 1, 2, 3, 4, 5])
})
