import { FishTracker, ransacCentroidCluster } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { feed, seen } from '../support/tracking/observations.js'
import { detect, detection, overhead, type Point } from '../support/tracking/overhead.js'

// Invalid input: the error names what is wrong and where, and the tracker's state does not change.

describe('invalid input of the tracker', () => {
  test.each([
    ['minHits', 0],
    ['maxAge', -1],
    ['maxAge', 1.5],
    ['maxDistance', -0.1],
    ['maxDistance', Number.NaN],
    ['maxDistance', '0.1'],
    ['expectedCount', -1],
    ['maxDistanse', 1],
  ])('the tracker refuses the option %s: %j', async (field, value) => {
    const error = await failure(() => new FishTracker({ [field]: value }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field })
    expect(error.message).toContain(field)
  })

  test.each([
    [
      'NaN',
      seen(0, Number.NaN),
      'ERR_OUT_OF_RANGE',
      'must be three finite numbers within float32; got [ 0, NaN, 0.5 ]',
    ],
    ['an infinite depth', seen(0, 0, Number.POSITIVE_INFINITY), 'ERR_OUT_OF_RANGE', 'must be three finite numbers'],
    ['a number beyond float32', seen(1e39), 'ERR_OUT_OF_RANGE', 'within float32'],
    ['two numbers', seen(0, 0, 0, { centroid3d: [1, 2] }), 'ERR_INVALID_TRACK', 'must be three numbers'],
    ['no position', { ...seen(0), centroid3d: null as never }, 'ERR_INVALID_TRACK', 'must be three numbers; got null'],
    [
      'text',
      seen(0, 0, 0, { centroid3d: ['1', '2', '3'] as never }),
      'ERR_OUT_OF_RANGE',
      'must be three finite numbers',
    ],
  ])('the tracker refuses a position of %s, says where, and keeps its state', async (_, wrong, code, said) => {
    const tracker = new FishTracker({ minHits: 1 })
    feed(tracker, [[seen(0)]], 6)
    const before = tracker.allTracks()
    const error = await failure(() => tracker.update({ frameIndex: 7, associations: [seen(0.01), wrong] }))
    expect(error).toMatchObject({ code, frame: 7, field: 'centroid3d' })
    expect(error.message).toMatch(/^frame 7: associations\[1\]\.centroid3d must be .*; the frame was not tracked$/)
    expect(error.message).toContain(said)
    expect(tracker.allTracks()).toEqual(before)
    expect(feed(tracker, [[seen(0.01)]], 7)).toMatchObject([[{ fishId: 0, hitStreak: 2 }]])
  })

  test.each([
    [5, 'ERR_FRAME_ORDER', 'frame 5: frameIndex must be above 5'],
    [4n, 'ERR_FRAME_ORDER', 'frame 4: frameIndex must be above 5'],
    [6.5, 'ERR_OUT_OF_RANGE', 'frameIndex must be a safe integer'],
    [2n ** 63n, 'ERR_OUT_OF_RANGE', 'frameIndex must be within int64'],
    ['6', 'ERR_INVALID_TRACK', 'frameIndex must be a number or a bigint'],
  ])('the tracker refuses frame %s after frame 5', async (frameIndex, code, said) => {
    const tracker = new FishTracker()
    feed(tracker, [[seen(0)]], 5)
    const error = await failure(() => tracker.update({ frameIndex: frameIndex as number, associations: [] }))
    expect(error).toMatchObject({ code, field: 'frameIndex' })
    expect(error.message).toContain(said)
    expect(tracker.allTracks()).toHaveLength(1)
  })

  test('the tracker refuses a frame that is not an object with associations', async () => {
    const tracker = new FishTracker()
    const update = (frame: unknown) => failure(() => tracker.update(frame as never))
    expect(await update(null)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'frame' })
    expect(await update({ frameIndex: 0 })).toMatchObject({ code: 'ERR_INVALID_TRACK', field: 'associations' })
    expect(await update({ frameIndex: 0, associations: [null] })).toMatchObject({
      code: 'ERR_INVALID_TRACK',
      message: expect.stringContaining('associations[0] must be an object; got null'),
    })
  })
})

