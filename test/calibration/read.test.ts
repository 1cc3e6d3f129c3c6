import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PinholeCamera, RefractiveCamera, readCalibration } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { ROOT } from '../support/process.js'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Calibration files of several programs that describe the same cameras. The oracle is OpenCV's formula in numpy.

const K = [770, 0, 639.5, 0, 768, 511.5, 0, 0, 1]
const rows = (values: number[]) => [values.slice(0, 3), values.slice(3, 6), values.slice(6)]
const rig = {
  back: { rvec: [-0.0162, 0.0024, -0.0008], t: [0.11, -5.9, 12.2], dist: [-0.28, 0, 0, 0, 0] },
  'side 2': { rvec: [0.5, 0.4, 2.7], t: [-1.3, 9.1, 19.0], dist: [-0.21, 0.05, 0.002, -0.0015, 0.01] },
}
const points = [
  [0, 0, 0],
  [1, -2, 3],
  [-1.5, 0.25, 2],
]

function file(name: string, text: string): string {
  const path = scratch(name)
  writeFileSync(path, text)
  return path
}

async function expected(cameras: object[]): Promise<number[][]> {
  const asked = cameras.map((camera) => ({ K: rows(K), fisheye: false, points, ...camera }))
  const pixels = JSON.parse(await runPython('opencv_project.py', [], { input: JSON.stringify(asked) }))
  return (pixels as number[][][]).map((list) => list.flat())
}

async function expectCameras(path: string, names: string[], cameras: object[]): Promise<void> {
  const read = await readCalibration(path)
  expect(Object.keys(read)).toEqual(names)
  for (const [i, pixels] of (await expected(cameras)).entries()) {
    const found = read[names[i]!]!.project(points.flat()).pixels
    for (const [j, value] of pixels.entries()) expect(found[j]).toBeCloseTo(value, 8)
  }
}

const toml = Object.entries(rig)
  .map(
    ([name, { rvec, t, dist }], i) => `[cam_${i}]
name = "${name}"
size = [ 1280, 1024,]
matrix = [ ${rows(K)
      .map((row) => `[ ${row.map((value) => value.toFixed(4)).join(', ')},]`)
      .join(', ')},]
distortions = [ ${dist.map((value) => value.toFixed(6)).join(', ')},]
rotation = [ ${rvec.map((value) => value.toFixed(6)).join(', ')},]
translation = [ ${t.map((value) => value.toFixed(6)).join(', ')},]
`,
  )
  .join('\n')

const matrix = (values: number[], columns: number) =>
  `!!opencv-matrix\n   rows: ${values.length / columns}\n   cols: ${columns}\n   dt: d\n   data: [ ${values
    .map((value) => value.toExponential(16))
    .join(',\n       ')} ]`
const xmlMatrix = (name: string, values: number[], columns: number) =>
  `<${name} type_id="opencv-matrix">\n  <rows>${values.length / columns}</rows>\n  <cols>${columns}</cols>\n  <dt>d</dt>\n  <data>\n    ${values.join(' ')}</data></${name}>`

