import { type Detection, type FrameAssociations, RefractiveCamera, ransacCentroidCluster } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { detect, detection, K, overhead, type Point, randomFrom } from '../support/tracking/overhead.js'

// Association: which detections of several cameras at one moment are the same fish, and where it is. The expected behaviour
// is that of AquaPose's own tests of its association.

const twoFish: Point[] = [
  [0, 0.1, 1.5],
  [-0.2, -0.15, 1.5],
]
const close: Point[] = [
  [0.05, 0.05, 1.5],
  [-0.05, -0.05, 1.5],
]

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!)
const sure = ({ associations }: FrameAssociations) => associations.filter(({ isLowConfidence }) => !isLowConfidence)
const claims = ({ associations }: FrameAssociations) =>
  associations.flatMap(({ cameraDetections }) => Object.entries(cameraDetections).map((claim) => claim.join(' ')))

describe('two fish in three cameras', () => {
  const result = ransacCentroidCluster(detect(twoFish), overhead, {
    expectedCount: 2,
    iterations: 300,
    random: randomFrom(1),
  })

  test('the association finds exactly two fish, each in all three cameras', () => {
    expect(result.associations).toHaveLength(2)
    for (const fish of result.associations) {
      expect(fish).toMatchObject({ nCameras: 3, confidence: 1, isLowConfidence: false })
    }
    expect(result.associations.map(({ fishId }) => fishId)).toEqual([0, 1])
    expect(result.unassigned).toEqual([])
  })

  test('the association finds the exact positions of two fish', () => {
    for (const fish of twoFish) {
      expect(Math.min(...result.associations.map(({ centroid3d }) => distance(centroid3d, fish)))).toBeLessThan(1e-9)
    }
  })

  test('an associated fish carries its detections and their boxes', () => {
    const detections = detect(twoFish)
    for (const { centroid3d, cameraDetections, bboxes } of result.associations) {
      const fish = distance(centroid3d, twoFish[0]!) < 0.05 ? 0 : 1
      expect({ ...cameraDetections }).toEqual({ west: fish, east: fish, south: fish })
      for (const camera of Object.keys(overhead)) {
        expect((bboxes as Record<string, number[]>)[camera]).toEqual(detections[camera]![fish]!.bbox)
      }
    }
  })

  test('the association finds fish within 0.05 m, and residuals below the threshold, for 3 px of noise', () => {
    const noisy = detect(twoFish, overhead, 3, randomFrom(5))
    const found = sure(ransacCentroidCluster(noisy, overhead, { expectedCount: 2, random: randomFrom(2) }))
    expect(found).toHaveLength(2)
    for (const { centroid3d, reprojectionResidual } of found) {
      expect(Math.min(...twoFish.map((fish) => distance(centroid3d, fish)))).toBeLessThan(0.05)
      expect(reprojectionResidual).toBeGreaterThan(0)
      expect(reprojectionResidual).toBeLessThan(15)
    }
  })

  test('the residual is the mean distance in px between detections and the projected position', () => {
    const noisy = detect(twoFish, overhead, 3, randomFrom(5))
    const found = sure(ransacCentroidCluster(noisy, overhead, { expectedCount: 2, random: randomFrom(2) }))
    for (const { centroid3d, reprojectionResidual, cameraDetections } of found) {
      const distances = Object.entries(cameraDetections).map(([camera, index]) => {
        const [u, v] = overhead[camera]!.project(centroid3d).pixels
        const { centroid } = noisy[camera]![index] as Detection & { centroid: [number, number] }
        return Math.hypot(u! - centroid[0], v! - centroid[1])
      })
      expect(reprojectionResidual).toBeCloseTo(distances.reduce((sum, one) => sum + one) / distances.length, 9)
    }
  })
})

