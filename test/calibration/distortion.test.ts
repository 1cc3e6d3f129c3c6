import fc from 'fast-check'
import { PinholeCamera, RefractiveCamera } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { runPython } from '../support/python.js'

// Lens distortion. The oracle is OpenCV's documented formula in numpy.

const K = [
  [770, 0, 639.5],
  [0, 768, 511.5],
  [0, 0, 1],
]
const straight = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]
const lenses: [string, { distortion: number[]; fisheye?: boolean }][] = [
  ['barrel, 5 coefficients', { distortion: [-0.2853406116327607, 0, 0, 0, 0] }],
  ['radial and tangential, 4 coefficients', { distortion: [-0.21, 0.05, 0.002, -0.0015] }],
  ['pincushion', { distortion: [0.12, 0.03, -0.001, 0.0007, 0.002] }],
  ['rational, 8 coefficients', { distortion: [1.2, -0.3, 0.0004, -0.0003, 0.02, 1.5, -0.1, 0.01] }],
  ['thin prism, 12 coefficients', { distortion: [-0.1, 0.02, 0.001, 0.001, 0, 0, 0, 0, 0.002, -0.001, 0.001, 0.0005] }],
  ['sensor not tilted, 14 coefficients', { distortion: [-0.1, 0.02, 0.001, 0.001, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }],
  ['fisheye', { distortion: [-0.02, 0.004, -0.001, 0.0002], fisheye: true }],
]

describe.each(lenses)('a camera with distortion: %s', (_, lens) => {
  const camera = new PinholeCamera({ K, R: straight, t: [0, 0, 0], ...lens })

  test('a camera with distortion projects as OpenCV does, within 1e-9 px', async () => {
    const points: number[][] = []
    for (let x = -0.6; x <= 0.61; x += 0.1) for (let y = -0.6; y <= 0.61; y += 0.1) points.push([2 * x, 2 * y, 2])
    const { fisheye = false, distortion } = lens
    const asked = [{ K, rvec: [0, 0, 0], t: [0, 0, 0], dist: distortion.slice(0, 12), fisheye, points }]
    const [expected] = JSON.parse(await runPython('opencv_project.py', [], { input: JSON.stringify(asked) }))
    const { pixels, valid } = camera.project(points.flat())
    expect([...valid]).toEqual(Array(points.length).fill(1))
    const errors = (expected as number[][]).flat().map((value, i) => Math.abs(value - pixels[i]!))
    expect(Math.max(...errors)).toBeLessThan(1e-9)
  })

  test('the ray of a pixel leads back to the pixel, and undistort is the inverse of distort, within 1e-7 px', () => {
    const pixel = fc.tuple(
      fc.double({ min: 300, max: 980, noNaN: true }),
      fc.double({ min: 200, max: 820, noNaN: true }),
    )
    fc.assert(
      fc.property(pixel, fc.double({ min: 0.1, max: 50, noNaN: true }), ([u, v], depth) => {
        const { origins, directions } = camera.castRay([u, v])
        const { pixels, valid } = camera.project(directions.map((value, i) => origins[i]! + depth * value))
        expect(valid[0]).toBe(1)
        expect(Math.hypot(pixels[0]! - u, pixels[1]! - v)).toBeLessThan(1e-7)
        const [x, y] = camera.distort(camera.undistort([u, v]))
        expect(Math.hypot(x! - u, y! - v)).toBeLessThan(1e-7)
      }),
      { numRuns: 200 },
    )
  })
})

test('points that a lens model folds back into the image are not visible', () => {
  const camera = new PinholeCamera({ K, R: straight, t: [0, 0, 0], distortion: [-0.3, 0, 0, 0] })
  // r (1 - 0.3 r^2) is largest at r = 1.054: the lens shows 1.5 where it shows 0.5.
  const { pixels, valid } = camera.project([1, 0, 1, 1.06, 0, 1, 1.5, 0, 1])
  expect([...valid]).toEqual([1, 0, 0])
  expect([...pixels.slice(2)]).toEqual([NaN, NaN, NaN, NaN])
})

test('pixels that the lens shows nothing at have neither a ray nor an undistorted pixel', () => {
  const camera = new PinholeCamera({ K, R: straight, t: [0, 0, 0], distortion: [-0.3, 0, 0, 0] })
  expect([...camera.undistort([639.5 + 770 * 0.8, 511.5])]).toEqual([NaN, NaN])
  expect([...camera.castRay([639.5 + 770 * 0.8, 511.5]).directions]).toEqual([NaN, NaN, NaN])
  expect(camera.undistort([639.5 + 770 * 0.7, 511.5])[0]).toBeGreaterThan(639.5 + 770 * 0.8)
})

test('a camera without coefficients, or with zeros, is the ideal one, to the bit', () => {
  const points = [0.3, -0.2, 1.7, 5, 1, 0.4]
  const ideal = new PinholeCamera({ K, R: straight, t: [0.1, 0, 0.2] })
  for (const distortion of [[], [0, 0, 0, 0], [0, 0, 0, 0, 0]]) {
    const camera = new PinholeCamera({ K, R: straight, t: [0.1, 0, 0.2], distortion })
    expect(camera.project(points)).toEqual(ideal.project(points))
    expect([...camera.undistort([5, 7])]).toEqual([...ideal.undistort([5, 7])])
  }
})

test('a camera above water bends rays in its lens too', () => {
  const camera = new RefractiveCamera({ K, R: straight, t: [0, 0, 0], waterZ: 1, distortion: [-0.28, 0.05, 0.001, 0] })
  const { origins, directions } = camera.castRay([200, 300, 900, 700])
  const { pixels } = camera.project(directions.map((value, i) => origins[i]! + 0.4 * value))
  for (const [i, value] of [200, 300, 900, 700].entries()) expect(pixels[i]).toBeCloseTo(value, 6)
})

test.each([
  [[1, 2, 3], '4, 5, 8, 12 or 14'],
  [[1, 2, 3, Number.NaN], 'finite'],
  [[...Array(12).fill(0), 0.1, 0], 'tilted'],
])('distortion coefficients %j are refused', async (distortion, why) => {
  const { code, message, field } = await failure(() => new PinholeCamera({ K, R: straight, t: [0, 0, 0], distortion }))
  expect({ code, field }).toEqual({ code: 'ERR_INVALID_ARGUMENT', field: 'distortion' })
  expect(message).toContain(why)
})