describe('the same cameras from files of several programs', () => {
  const { back, 'side 2': side } = rig

  test('a calibration.toml of aniposelib, with its metadata', async () => {
    await expectCameras(
      file('calibration.toml', `${toml}\n[metadata]\nadjusted = false\nerror = 0.5\n`),
      Object.keys(rig),
      [back, side],
    )
    const { back: camera } = await readCalibration(file('calibration.toml', toml))
    expect(camera!.size).toEqual([1280, 1024])
  })

  test('a calibration.toml with a fisheye camera', async () => {
    const lens = { dist: [-0.02, 0.004, -0.001, 0.0002], fisheye: true, rvec: [0, 0.1, 0], t: [0, 0, 5] }
    const text = `[cam_0]\nname = "eye"\nfisheye = true\nsize = [1280, 1024]\nmatrix = ${JSON.stringify(rows(K))}
distortions = ${JSON.stringify(lens.dist)}\nrotation = [0.0, 0.1, 0.0]\ntranslation = [0.0, 0.0, 5.0]\n`
    await expectCameras(file('calibration.toml', text), ['eye'], [lens])
  })

  test('the YAML of OpenCV with one camera, which is at the origin', async () => {
    const text = `%YAML:1.0\n---\ncalibration_time: "Mon Nov 30 10:00:00 2026"\nimage_width: 1280\nimage_height: 1024
flags: 0\ncamera_matrix: ${matrix(K, 3)}\ndistortion_coefficients: ${matrix(side.dist, 1)}
avg_reprojection_error: 3.1e-01\nextrinsic_parameters: ${matrix([1, 2, 3, 4, 5, 6], 6)}\n`
    const path = file('out_camera_data.yml', text)
    const lines = points.map(([x, y, z]) => [x, y, z! + 4])
    const [pixels] = await expected([{ rvec: [0, 0, 0], t: [0, 0, 4], dist: side.dist }])
    const { camera } = await readCalibration(path)
    for (const [i, value] of pixels!.entries())
      expect(camera!.project(lines.flat() as number[]).pixels[i]).toBeCloseTo(value, 8)
    expect(camera!.size).toEqual([1280, 1024])
  })

  test('the YAML of OpenCV with a stereo pair: R and T lead from the first to the second camera', async () => {
    const R = JSON.parse(await runPython('opencv_rotation.py', [JSON.stringify(side.rvec)]))
    const text = `%YAML:1.0\n---\nM1: ${matrix(K, 3)}\nD1: ${matrix(back.dist, 5)}\nM2: ${matrix(K, 3)}\nD2: ${matrix(side.dist, 5)}
R: ${matrix(R, 3)}\nT: ${matrix(side.t, 1)}\nR1: ${matrix(R, 3)}\nQ: ${matrix([...K, 0, 0, 0, 0, 0, 0, 1], 4)}\n`
    const still = { rvec: [0, 0, 0], t: [0, 0, 0], dist: back.dist }
    const away = points.map(([x, y, z]) => [x, y, z! + 30])
    const read = await readCalibration(file('stereo.yml', text))
    expect(Object.keys(read)).toEqual(['camera_1', 'camera_2'])
    const [first, second] = await expected([
      { ...still, points: away },
      { ...side, points: away },
    ])
    for (const [i, value] of first!.entries())
      expect(read.camera_1!.project(away.flat() as number[]).pixels[i]).toBeCloseTo(value, 8)
    for (const [i, value] of second!.entries())
      expect(read.camera_2!.project(away.flat() as number[]).pixels[i]).toBeCloseTo(value, 8)
  })

  test('the YAML and the XML of OpenCV with a map for each camera', async () => {
    const maps = [back, side].map(
      ({ rvec, t, dist }, i) => `cam${i}:\n   camera_matrix: ${matrix(K, 3).replaceAll('\n', '\n   ')}
   dist_coeffs: ${matrix(dist, 5).replaceAll('\n', '\n   ')}\n   rvec: ${matrix(rvec, 1).replaceAll('\n', '\n   ')}
   tvec: ${matrix(t, 1).replaceAll('\n', '\n   ')}\n`,
    )
    await expectCameras(file('rig.yaml', `%YAML 1.0\n---\n${maps.join('')}`), ['cam0', 'cam1'], [back, side])
    const xml = [back, side].map(
      ({ rvec, t, dist }, i) =>
        `<cam${i}>${xmlMatrix('K', K, 3)}${xmlMatrix('D', dist, 1)}${xmlMatrix('rvec', rvec, 1)}${xmlMatrix('tvec', t, 1)}</cam${i}>`,
    )
    const head = '<?xml version="1.0"?>\n<opencv_storage>\n'
    await expectCameras(
      file('rig.xml', `${head}${xml.join('\n')}\n</opencv_storage>\n`),
      ['cam0', 'cam1'],
      [back, side],
    )
  })

  test("ROS's camera_info YAML names its camera and its model", async () => {
    const text = `image_width: 1280\nimage_height: 1024\ncamera_name: narrow\ncamera_matrix:\n  rows: 3\n  cols: 3\n  data: [${K}]
distortion_model: plumb_bob\ndistortion_coefficients:\n  rows: 1\n  cols: 5\n  data: [${side.dist}]\n`
    expect(Object.keys(await readCalibration(file('head.yaml', text)))).toEqual(['narrow'])
  })

  test('the JSON of AquaPose: cameras above water', async () => {
    const cameras = Object.fromEntries(
      Object.entries(rig).map(([name, { dist }]) => {
        const intrinsics = { K: rows(K), dist_coeffs: dist, image_size: [1600, 1200] }
        const extrinsics = { R: rows([1, 0, 0, 0, 1, 0, 0, 0, 1]), t: [[0.1], [0], [0]] }
        return [name, { name, intrinsics, extrinsics, water_z: 0.95 }]
      }),
    )
    const surface = { normal: [0, 0, -1], n_air: 1, n_water: 1.333 }
    const path = file('calibration.json', JSON.stringify({ version: '1.0', cameras, interface: surface }))
    const read = await readCalibration(path)
    expect(Object.keys(read)).toEqual(Object.keys(rig))
    const options = {
      K: rows(K),
      R: rows([1, 0, 0, 0, 1, 0, 0, 0, 1]),
      t: [0.1, 0, 0],
      waterZ: 0.95,
      distortion: back.dist,
    }
    const own = new RefractiveCamera(options)
    expect(read.back).toBeInstanceOf(RefractiveCamera)
    expect(read.back!.project([0.1, 0.2, 1.3])).toEqual(own.project([0.1, 0.2, 1.3]))
    const flat = await readCalibration(path, { undistorted: true })
    const { distortion: _, ...ideal } = options
    expect(flat.back!.project([0.1, 0.2, 1.3])).toEqual(new RefractiveCamera(ideal).project([0.1, 0.2, 1.3]))
    const tilted = JSON.stringify({ version: '1.0', cameras, interface: { ...surface, normal: [0, 0.3, -0.95] } })
    expect(await failure(() => readCalibration(file('tilted.json', tilted)))).toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringContaining('tilted'),
    })
  })
})