describe('seed points', () => {
  test('seed points let the association find all fish with 20 iterations, and with none', () => {
    for (const iterations of [20, 0]) {
      const options = { expectedCount: 2, iterations, seedPoints: twoFish }
      expect(sure(ransacCentroidCluster(detect(twoFish), overhead, options))).toHaveLength(2)
    }
  })

  test('a seed point near a fish gives the position of the fish, not of the seed', () => {
    const moved = twoFish.map(([x, y, z]): Point => [x + 0.004, y - 0.003, z])
    const found = ransacCentroidCluster(detect(moved), overhead, { seedPoints: twoFish, iterations: 0 })
    expect(found.associations.map(({ centroid3d }) => centroid3d)).toEqual(
      moved.map((point) => point.map((value) => expect.closeTo(value, 9))),
    )
  })

  test('a seed point claims the nearest unclaimed detection in each camera', () => {
    // Both seeds are nearest to the first fish; the second seed has to take the remaining detections.
    const seedPoints = [twoFish[0]!, twoFish[0]!.map((value) => value + 0.001)]
    const pair: Point[] = [twoFish[0]!, [0.006, 0.1, 1.5]]
    const found = ransacCentroidCluster(detect(pair), overhead, { seedPoints, iterations: 0 })
    expect(sure(found).map(({ cameraDetections }) => ({ ...cameraDetections }))).toEqual([
      { west: 0, east: 0, south: 0 },
      { west: 1, east: 1, south: 1 },
    ])
  })

  test('a seed point far from any fish claims no detection', () => {
    const options = { expectedCount: 2, seedPoints: [[1, 1, 1.2]], random: randomFrom(3), iterations: 300 }
    expect(sure(ransacCentroidCluster(detect(twoFish), overhead, options))).toHaveLength(2)
  })

  test('a seed point seen by fewer than minCameras cameras gives no fish', () => {
    const { south: _, ...two } = detect(twoFish)
    const options = { seedPoints: twoFish, iterations: 0 }
    expect(sure(ransacCentroidCluster(two, overhead, { ...options, minCameras: 2 }))).toHaveLength(2)
    expect(sure(ransacCentroidCluster(two, overhead, { ...options, minCameras: 3 }))).toEqual([])
  })
})

describe('a single view', () => {
  const found = ransacCentroidCluster({ west: [detection(850, 640, 0.65)], east: [], south: [] }, overhead)

  test('a fish seen by one camera is flagged, with the confidence of its detection and no residual', () => {
    expect(found.associations).toMatchObject([
      {
        fishId: 0,
        nCameras: 1,
        confidence: 0.65,
        isLowConfidence: true,
        reprojectionResidual: -1,
        cameraDetections: { west: 0 },
        bboxes: { west: [840, 635, 20, 10] },
      },
    ])
  })

  test('a fish seen by one camera is placed 0.5 m, or singleViewDistance, along its ray', () => {
    const { origins, directions } = overhead.west!.castRay([850, 640])
    const along = (metres: number) => Array.from(origins, (value, i) => value + metres * directions[i]!)
    expect(found.associations[0]!.centroid3d).toEqual(along(0.5))
    const options = { singleViewDistance: 0.2 }
    const nearer = ransacCentroidCluster({ west: [detection(850, 640)] }, overhead, options)
    expect(nearer.associations[0]!.centroid3d).toEqual(along(0.2))
  })

  test('a detection that fits no fish becomes a flagged single view', () => {
    const detections = detect(twoFish)
    detections.east!.unshift(detection(100, 100, 0.3))
    const result = ransacCentroidCluster(detections, overhead, {
      expectedCount: 2,
      iterations: 300,
      random: randomFrom(4),
    })
    expect(sure(result)).toHaveLength(2)
    expect(result.associations[2]).toMatchObject({ fishId: 2, cameraDetections: { east: 0 }, confidence: 0.3 })
    expect(result.associations).toHaveLength(3)
  })
})

