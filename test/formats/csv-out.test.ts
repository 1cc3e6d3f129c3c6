import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { defineLayout, FrameWriter, poseLayout, TrackingWriter } from 'h5tracks'
import { convert } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { contents, said, table } from './csv.js'

const poses = poseLayout({ nodes: ['nose', 'tail base'], dimensions: 2, max: 3 })

async function writtenPoses(): Promise<string> {
  const path = scratch('poses.h5')
  await using writer = new FrameWriter(path, poses, { metadata: { names: ['ann', 'b,"c"'], fps: 30 } })
  writer.writeFrame(
    3,
    [
      {
        individual: 1,
        keypoints: [
          [1.1, 2.2],
          [NaN, NaN],
        ],
        confidence: [0.3, NaN],
        score: 0.7,
      },
    ],
    { time: 0.1 },
  )
  writer.writeFrame(5, [], { time: 0.2 })
  writer.writeFrame(
    7,
    [
      {
        individual: 0,
        keypoints: [
          [1e-9, 3e20],
          [-0.5, 123456.78],
        ],
      },
      { individual: 1, keypoints: null },
    ],
    { time: 0.3 },
  )
  return path
}

describe('a long table', () => {
  test('of poses has the columns that pose programs use, and says what it cannot hold', async () => {
    const [from, to] = [await writtenPoses(), scratch('out.csv')]
    const done = await convert(from, to)
    expect(readFileSync(to, 'utf8').split('\n')).toEqual([
      'frame,time,id,name,nose_x,nose_y,tail base_x,tail base_y,nose_confidence,tail base_confidence,score',
      '3,0.1,1,"b,""c""",1.1,2.2,,,0.3,,0.7',
      '7,0.3,0,ann,1e-9,300000000000000000000,-0.5,123456.78,,,',
      '7,0.3,1,"b,""c""",,,,,,,',
      '',
    ])
    expect(said(done)).toEqual(['lost frames without animals 1', 'lost attributes (fps) 1'])
  })

  test('of poses is read again as it was written', async () => {
    const [from, csv, to] = [await writtenPoses(), scratch('out.csv'), scratch('again.h5')]
    await convert(from, csv)
    await convert(csv, to)
    const [before, after] = [await contents(from), await contents(to)]
    expect(after.frames).toEqual(before.frames.filter(({ frame }) => frame !== 5))
    expect(after.metadata.names).toEqual(['ann', 'b,"c"'])
    expect(after.layout.axes.get('node')).toEqual(['nose', 'tail base'])
  })

  test('of a tracking file has the numbers that pandas finds in the file, bit by bit', async () => {
    const [from, to] = [scratch('run.h5'), scratch('run.tsv')]
    const writer = new TrackingWriter(from, ['top', 'side'], { maxFish: 2 })
    for (let frame = 0; frame < 50; frame++) {
      const tracks = [5, 2].slice(frame % 3).map((fishId) => ({
        fishId,
        centroid3d: frame % 7 === 0 ? null : [Math.sin(frame) / 3, Math.exp(frame / 3), -frame],
        confidence: frame % 5 === 0 ? -1 : 1 / (frame + 1),
        reprojectionResidual: frame * 0.1,
        nCameras: 1,
        isConfirmed: frame % 2 === 0,
        cameraDetections: { top: frame },
        bboxes: { side: [-1, frame, 3, 4] },
      }))
      writer.writeFrame(frame * 2, tracks)
    }
    await writer.close()
    await convert(from, to)
    expect(readFileSync(to, 'utf8').split('\n', 1)).toEqual([
      'frame\tid\tx\ty\tz\tconfidence\tresidual\tn_cameras\tconfirmed\ttop_det_index\tside_det_index\ttop_left\ttop_top\ttop_width\ttop_height\tside_left\tside_top\tside_width\tside_height',
    ])
    const program = `import pandas as pd
d = pd.read_csv(${JSON.stringify(to)}, sep='\\t')
g = f['tracking']
there = g['fish_id'][:] >= 0
frames = np.repeat(g['frame_index'][:], there.sum(axis=1))
same = lambda a, b: bool(np.array_equal(a.astype(np.float32), b.astype(np.float32), equal_nan=True))
print(json.dumps([
  same(d['frame'].to_numpy(), frames), same(d['id'].to_numpy(), g['fish_id'][:][there]),
  same(d[['x', 'y', 'z']].to_numpy(), g['centroid_3d'][:][there]),
  same(d['confidence'].fillna(-1).to_numpy(), g['confidence'][:][there]),
  same(d['residual'].to_numpy(), g['reprojection_residual'][:][there]),
  same(d['n_cameras'].to_numpy(), g['n_cameras'][:][there]),
  d['confirmed'].tolist() == g['is_confirmed'][:][there].astype(bool).tolist(),
  same(d['top_det_index'].to_numpy(), g['camera_assignments/top'][:][there]),
  bool(d['side_det_index'].isna().all()) and bool(d['top_left'].isna().all()),
  same(d[['side_left', 'side_top', 'side_width', 'side_height']].to_numpy(), g['bboxes/side'][:][there]),
]))`
    expect(JSON.parse(await h5py(from, 'r', program))).toEqual(Array(10).fill(true))
  })
})

