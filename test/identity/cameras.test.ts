import { type CameraModel, PinholeCamera, RefractiveCamera } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { K, straight } from '../support/tracking/overhead.js'

// Projection of points to pixels and back. The oracles do not use the library's formulas: similar triangles, Fermat's
// principle (light takes the fastest path), and Snell's law in angles.

type Triple = [number, number, number]
const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const length = (a: Triple) => Math.sqrt(dot(a, a))

/** A rotation by three angles, rad. */
function turned(a: number, b: number, c: number): Triple[] {
  const [sa, ca, sb, cb, sc, cc] = [a, b, c].flatMap((angle) => [Math.sin(angle), Math.cos(angle)]) as number[]
  return [
    [ca! * cb!, ca! * sb! * sc! - sa! * cc!, ca! * sb! * cc! + sa! * sc!],
    [sa! * cb!, sa! * sb! * sc! + ca! * cc!, sa! * sb! * cc! - ca! * sc!],
    [-sb!, cb! * sc!, cb! * cc!],
  ]
}

const skewed = [
  [1400, 3, 790],
  [0, 1380, 610],
  [0, 0, 1],
]
const tilted = turned(0.4, -0.2, 0.3)
/** The same camera in coordinates whose z points up: it looks down onto the water below. */
const upward = tilted.map(([x, y, z]) => [x, -y, -z])
const t: Triple = [0.1, -0.2, 0.05]

const cameras: [string, CameraModel, depths: number[]][] = [
  ['pinhole', new PinholeCamera({ K: skewed, R: tilted, t }), [0.2, 1, 5]],
  ['over water, z down', new RefractiveCamera({ K: skewed, R: tilted, t, waterZ: 1 }), [0.001, 0.3, 4]],
  ['over water, z up', new RefractiveCamera({ K: skewed, R: upward, t, waterZ: -1 }), [0.001, 0.3, 4]],
  ['over oil', new RefractiveCamera({ K, R: straight, t, waterZ: 2, nWater: 1.47, nAir: 1.0003 }), [0.3]],
  ['in water, looking out', new RefractiveCamera({ K, R: straight, t, waterZ: 0.5, nAir: 1.333, nWater: 1 }), [0.3]],
]

describe.each(cameras)('a camera: %s', (name, camera, depths) => {
  test(`a camera (${name}) projects any point on the ray of a pixel back to it, within 1e-6 px`, () => {
    const pixels: number[] = []
    for (let u = 0; u <= 1600; u += 50) for (let v = 0; v <= 1200; v += 50) pixels.push(u, v)
    const { origins, directions } = camera.castRay(pixels)
    for (const depth of depths) {
      const points = Float64Array.from(origins, (value, i) => value + depth * directions[i]!)
      const back = camera.project(points)
      expect(Array.from(back.valid, Number)).toEqual(Array(pixels.length / 2).fill(1))
      const errors = pixels.map((value, i) => Math.abs(back.pixels[i]! - value))
      expect(Math.max(...errors)).toBeLessThan(1e-6)
    }
  })

  test(`a camera (${name}) casts rays of unit length`, () => {
    const { directions } = camera.castRay([0, 0, 800, 600, 1500, 100])
    for (let i = 0; i < 9; i += 3) {
      expect(length([directions[i]!, directions[i + 1]!, directions[i + 2]!])).toBeCloseTo(1, 14)
    }
  })
})

describe('a pinhole camera', () => {
  const camera = new PinholeCamera({ K, R: straight, t: [-2, 1, 1] })

  test('a pinhole camera projects by similar triangles', () => {
    // At (2, -1, -1), looking along z: a point 2 in front and 0.5 to the right is 0.25 focal lengths to the right.
    expect(Array.from(camera.project([2.5, -1, 1]).pixels)).toEqual([800 + 350, 600])
    expect(Array.from(camera.castRay([800, 600]).origins)).toEqual([2, -1, -1])
    expect(Array.from(camera.castRay([800, 600]).directions)).toEqual([0, 0, 1])
  })

  test('a pinhole camera does not see points behind or beside it', () => {
    const { pixels, valid } = camera.project([2, -1, 0, 2, -1, -2, 3, -1, -1])
    expect([...valid]).toEqual([1, 0, 0])
    expect([...pixels]).toEqual([800, 600, NaN, NaN, NaN, NaN])
  })

  test('a camera orthonormalises a rotation of single precision', () => {
    const single = tilted.map((row) => row.map(Math.fround))
    const camera = new PinholeCamera({ K, R: single, t })
    const { origins, directions } = camera.castRay([100, 200])
    const { pixels } = camera.project(origins.map((value, i) => value + 3 * directions[i]!))
    expect([...pixels]).toEqual([expect.closeTo(100, 9), expect.closeTo(200, 9)])
  })
})

