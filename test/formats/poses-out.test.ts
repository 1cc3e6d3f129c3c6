import { loadAnalysisH5, loadSlp } from '@talmolab/sleap-io.js'
import fc from 'fast-check'
import { defineLayout, FrameWriter, poseLayout, TrackingWriter } from 'h5tracks'
import { convert } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { pandasAbsent } from '../support/formats/pandas.js'
import { posesIn } from '../support/formats/poses.js'
import { everything } from '../support/formats/round-trip.js'
import { framesOf } from '../support/formats/sleap.js'
import { askH5py, h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

/** A recording: its animals by frame, with the coordinates of the nodes. */
interface Recorded {
  nodes: number
  dimensions: 2 | 3
  names: string[] | undefined
  frames: { index: number; animals: Map<number, { keypoints: number[]; confidence: number[]; score: number }> }[]
}

const number = fc.double({ min: -5000, max: 5000, noNaN: true }).map(Math.fround)
const maybe = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary, { nil: Number.NaN, freq: 6 })
const recordings = fc
  .record({
    nodes: fc.integer({ min: 1, max: 4 }),
    dimensions: fc.constantFrom(2 as const, 3 as const),
    animals: fc.integer({ min: 1, max: 4 }),
    named: fc.boolean(),
  })
  .chain(({ nodes, dimensions, animals, named }) => {
    // A node has all of its coordinates or none.
    const point = fc.option(fc.array(number, { minLength: dimensions, maxLength: dimensions }), { nil: null, freq: 6 })
    const animal = fc.record({
      keypoints: fc
        .array(point, { minLength: nodes, maxLength: nodes })
        .filter((points) => points.some((one) => one !== null))
        .map((points) => points.flatMap((one) => one ?? new Array<number>(dimensions).fill(Number.NaN))),
      confidence: fc.array(maybe(fc.float({ min: 0, max: 1, noNaN: true })), { minLength: nodes, maxLength: nodes }),
      score: maybe(fc.float({ min: 0, max: 1, noNaN: true })),
    })
    const present = fc.dictionary(fc.integer({ min: 0, max: animals - 1 }).map(String), animal)
    return fc.record<Recorded>({
      nodes: fc.constant(nodes),
      dimensions: fc.constant(dimensions),
      names: fc.constant(named ? Array.from({ length: animals }, (_, i) => `fish ${i}, ü`) : undefined),
      frames: fc
        .array(fc.tuple(fc.integer({ min: 1, max: 5 }), present), { minLength: 1, maxLength: 12 })
        .map((steps) => {
          let index = -1
          return steps.map(([step, animals]) => {
            index += step
            return { index, animals: new Map(Object.entries(animals).map(([key, value]) => [Number(key), value])) }
          })
        }),
    })
  })

async function written({ nodes, dimensions, names, frames }: Recorded): Promise<string> {
  const path = scratch('poses.h5')
  const list = Array.from({ length: nodes }, (_, i) => `node ${i}`)
  const edges = nodes > 1 ? ([[0, 1]] as const) : []
  const layout = poseLayout({ nodes: list, edges, dimensions, max: 4 })
  const writer = new FrameWriter(path, layout, { metadata: names ? { names } : {} })
  for (const { index, animals } of frames) {
    writer.writeFrame(
      index,
      [...animals].map(([individual, values]) => ({ individual, ...values })),
    )
  }
  await writer.close()
  return path
}

type Animals = Record<string, unknown>

/** The animals of a file by frame and name, without the frames that have none. */
async function animalsIn(path: string): Promise<Record<number, Animals>> {
  const [recording] = await everything(path)
  const names = (recording!.attributes.names ?? []) as string[]
  const cut = (values: unknown, slot: number, count: number) => {
    const list = (values ?? []) as unknown[]
    const width = list.length / count
    return Array.from({ length: width }, (_, i) => list[slot * width + i])
  }
  const frames = recording!.frames.flatMap(({ frameIndex, individual, keypoints, confidence }) => {
    const keys = individual as number[]
    const animals = keys.flatMap((key, slot) => {
      if (key < 0) return []
      const name = names[key] ?? `${key}`
      const known = cut(confidence, slot, keys.length)
      return [
        [
          name.replace(/^(track|individual)_/, ''),
          [cut(keypoints, slot, keys.length), known.some((v) => v !== null) ? known : []],
        ],
      ]
    })
    return animals.length > 0 ? [[(frameIndex as number[])[0], Object.fromEntries(animals) as Animals]] : []
  })
  return Object.fromEntries(frames)
}

