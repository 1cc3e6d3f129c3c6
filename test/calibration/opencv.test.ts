import { readCalibration } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runPython } from '../support/python.js'
import { withoutModules } from '../support/python-modules.js'
import { scratch } from '../support/scratch.js'

// OpenCV itself: files of its FileStorage, and its projection with lens distortion. Debian's package takes half a minute to install, so
// that the tests run only where it is.

const absent = withoutModules(['cv2'], ['python3-opencv'])
const K = [
  [770, 0, 639.5],
  [0, 768, 511.5],
  [0, 0, 1],
]
const points: number[][] = []
for (let x = -1; x <= 1; x += 0.25) for (let y = -1; y <= 1; y += 0.25) points.push([x, y, 0.1 * x * y])
const pose = { rvec: [0.2, -0.1, 0.05], t: [0.1, -0.2, 3.5] }

describe.skipIf(absent)(`cameras with lens distortion, by OpenCV ${absent ?? ''}`, () => {
  test.each([
    ['5 coefficients', { dist: [-0.28, 0.07, 0.002, -0.0015, 0.01] }],
    ['8 coefficients', { dist: [0.4, -0.1, 0.0004, -0.0003, 0.02, 0.5, -0.1, 0.01] }],
    ['12 coefficients', { dist: [-0.1, 0.02, 0.001, 0.001, 0, 0, 0, 0, 0.002, -0.001, 0.001, 0.0005] }],
    ['a fisheye lens', { dist: [-0.02, 0.004, -0.001, 0.0002], fisheye: true }],
  ])('%s: files of FileStorage are read, and points fall on the pixels of cv2.projectPoints', async (_, lens) => {
    const { dist, fisheye = false } = lens as { dist: number[]; fisheye?: boolean }
    const paths = [scratch('camera.yaml'), scratch('camera.xml'), scratch('camera.json')]
    const asked = { paths, size: [1280, 1024], K, dist, fisheye, points, ...pose }
    const expected = JSON.parse(
      await runPython('opencv_calibration.py', [], { input: JSON.stringify(asked) }),
    ) as number[]
    for (const path of paths) {
      const cameras = Object.values(await readCalibration(path))
      expect(cameras).toHaveLength(1)
      const [read] = cameras
      expect(read!.size).toEqual([1280, 1024])
      const { pixels, valid } = read!.project(points.flat())
      expect([...valid]).toEqual(points.map(() => 1))
      for (const [i, value] of expected.entries()) expect(pixels[i]).toBeCloseTo(value, 7)
    }
  })
})