describe('a camera over water', () => {
  const centre: Triple = [0.3, -0.2, -0.5]
  const waterZ = 0.75
  const camera = new RefractiveCamera({ K, R: straight, t: [-0.3, 0.2, 0.5], waterZ })

  test('a camera over water sees a point along the fastest path of light', () => {
    for (const point of [
      [0.9, 0.4, 1.5],
      [-2, 1, 0.8],
      [0.3, -0.2, 2],
      [0.301, -0.2, 5],
    ] as Triple[]) {
      // biome-ignore format: points
      const [u, v] = camera.project(point).pixels as unknown as [number, number]
      // The point where the pixel's line of sight, which is straight in air, meets the surface.
      const surface = waterZ - centre[2]
      const seen: Triple = [centre[0] + ((u - 800) / 1400) * surface, centre[1] + ((v - 600) / 1400) * surface, waterZ]
      // The optical path length by the place of the crossing between camera and point; a ternary search finds its minimum.
      const crossing = (part: number): Triple => [
        centre[0] + part * (point[0] - centre[0]),
        centre[1] + part * (point[1] - centre[1]),
        waterZ,
      ]
      const path = (part: number) =>
        length(minus(crossing(part), centre)) + 1.333 * length(minus(point, crossing(part)))
      let [low, high] = [0, 1]
      for (let i = 0; i < 200; i++) {
        const [a, b] = [low + (high - low) / 3, high - (high - low) / 3]
        if (path(a) < path(b)) high = b
        else low = a
      }
      // A minimum is flat, so the search finds it to half of the digits.
      expect(length(minus(seen, crossing(low)))).toBeLessThan(1e-6)
    }
  })

  test("a camera over water casts rays that obey Snell's law, in the plane of incidence", () => {
    for (const [u, v] of [
      [0, 0],
      [1600, 300],
      [810, 1200],
    ] as const) {
      // biome-ignore format: pixels
      const { origins, directions } = camera.castRay([u, v])
      const into = [...directions] as Triple
      const incident = minus([...origins] as Triple, centre)
      const sineInAir = Math.hypot(incident[0], incident[1]) / length(incident)
      expect(1.333 * Math.hypot(into[0], into[1])).toBeCloseTo(sineInAir, 12)
      expect(into[0] * incident[1] - into[1] * incident[0]).toBeCloseTo(0, 12)
      expect(into[2]).toBeGreaterThan(0)
      expect(origins[2]).toBe(waterZ)
    }
  })

  test('a camera over water with a refractive index of 1 equals a pinhole camera', () => {
    const plain = new PinholeCamera({ K: skewed, R: tilted, t })
    const water = new RefractiveCamera({ K: skewed, R: tilted, t, waterZ: 1, nWater: 1 })
    const points = [0.2, 0.3, 2, -0.1, 0.5, 1.2]
    const expected = Array.from(plain.project(points).pixels, (value) => expect.closeTo(value, 8))
    expect(Array.from(water.project(points).pixels)).toEqual(expected)
  })

  test('a camera over water does not see points outside the water', () => {
    const { pixels, valid } = camera.project([0.3, 0, waterZ + 0.1, 0.3, 0, waterZ, 0.3, 0, 0, NaN, 0, 2])
    expect([...valid]).toEqual([1, 0, 0, 0])
    expect(pixels.subarray(2).every(Number.isNaN)).toBe(true)
  })

  test('a camera over water gives NaN for rays that miss the water', () => {
    const R = [
      [0, -1, 0],
      [0, 0, 1],
      [-1, 0, 0],
    ]
    const level = new RefractiveCamera({ K, R, t: [0, 0, 0], waterZ: 1 })
    const { origins, directions } = level.castRay([800, 100, 800, 601])
    expect([...origins.subarray(0, 3), ...directions.subarray(0, 3)].every(Number.isNaN)).toBe(true)
    expect([...origins.subarray(3), ...directions.subarray(3)].every(Number.isFinite)).toBe(true)
  })
})

describe('an invalid calibration', () => {
  const good = { K, R: straight, t: [0, 0, 0] }
  const mirrored = [straight[1]!, straight[0]!, straight[2]!]
  test.each([
    ['K', { K: straight.slice(1) }, 'K must be three rows of three numbers'],
    [
      'K',
      {
        K: [
          [0, 0, 1],
          [0, 1400, 1],
          [0, 0, 1],
        ],
      },
      'with fx and fy above 0',
    ],
    [
      'K',
      {
        K: [
          [1400, 0, 1],
          [0, 1400, 1],
          [0, 0, 2],
        ],
      },
      'K must be [[fx, skew, cx]',
    ],
    [
      'K[1]',
      {
        K: [
          [1400, 0, 1],
          [0, NaN, 1],
          [0, 0, 1],
        ],
      },
      'K[1] must be three finite numbers',
    ],
    ['R', { R: mirrored }, 'R must be a rotation'],
    [
      'R',
      {
        R: [
          [1, 0.1, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
      'R must be a rotation',
    ],
    ['t', { t: [0, 0] }, 't must be three finite numbers'],
    ['waterZ', { waterZ: NaN }, 'waterZ must be a finite number'],
    ['waterZ', { waterZ: 0 }, 'waterZ must be different from the z of the camera'],
    ['nWater', { nWater: 0.5 }, 'nWater must be a refractive index'],
    ['distorsion', { distorsion: [] }, 'has no option'],
  ])('a camera refuses an invalid %s (%o)', async (field, wrong, said) => {
    // biome-ignore format: matrices
    const error = await failure(() => new RefractiveCamera({ ...good, waterZ: 1, ...wrong } as never))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field })
    expect(error.message).toContain(said)
  })

  test('a camera refuses points that are not triples and pixels that are not pairs', async () => {
    const camera = new PinholeCamera(good)
    expect(await failure(() => camera.project([1, 2]))).toMatchObject({ field: 'points' })
    expect(await failure(() => camera.castRay([1, 2, 3]))).toMatchObject({ field: 'pixels' })
  })
})