const outputs = ['out.analysis.h5', 'out.slp', 'out.dlc.csv', 'out.dlc.h5']

describe('what is written can be read again', () => {
  test.each(outputs)('%s', async (output) => {
    await fc.assert(
      fc.asyncProperty(recordings, async (recorded) => {
        const from = await written(recorded)
        const to = scratch(output)
        if (recorded.dimensions === 3 && !output.includes('dlc')) {
          const error = await failure(() => convert(from, to))
          expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED', path: to })
          return
        }
        await convert(from, to)
        expect(await animalsIn(to)).toEqual(await animalsIn(from))
      }),
      { numRuns: 12, examples: [[{ ...sample, nodes: 3, names: undefined, frames: [onlySecond] }]] },
    )
  })

  test.each(outputs)('%s: two conversions give the same as one', async (output) => {
    const [from, first, second] = [await written(sample), scratch(output), scratch(`again.${output}`)]
    await convert(from, first)
    await convert(first, second)
    expect(await everything(second)).toEqual(await everything(first))
  })
})

/** A recording with gaps and without anything in frame 3. */
const sample: Recorded = {
  ...{ nodes: 3, dimensions: 2, names: ['anna', 'bo'] },
  frames: [0, 1, 3, 7].map((index) => ({
    index,
    animals: new Map(
      [0, 1]
        .filter((key) => index !== 3 && (index + key) % 4 !== 1)
        .map((key) => [
          key,
          {
            keypoints: [index, key + 0.5, Number.NaN, Number.NaN, Math.fround(1 / 3), -7],
            confidence: [0.25, Number.NaN, 1],
            score: 0.75,
          },
        ]),
    ),
  })),
}

/** What sleap-io.js finds. It reads a missing tracking score as 0. */
const seenIn = (labels: Awaited<ReturnType<typeof loadSlp>>) =>
  framesOf(labels).map(({ frame, instances }) => ({
    frame,
    instances: instances.map((instance) => ({ ...instance, trackingScore: instance.trackingScore || null })),
  }))

describe('other programs find the same', () => {
  test('sleap-io.js in an analysis file', async () => {
    const [from, to] = [await written(sample), scratch('out.analysis.h5')]
    const { report } = await convert(from, to)
    const labels = await loadAnalysisH5(to)
    expect(seenIn(labels)).toEqual((await posesIn(from, 'poses')).filter(({ instances }) => instances.length > 0))
    expect(labels.skeletons[0]?.edgeIndices).toEqual([[0, 1]])
    expect(report).toEqual([{ kind: 'lost', what: 'gaps between frames', count: 4, why: expect.any(String) }])
    expect(
      await askH5py(to, `[f['track_occupancy'][...].tolist(), f['tracks'].attrs['dims'], list(f['tracks'].shape)]`),
    ).toEqual([
      [
        [1, 0],
        [0, 1],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 1],
      ],
      '["track", "xy", "node", "frame"]',
      [2, 2, 3, 8],
    ])
  })

  test('sleap-io.js in a project', async () => {
    const [from, to] = [await written(sample), scratch('out.slp')]
    const { report } = await convert(from, to)
    const labels = await loadSlp(to, { openVideos: false })
    const expected = (await posesIn(from, 'poses')).filter(({ instances }) => instances.length > 0)
    expect(seenIn(labels)).toEqual(expected)
    expect(labels.tracks.map(({ name }) => name)).toEqual(['anna', 'bo'])
    expect(labels.skeletons[0]?.nodeNames).toEqual(['node 0', 'node 1', 'node 2'])
    expect(report).toContainEqual({ kind: 'guessed', what: 'path of the video', value: 'poses.mp4' })
    const types = await askH5py(to, `[str(f['pred_points'].dtype), str(f['frames'].dtype)]`)
    expect(types).toEqual([
      "[('x', '<f8'), ('y', '<f8'), ('visible', '?'), ('complete', '?'), ('score', '<f8')]",
      "[('frame_id', '<u8'), ('video', '<u4'), ('frame_idx', '<u8'), ('instance_id_start', '<u8'), ('instance_id_end', '<u8')]",
    ])
    // SLEAP takes the bytes of the text.
    expect(await askH5py(to, `json.loads(f['metadata'].attrs['json'].tobytes().decode())['nodes'][2]['name']`)).toBe(
      'node 2',
    )
  })

  test.skipIf(pandasAbsent)('pandas in tables of DeepLabCut', async () => {
    const from = await written(sample)
    const paths = [scratch('out.dlc.csv'), scratch('out.dlc.h5')]
    for (const to of paths) {
      const { report } = await convert(from, to)
      expect(report).toContainEqual({
        kind: 'lost',
        what: 'values of score',
        count: 4,
        why: expect.stringContaining('DeepLabCut'),
      })
    }
    const seen = JSON.parse(await runPython('deeplabcut_read.py', paths)) as Record<string, Record<string, unknown[]>>
    for (const path of paths) {
      const { names, columns, index, values } = seen[path]!
      expect(names).toEqual(['scorer', 'individuals', 'bodyparts', 'coords'])
      expect(columns!.slice(0, 3)).toEqual(
        ['x', 'y', 'likelihood'].map((coord) => ['h5tracks', 'anna', 'node 0', coord]),
      )
      expect(index).toEqual([0, 1, 3, 7])
      const third = Math.fround(1 / 3)
      expect(values![0]).toEqual([0, 0.5, 0.25, null, null, null, third, -7, 1, ...new Array(9).fill(null)])
      expect(values![2]).toEqual(new Array(18).fill(null))
    }
  })
})

