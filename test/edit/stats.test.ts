import { FrameWriter, poseLayout, TrackingWriter } from 'h5tracks'
import { stats } from 'h5tracks/edit'
import { expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { fishIn, trackingFile } from './recordings.js'

// `stats` measures each animal; numpy measures the same.

interface Measured {
  id: number
  frames: number
  framesUnknown: number
  first: number
  last: number
  gaps: number
  longest: number
  distance: number
  mean: number
  max: number
}

const NUMPY = `
frame, keys, xyz = f["tracking/frame_index"][:], f["tracking/fish_id"][:], f["tracking/centroid_3d"][:].astype(float)
result = []
for fish in sorted(set(keys[keys >= 0].tolist())):
  rows, slots = np.nonzero(keys == fish)
  p = xyz[rows, slots]
  known = np.isfinite(p).all(axis=1)
  rows, p = rows[known], p[known]
  step = np.diff(frame[rows])
  joined = (np.diff(rows) == 1) & (step == 1)
  length = np.linalg.norm(np.diff(p, axis=0), axis=1)
  result.append(dict(id=fish, frames=len(rows), framesUnknown=int((~known).sum()), first=int(frame[rows[0]]), last=int(frame[rows[-1]]),
    gaps=int((~joined).sum()), longest=int((step[~joined] - 1).max()), distance=length[joined].sum(), mean=50 * length[joined].mean(), max=50 * length[joined].max()))
print(json.dumps(result))`

test('distance, speed, gaps and coverage of every fish are those that numpy measures', async () => {
  const file = trackingFile()
  const { animals, ...rest } = await stats(file)
  expect(rest).toMatchObject({
    path: file,
    layout: 'tracking',
    frames: 250,
    span: 253,
    fps: 50,
    units: null,
    noun: 'fish',
  })
  const expected = JSON.parse(await h5py(file, 'r', NUMPY)) as Measured[]
  expect(animals.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  for (const [i, one] of animals.entries()) {
    const { first, last, distance, mean, max, longest, ...counts } = expected[i]!
    expect(one).toMatchObject({ ...counts, firstFrame: BigInt(first), lastFrame: BigInt(last), longestGap: longest })
    expect(one.coverage).toBeCloseTo(counts.frames / 253, 12)
    expect(one.distance / distance).toBeCloseTo(1, 9)
    expect(one.meanSpeed! / mean).toBeCloseTo(1, 9)
    expect(one.maxSpeed! / max).toBeCloseTo(1, 9)
  }
})

test('stats of a range and of some animals count only these; without a frame rate, speeds are per frame', async () => {
  const file = trackingFile({ metadata: {} })
  const whole = await stats(file)
  const { animals, frames } = await stats(file, { start: 100, stop: 150, animals: [2, 3] })
  expect({ frames, ids: animals.map(({ id }) => id) }).toEqual({ frames: 50, ids: [2, 3] })
  expect(animals[0]!.frames).toBe(fishCount(2, 50))
  expect(whole.fps).toBeNull()
  const faster = await stats(file, { fps: 10 })
  expect(faster.animals[1]!.meanSpeed).toBeCloseTo(10 * whole.animals[1]!.meanSpeed!, 9)
})

const fishCount = (id: number, frames: number) =>
  Array.from({ length: frames }, (_, f) => fishIn(f).find(({ fishId }) => fishId === id)).filter(
    (one) => one?.centroid3d,
  ).length

test('stats measures keypoints, one node of them, and positions in the image of a camera', async () => {
  const path = scratch()
  const layout = poseLayout({ nodes: ['nose', 'tail'], dimensions: 2, cameras: ['top'] })
  const writer = new FrameWriter(path, layout, { cameras: ['top'] })
  for (let f = 0; f <= 10; f++) {
    writer.writeFrame(f, [
      {
        individual: 0,
        keypoints: [
          [3 * f, 4 * f],
          [0, 0],
        ],
        cameraKeypoints: {
          top: [
            [f, 0],
            [f, 0],
          ],
        },
      },
    ])
  }
  writer.closeSync()
  const distance = async (options = {}) => (await stats(path, options)).animals[0]!.distance
  expect(await distance()).toBeCloseTo(25, 6)
  expect(await distance({ node: 'nose' })).toBeCloseTo(50, 6)
  expect(await distance({ camera: 'top' })).toBeCloseTo(10, 6)
  await expect(stats(path, { camera: 'side' })).rejects.toMatchObject({ code: 'ERR_UNKNOWN_CAMERA' })
  await expect(stats(path, { node: 'ear' })).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  await expect(stats(path, { fps: 0 })).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'fps' })
})

test('frames that a slow camera numbers by fives are no gaps', async () => {
  const path = scratch()
  using writer = new TrackingWriter(path, [])
  for (let f = 0; f < 20; f++)
    writer.writeFrame(5 * f, [
      { ...fishIn(1)[0]!, fishId: 1, centroid3d: [5 * f, 0, 0], cameraDetections: {}, bboxes: {} },
    ])
  writer.closeSync()
  expect((await stats(path)).animals).toMatchObject([{ gaps: 0, coverage: 1, distance: 95, meanSpeed: 1 }])
})

test('h5tracks stats prints a table, CSV and JSON', async () => {
  const file = trackingFile()
  const table = await h5tracks(['stats', file, '--fish', '0,3'])
  const lines = table.stdout.trimEnd().split('\n')
  expect(lines[0]).toBe(`${file}: 250 frames, 3 missing, 5.1 s; centroid3d of tracking`)
  expect(lines[1]).toMatch(/^fish +frames +coverage +from +to +gaps +longest +distance +mean \(1\/s\) +max \(1\/s\)$/)
  expect(lines.slice(2).map((line) => line.slice(0, 6))).toEqual(['fish 0', 'fish 3'])
  const json = JSON.parse((await h5tracks(['stats', file, '--json'])).stdout)
  const { animals } = await stats(file)
  expect(json.animals).toEqual(
    animals.map((one) => ({ ...one, firstFrame: Number(one.firstFrame), lastFrame: Number(one.lastFrame) })),
  )
  const csv = (await h5tracks(['stats', file, '--format', 'csv'])).stdout.trimEnd().split('\n')
  expect(csv[0]).toBe(
    'id,name,frames,frames_unknown,coverage,first_frame,last_frame,gaps,longest_gap,distance,mean_speed,max_speed',
  )
  expect(Number(csv[1]!.split(',')[9])).toBe(animals[0]!.distance)
})