describe('invalid input of the association', () => {
  const fish: Point[] = [[0, 0.1, 1.5]]

  test('the association refuses detections of a camera without a model, by name', async () => {
    const detections = { ...detect(fish), north: [detection(1, 2)] }
    const error = await failure(() => ransacCentroidCluster(detections, overhead, { frameIndex: 3 }))
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_CAMERA', camera: 'north', frame: 3, field: 'detections' })
    expect(error.message).toContain("frame 3, camera 'north': detections must be of cameras that have a model")
  })

  test('the association needs no model for a camera without detections', () => {
    expect(ransacCentroidCluster({ north: [] }, overhead).associations).toEqual([])
  })

  test.each([
    [
      { ...detection(1, 2), centroid: [1, Number.NaN] },
      'ERR_OUT_OF_RANGE',
      'detections[1].centroid must be two finite',
    ],
    [{ ...detection(1, 2), centroid: [1] }, 'ERR_INVALID_TRACK', 'detections[1].centroid must be two numbers'],
    [{ ...detection(1, 2), bbox: [1, 2, 3] }, 'ERR_INVALID_TRACK', 'detections[1].bbox must be four numbers'],
    [{ ...detection(1, 2), bbox: undefined }, 'ERR_INVALID_TRACK', 'detections[1].bbox must be four numbers'],
    [{ ...detection(1, 2), confidence: Number.NaN }, 'ERR_INVALID_TRACK', 'detections[1].confidence must be a number'],
    [{ bbox: [1, 2, 3, 4], confidence: 1 }, 'ERR_INVALID_TRACK', 'detections[1].mask must have width, height'],
    [
      { bbox: [1, 2, 3, 4], confidence: 1, mask: { data: [1, 1], width: 2, height: 2 } },
      'ERR_INVALID_TRACK',
      'detections[1].mask must have width, height',
    ],
    [
      { bbox: [1, 2, 3, 4], confidence: 1, mask: { data: [0, 0], width: 2, height: 1 } },
      'ERR_OUT_OF_RANGE',
      'detections[1].mask must have at least one pixel that is set',
    ],
    [null, 'ERR_INVALID_TRACK', 'detections[1] must be an object'],
  ])('the association refuses the detection %j', async (wrong, code, said) => {
    const detections = { ...detect(fish), east: [detection(1, 2), wrong as never] }
    const error = await failure(() => ransacCentroidCluster(detections, overhead))
    expect(error).toMatchObject({ code, camera: 'east', frame: 0 })
    expect(error.message).toContain(`frame 0, camera 'east': ${said}`)
  })

  test.each([
    ['reprojectionThreshold', -1],
    ['reprojectionThreshold', Number.NaN],
    ['minCameras', 0],
    ['iterations', -1],
    ['expectedCount', 2.5],
    ['singleViewDistance', -0.5],
    ['random', 4],
    ['seedPoints', 5],
    ['threshold', 15],
  ])('the association refuses the option %s: %j', async (field, value) => {
    const error = await failure(() => ransacCentroidCluster(detect(fish), overhead, { [field]: value }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field })
    expect(error.message).toContain(field)
  })

  test('the association refuses an invalid seed point', async () => {
    const seedPoints = [[0, 0, 1.5], [0, Number.NaN, 1.5]] // biome-ignore format: points
    const error = await failure(() => ransacCentroidCluster(detect(fish), overhead, { seedPoints, frameIndex: 2 }))
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE', frame: 2, field: 'seedPoints' })
    expect(error.message).toContain('seedPoints[1] must be three finite numbers')
  })

  test('the association refuses random numbers outside [0, 1)', async () => {
    const error = await failure(() => ransacCentroidCluster(detect(fish), overhead, { random: () => 1 }))
    expect(error.message).toBe('random must be a function that returns numbers in [0, 1); got 1')
  })

  test('the association refuses an invalid model and a model that returns another shape', async () => {
    const { pixels: _, ...rest } = { pixels: 0, castRay: () => ({ origins: [], directions: [] }) }
    for (const [model, said] of [
      [{}, 'models[west] must be a camera with project and castRay'],
      [{ ...rest, project: () => ({}) }, 'models[west].castRay must be a function that returns three numbers'],
    ] as const) {
      const error = await failure(() => ransacCentroidCluster({ west: [detection(1, 2)] }, { west: model as never }))
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
      expect(error.message).toContain(said)
    }
  })
})