test('a wide table has a group of columns for each animal, and every frame', async () => {
  const text = 'frame,id,x,y\n1,4,1,2\n1,7,3,4\n2,7,5,6\n'
  const { to } = await table(text)
  const wide = scratch('wide.csv')
  await convert(to, wide, { shape: 'wide', delimiter: ';' })
  expect(readFileSync(wide, 'utf8')).toBe('frame;animal4_x;animal4_y;animal7_x;animal7_y\n1;1;2;3;4\n2;;;5;6\n')
  const again = await table(readFileSync(wide))
  expect(again.metadata.names).toEqual(['animal4', 'animal7'])
  expect(again.frames.map(({ records }) => (records as unknown[]).length)).toEqual([2, 1])
})

const layout = defineLayout({
  group: 'tracks',
  slots: { name: 'individual', max: 4 },
  fields: {
    x: { type: 'float32', optional: true },
    y: { type: 'float32', optional: true },
    speed: { type: 'float64', optional: true },
    note: { type: 'string', length: 40, optional: true },
  },
})
const float = fc.float({ noDefaultInfinity: true, noNaN: true })
const record = fc.record({
  x: float,
  y: float,
  speed: fc.double({ noDefaultInfinity: true, noNaN: true }),
  note: fc
    .string({ maxLength: 8 })
    .filter((text) => !/\0/.test(text))
    .map((text) => `n${text}`),
})

test('tables of random values, and of random numbers in fields of every kind, are read again as they were written', async () => {
  const frames = fc.array(
    fc.dictionary(fc.integer({ min: 0, max: 9 }).map(String), record, { minKeys: 1, maxKeys: 4 }),
    { minLength: 1, maxLength: 20 },
  )
  await fc.assert(
    fc.asyncProperty(frames, async (frames) => {
      const [from, csv, to] = [scratch('a.h5'), scratch('a.csv'), scratch('b.h5')]
      const writer = new FrameWriter(from, layout)
      for (const [i, records] of frames.entries()) {
        writer.writeFrame(
          3 * i,
          Object.entries(records).map(([key, values]) => ({ individual: Number(key), ...values })),
        )
      }
      await writer.close()
      await convert(from, csv)
      await convert(csv, to)
      const [before, after] = [await contents(from), await contents(to)]
      expect(after.frames).toEqual(before.frames)
    }),
    { numRuns: 30 },
  )
})

test('a recording of several does not fit into a table, and the error names them', async () => {
  const from = scratch('two.h5')
  const writer = new FrameWriter(from, { a: layout, b: defineLayout({ ...layout.spec, group: 'others' }) })
  writer.writeFrame(1, { a: [], b: [] })
  await writer.close()
  await expect(convert(from, scratch('out.csv'))).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
  const to = scratch('out.csv')
  await convert(from, to, { recordings: ['others'] })
  expect(readFileSync(to, 'utf8')).toBe('frame,id,x,y,speed,note\n')
  writeFileSync(to, '')
})