const one = `[cam_0]\nname = "a"\nmatrix = ${JSON.stringify(rows(K))}\ndistortions = [0.0, 0.0, 0.0, 0.0]\n`
const posed = 'rotation = [0.0, 0.0, 0.0]\ntranslation = [0.0, 0.0, 1.0]\n'
test.each([
  ['', 'no camera matrix'],
  ['\0\0binary', 'not text'],
  ['<html></html>', 'opencv_storage'],
  ['<?xml version="1.0"?><opencv_storage><a>', 'Expected TOML, YAML, XML or JSON'],
  ['{"cameras": {', 'Expected TOML'],
  ['[cam_0]\nname = "a\n', 'Expected TOML'],
  ['[1, 2, 3]', 'Expected'],
  [toml.slice(0, toml.lastIndexOf('translation')), 'camera "side 2"'],
  [`${one}${posed}${one.replace('cam_0', 'cam_1')}${posed}`, 'two cameras are called "a"'],
  [`${one}${one.replace('cam_0', 'cam_1').replace('"a"', '"b"')}`, '2 cameras, none with a rotation'],
  [`${one}${posed}`.replace('768', '-768'), 'camera "a": K must be'],
  [`${one}${posed}`.replace('[0.0, 0.0, 0.0, 0.0]', '["x"]'), 'distortion coefficients are not numbers'],
  [`${one}rotation = [0.0, 0.0, 0.0]\n`, 'no translation'],
  [
    `%YAML:1.0\n---\n${'a: &a [1]\n'}${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i ? `b${i - 1}` : 'a'},`.repeat(9)}]`).join('\n')}\n`,
    'Expected',
  ],
])('a calibration that begins with %j is refused with the reason', async (text, why) => {
  const path = file('calibration.txt', text)
  const { code, message, path: named } = await failure(() => readCalibration(path))
  expect({ code, named }).toEqual({ code: 'ERR_FORMAT', named: path })
  expect(message).toContain(why)
})

test('a calibration that does not exist is ENOENT', async () => {
  expect(await failure(() => readCalibration('/nowhere/calibration.toml'))).toMatchObject({ code: 'ENOENT' })
})

test('a camera called __proto__ is a camera like any other', async () => {
  const path = file('calibration.toml', `${one}${posed}`.replace('"a"', '"__proto__"'))
  expect(Object.keys(await readCalibration(path))).toEqual(['__proto__'])
})

const real = join(ROOT, '../shared/data/formats/anipose/calibration.toml')
test.skipIf(!existsSync(real))("sleap-anipose's calibration of four cameras is read", async () => {
  const read = await readCalibration(real)
  expect(Object.keys(read)).toEqual(['back', 'mid', 'side', 'top'])
  for (const camera of Object.values(read)) expect(camera).toBeInstanceOf(PinholeCamera)
})