describe('recordings without keypoints', () => {
  test('tracks in space go to DeepLabCut as one node, and are refused by SLEAP', async () => {
    const from = scratch('tracks.h5')
    const writer = new TrackingWriter(from, ['top'])
    writer.writeFrame(0, [
      {
        fishId: 2,
        centroid3d: [1, 2, 3],
        confidence: 0.5,
        reprojectionResidual: 1,
        nCameras: 1,
        isConfirmed: true,
        cameraDetections: {},
        bboxes: {},
      },
    ])
    await writer.close()
    const { report } = await convert(from, scratch('out.dlc.h5'))
    expect(report).toContainEqual(expect.objectContaining({ kind: 'guessed', what: 'nodes' }))
    const error = await failure(() => convert(from, scratch('out.slp')))
    expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED' })
    expect(error.message).toMatch(
      /keypoints in an image, and those of \/tracking are in space; choose a format with three/,
    )
  })

  test('a recording of something else is refused', async () => {
    const from = scratch('rig.h5')
    const writer = new FrameWriter(from, defineLayout({ group: 'rig', fields: { volts: 'float64' } }))
    writer.writeFrame(0, { volts: 1 })
    await writer.close()
    for (const output of outputs) {
      expect(await failure(() => convert(from, scratch(output)))).toMatchObject({ code: 'ERR_UNSUPPORTED' })
    }
  })
})

test('the keypoints of one of several cameras can be written', async () => {
  const from = scratch('rig.h5')
  const cameras = ['left', 'right']
  const layout = poseLayout({ nodes: ['a', 'b'], dimensions: 3, max: 2, cameras })
  const writer = new FrameWriter(from, layout)
  writer.writeFrame(4, [{ individual: 1, cameraKeypoints: { right: [1, 2, 3, 4] } }])
  await writer.close()
  const to = scratch('right.slp')
  await convert(from, to, { camera: 'right' })
  expect(await h5py(to, 'r', `print([row[:2] for row in f['pred_points'][...].tolist()])`)).toBe(
    '[(1.0, 2.0), (3.0, 4.0)]\n',
  )
  const error = await failure(() => convert(from, scratch('none.slp')))
  expect(error.message).toMatch(/with camera \(--camera\): 'left', 'right'/)
  expect(await failure(() => convert(from, scratch('none.slp'), { camera: 'top' }))).toMatchObject({
    code: 'ERR_UNKNOWN_CAMERA',
  })
})

/** A frame with one animal, which is not number 0. */
const onlySecond: Recorded['frames'][number] = {
  index: 0,
  animals: new Map([[1, sample.frames[0]!.animals.get(0)!]]),
}
