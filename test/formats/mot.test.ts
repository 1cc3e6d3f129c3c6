import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defineLayout, FrameWriter, poseLayout } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { ROOT } from '../support/process.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { contents, said, table } from './csv.js'

const data = join(ROOT, '../shared/data/formats/mot')

// What the columns mean, in Python, from the text and from the file that was made of it.
const port = (
  text: string,
  group = 'tracks',
) => `rows = np.atleast_2d(np.loadtxt(${JSON.stringify(text)}, delimiter=','))
rows = rows[np.lexsort((np.arange(len(rows)), rows[:, 0]))]
g = f[${JSON.stringify(group)}]
there = g['individual'][:] >= 0
frames = np.repeat(g['frame_index'][:], there.sum(axis=1))
box = g['box'][:][there]
named = g['identified'][:][there].astype(bool) if 'identified' in g else (np.ones(len(frames), bool) if (rows[:, 1] >= 0).all() else np.zeros(len(frames), bool))
ids = np.where(named, g['individual'][:][there], -1)
conf = g['confidence'][:][there] if 'confidence' in g else np.full(len(frames), -1.0)
ours = np.column_stack([frames, ids, box, np.nan_to_num(conf, nan=-1)]).astype(np.float32)
theirs = rows[:, :7].astype(np.float32)
order = lambda a: a[np.lexsort(a.T[::-1])]
print(json.dumps([len(ours), bool(np.array_equal(order(ours), order(theirs)))]))`

describe('real files', () => {
  test.each(['det', 'gt', 'test'])('%s.txt goes in without a loss, and out again as it was', async (name) => {
    const from = join(data, `${name}.txt`)
    if (!existsSync(from)) return console.log(`skipped: ${from} is missing`)
    const [to, back] = [scratch('mot.h5'), scratch('mot.txt')]
    expect((await detectFormat(from)).name).toBe('mot')
    const done = await convert(from, to)
    expect(done.report.filter(({ kind }) => kind === 'lost')).toEqual([])
    const [count, same] = JSON.parse(await h5py(to, 'r', port(from)))
    expect(count).toBeGreaterThan(50)
    expect(same).toBe(true)
    expect(said(await convert(to, back))).toEqual([])
    const numbers = (path: string) =>
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) =>
          line
            .split(',')
            .map((text) => Math.fround(Number(text)))
            .join(),
        )
        .sort()
    expect(numbers(back)).toEqual(numbers(from))
  })
})

test('ground truth has classes and visibilities, and seqinfo.ini beside it gives the frame rate', async () => {
  const from = join(dirname(scratch()), 'MOT17-02', 'gt', 'gt.txt')
  mkdirSync(dirname(from), { recursive: true })
  writeFileSync(from, '1,2,912.5,484,97,109,0,7,1\n2,2,912,484,97,109,1,1,0.25\n')
  writeFileSync(
    join(dirname(from), '..', 'seqinfo.ini'),
    '[Sequence]\nname=MOT17-02\nframeRate=30\nseqLength=600\nimWidth=1920\nimHeight=1080\n',
  )
  const to = scratch('gt.h5')
  await convert(from, to)
  const { frames, metadata } = await contents(to)
  expect(frames[0]).toEqual({
    frame: 1,
    records: [{ individual: 2, box: [912.5, 484, 97, 109], confidence: 0, class: 7, visibility: 1 }],
  })
  expect(metadata).toMatchObject({ sequence: 'MOT17-02', fps: 30, image_width: 1920, image_height: 1080 })
  const back = scratch('gt.txt')
  expect(said(await convert(to, back))).toEqual(['lost attributes (fps, image_height, image_width, sequence) 4'])
  expect(readFileSync(back, 'utf8')).toBe(readFileSync(from, 'utf8'))
})

test('positions in space are read and written, and -1 means that there is none', async () => {
  const text = '1,3,1,2,3,4,0.5,-1,-1,-1\n2,3,1,2,3,4,0.5,1.25,-2.5,0\n'
  const { frames, to } = await table(text, {}, 'res.txt')
  expect(frames[0]!.records).toEqual([{ individual: 3, box: [1, 2, 3, 4], confidence: 0.5, x: NaN, y: NaN, z: NaN }])
  expect(frames[1]!.records).toMatchObject([{ x: 1.25, y: -2.5, z: 0 }])
  const back = scratch('back.txt')
  await convert(to, back)
  expect(readFileSync(back, 'utf8')).toBe(text)
})

test('boxes come from a camera that is chosen, or from keypoints, and what MOT cannot hold is counted', async () => {
  const layout = defineLayout({
    group: 'tracks',
    slots: { name: 'individual', max: 2 },
    fields: { speed: { type: 'float32', optional: true } },
    perCamera: { cameraBox: { type: 'float32', shape: [4], optional: true } },
  })
  const from = scratch('rig.h5')
  const writer = new FrameWriter(from, layout, { cameras: ['a', 'b'] })
  writer.writeFrame(1, [
    { individual: 0, speed: 2, cameraBox: { a: [1, 2, 3, 4] } },
    { individual: 1, cameraBox: { b: [5, 6, 7, 8] } },
  ])
  await writer.close()
  const to = scratch('a.txt')
  const done = await convert(from, to, { camera: 'a' })
  expect(readFileSync(to, 'utf8')).toBe('1,0,1,2,3,4,-1,-1,-1,-1\n')
  expect(said(done)).toEqual(['lost animals without a box 1', 'lost values of speed 1'])
  const error = await failure(() => convert(from, scratch('c.txt')))
  expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED', field: 'camera' })
  expect(error.message).toMatch(/one of 'a', 'b' with camera/)

  const posed = scratch('pose.h5')
  const poses = new FrameWriter(posed, poseLayout({ nodes: ['a', 'b'], dimensions: 2, max: 1 }))
  poses.writeFrame(
    4,
    [
      {
        individual: 0,
        keypoints: [
          [1, 9],
          [3, 4],
        ],
        score: 0.5,
      },
    ],
    {},
  )
  await poses.close()
  const out = scratch('pose.txt')
  expect(said(await convert(posed, out))).toContain('guessed boxes: the extent of the keypoints')
  expect(readFileSync(out, 'utf8')).toBe('4,0,1,4,2,5,0.5,-1,-1,-1\n')
})

describe('other files are refused', () => {
  test.each([
    ['a row is short', '1,2,3,4,5,6,7\n1,2,3,4\n', /in\.txt: line 2: 4 cells/],
    ['a number is a word', '1,2,3,4,5,6,7\n2,2,3,four,5,6,7\n', /line 2, column 'top'/],
    ['an id is in a frame twice', '1,2,3,4,5,6,7\n1,2,3,4,5,6,7\n', /line 2: frame 1 has id 2 twice, first in line 1/],
    ['there are 5 columns', '1,2,3,4,5\n', /line 1: the first row has 5 numbers, and MOT has 6 to 10; .*--from csv/],
    ['there is a header', 'frame,id,x\n1,2,3\n', /line 2: the first row is not a row of numbers/],
  ])('%s', async (_, text, expected) => {
    const error = await failure(() => table(text, { from: 'mot' }, 'in.txt'))
    expect(error).toMatchObject({ code: 'ERR_FORMAT' })
    expect(error.message).toMatch(expected)
  })
})