describe('detections', () => {
  test.each([
    ['apart', twoFish],
    ['close', close],
  ])('each detection of two fish that are %s belongs to exactly one fish', (_, fish) => {
    for (let seed = 0; seed < 50; seed++) {
      const result = ransacCentroidCluster(detect(fish), overhead, { random: randomFrom(seed) })
      const used = claims(result)
      expect(new Set(used).size).toBe(used.length)
      expect(used).toHaveLength(6)
    }
  })

  test('a detection may give its centroid as a mask of the image or of a part of it', () => {
    const { pixels } = overhead.west!.project(twoFish[0]!)
    const [u, v] = [Math.round(pixels[0]!), Math.round(pixels[1]!)]
    // Three pixels in a corner of a large mask: the centroid is that of the pixels, not the middle of the box.
    const mask = { data: new Uint8Array(40 * 30), width: 40, height: 30, left: u - 2, top: v - 1 }
    for (const column of [1, 2, 3]) mask.data[1 * 40 + column] = 255
    const whole = { data: new Uint8Array(1600 * 1200), width: 1600, height: 1200 }
    for (const column of [u - 1, u, u + 1]) whole.data[v * 1600 + column] = 1
    const expected = ransacCentroidCluster({ west: [detection(u, v)] }, overhead).associations[0]!.centroid3d
    for (const one of [mask, whole]) {
      const detections = { west: [{ mask: one, bbox: [0, 0, 40, 30], confidence: 1 }] }
      expect(ransacCentroidCluster(detections, overhead).associations[0]!.centroid3d).toEqual(expected)
    }
  })

  test('detections and models may be Maps, keyed by any camera name', () => {
    const detections = new Map([['__proto__', detect(twoFish).west!]])
    const models = new Map([['__proto__', overhead.west!]])
    const { associations } = ransacCentroidCluster(detections, models)
    expect(associations.map(({ cameraDetections }) => Object.entries(cameraDetections))).toEqual([
      [['__proto__', 0]],
      [['__proto__', 1]],
    ])
  })

  test('a detection whose ray does not enter the water is reported as unassigned', () => {
    const level = new RefractiveCamera({
      K,
      // The camera looks horizontally: the upper half of its image is sky.
      R: [
        [0, -1, 0],
        [0, 0, 1],
        [-1, 0, 0],
      ],
      t: [0, 0, 0],
      waterZ: 1,
    })
    const found = ransacCentroidCluster({ level: [detection(800, 900), detection(800, 100)] }, { level })
    expect(found.associations.map(({ cameraDetections }) => ({ ...cameraDetections }))).toEqual([{ level: 0 }])
    expect(found.unassigned).toEqual([{ camera: 'level', detection: 1 }])
  })
})

describe('the frame of an association', () => {
  test('a frame without detections has no fish', () => {
    const empty = { associations: [], frameIndex: 0, unassigned: [] }
    expect(ransacCentroidCluster({}, overhead)).toEqual(empty)
    expect(ransacCentroidCluster({ west: [], east: [], south: [] }, overhead)).toEqual(empty)
    expect(ransacCentroidCluster({}, {}, { seedPoints: null })).toEqual(empty)
  })

  test('the association keeps the frame index', () => {
    expect(ransacCentroidCluster({}, overhead, { frameIndex: 42 }).frameIndex).toBe(42)
    expect(ransacCentroidCluster({}, overhead, { frameIndex: 2n ** 60n }).frameIndex).toBe(2n ** 60n)
  })

  test('the association stops at expectedCount fish', () => {
    const found = ransacCentroidCluster(detect(twoFish), overhead, { expectedCount: 1, random: randomFrom(1) })
    expect(sure(found)).toHaveLength(1)
    expect(found.associations).toHaveLength(4)
    expect(
      sure(ransacCentroidCluster(detect(twoFish), overhead, { expectedCount: 1, seedPoints: twoFish })),
    ).toHaveLength(1)
  })

  test('the association gives the same result for the same random numbers', () => {
    const detections = detect([...twoFish, ...close], overhead, 4, randomFrom(9))
    const once = (seed: number) => ransacCentroidCluster(detections, overhead, { random: randomFrom(seed) })
    expect(once(3)).toEqual(once(3))
    const results = new Set([1, 2, 3, 4, 5, 6].map((seed) => JSON.stringify(once(seed))))
    expect(results.size).toBeGreaterThan(1)
  })
})
