import { loadSlp } from '@talmolab/sleap-io.js'
import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { posesIn } from '../support/formats/poses.js'
import { framesOf, type SeenFrame } from '../support/formats/sleap.js'
import { type SlpFrame, type SlpProject, slpFile } from '../support/formats/slp.js'
import { scratch } from '../support/scratch.js'

async function imported(path: string) {
  const to = scratch('poses.h5')
  return { ...(await convert(path, to)), to }
}

/** What sleap-io.js finds. It reads a missing tracking score as 0, and sorts nothing. */
async function bySleapIo(path: string, video = 0): Promise<SeenFrame[]> {
  return framesOf(await loadSlp(path, { openVideos: false }), video).map(sorted)
}

const key = ({ track, points }: SeenFrame['instances'][number]) => `${track ?? '~'} ${points}`
const sorted = ({ frame, instances }: SeenFrame): SeenFrame => ({
  frame,
  instances: instances
    .map((instance) => ({ ...instance, trackingScore: instance.trackingScore || null }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
})
const ours = async (path: string, group = 'poses') => (await posesIn(path, group)).map(sorted)

const seen = (x: number, more = {}) => ({
  ...{
    score: 0.5 + x / 1000,
    trackingScore: 0.25,
    points: [
      [x, x + 1.5, 0.75],
      [null, null, 0],
    ],
  },
  ...more,
})
const placed = (x: number, more = {}) => ({
  user: true,
  points: [
    [x, x + 1.5],
    [x + 0.1, 7],
  ],
  ...more,
})

/** Two animals in 40 frames, with gaps. */
const many: SlpFrame[] = Array.from({ length: 40 }, (_, frame) => ({
  frame: 3 * frame,
  instances: [0, 1].filter((track) => (frame + track) % 5 > 0).map((track) => seen(10 * frame + track, { track })),
}))

describe('SLEAP projects go in with the values that sleap-io.js finds', () => {
  test.each<[string, SlpProject]>([
    ['predictions with tracks', { frames: many }],
    ['frames that are not sorted', { frames: [...many].reverse() }],
    ['tables as matrices', { frames: many, matrices: true }],
    ['format 1.1, without tracking scores', { frames: many, formatId: 1.1 }],
    ['format 1.0, whose pixels have their centre at 0.5', { frames: many, formatId: 1.0 }],
    ['predictions without tracks', { frames: [{ frame: 7, instances: [seen(1), seen(2)] }], tracks: [] }],
    ['instances of people', { frames: [{ frame: 0, instances: [placed(5, { track: 1 }), placed(3)] }] }],
    ['no tables of points of a kind', { frames: many, edit: "del f['points']" }],
  ])('%s', async (_, project) => {
    const path = await slpFile(project)
    expect((await detectFormat(path)).name).toBe('sleap')
    const { to } = await imported(path)
    expect(await ours(to)).toEqual(await bySleapIo(path))
  })

  test('every video is a recording with its name', async () => {
    const videos = ['left/cam.mp4', 'right\\cam.mp4', 'top.avi'].map((filename) => ({ backend: { filename } }))
    const frames = [0, 1, 2, 1].map((video, i) => ({ video, frame: i, instances: [seen(i, { track: 0 })] }))
    const path = await slpFile({ frames, videos })
    const { to, recordings } = await imported(path)
    expect(recordings).toEqual([
      { name: 'cam', frames: 1 },
      { name: 'cam_2', frames: 2 },
      { name: 'top', frames: 1 },
    ])
    for (const [video, { name }] of recordings.entries())
      expect(await ours(to, name)).toEqual(await bySleapIo(path, video))
    expect(new FrameReader(to, 'cam_2').metadata).toMatchObject({ video_path: 'right\\cam.mp4', video_index: 1 })
  })

  test('videos are found by the numbers of their groups of images, which are named and counted', async () => {
    const videos = [0, 2].map((id) => ({ backend: { filename: '.', dataset: `video${id}/video` } }))
    const path = await slpFile({
      videos,
      frames: [{ video: 2, frame: 4, instances: [seen(1, { track: 0 })] }],
      edit: `for i in (0, 2):
  f.create_dataset(f'video{i}/video', data=np.zeros(3, 'S4'))
  f.create_group(f'video{i}/source_video').attrs['json'] = json.dumps({'backend': {'filename': f'raw{i}.mp4'}})`,
    })
    const { to, report } = await imported(path)
    expect(new FrameReader(to).metadata).toMatchObject({ video_path: 'raw2.mp4', video_index: 1 })
    expect(report).toContainEqual({ kind: 'lost', what: 'images in video2', count: 3, why: 'h5tracks holds no images' })
  })

  test('every skeleton of a video is a recording', async () => {
    const metadata = {
      nodes: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      skeletons: [
        { graph: { name: 'fly' }, links: [], nodes: [{ id: 0 }, { id: 1 }] },
        { graph: { name: 'bee' }, links: [], nodes: [{ id: 2 }, { id: 0 }] },
      ],
    }
    const instances = [seen(1, { track: 0 }), seen(2, { track: 1, skeleton: 1 })]
    const { to, recordings } = await imported(await slpFile({ metadata, frames: [{ frame: 1, instances }] }))
    expect(recordings.map(({ name }) => name)).toEqual(['clip_fly', 'clip_bee'])
    expect(new FrameReader(to, 'clip_bee').layout.axes.get('node')).toEqual(['c', 'a'])
    expect((await ours(to, 'clip_bee'))[0]?.instances).toHaveLength(1)
  })
})

describe('skeletons', () => {
  const type = (n: number) => ({ 'py/reduce': [{ 'py/type': 'sleap.skeleton.EdgeType' }, { 'py/tuple': [n] }] })
  const node = (name: string) => ({ 'py/object': 'sleap.skeleton.Node', 'py/state': { 'py/tuple': [name, 1] } })
  const nodes = ['a', 'b', 'c', 'd'].map((name) => ({ name, weight: 1 }))
  test.each([
    [
      'shared nodes in another order, and symmetries',
      {
        nodes: [{ id: 3 }, { id: 1 }],
        links: [
          { source: 3, target: 1, type: type(1) },
          { source: 1, target: 3, type: type(2) },
        ],
      },
      { names: ['d', 'b'], edges: [0, 1], symmetries: [0, 1] },
    ],
    [
      'a graph inside of the skeleton',
      { nx_graph: { nodes: [{ id: 2 }, { id: 0 }], links: [{ source: 0, target: 2, type: { 'py/id': 1 } }] } },
      { names: ['c', 'a'], edges: [1, 0] },
    ],
    [
      'pickled nodes and references to them',
      {
        links: [
          { source: node('x'), target: node('y'), type: type(1) },
          { source: { 'py/id': 2 }, target: { 'py/id': 1 }, type: type(2) },
        ],
        nodes: [{ id: { 'py/id': 2 } }, { id: { 'py/id': 1 } }],
      },
      { names: ['y', 'x'], edges: [1, 0], symmetries: [0, 1] },
    ],
  ])(
    '%s',
    async (_, skeleton, { names, edges, symmetries }: { names: string[]; edges: number[]; symmetries?: number[] }) => {
      const path = await slpFile({
        frames: [{ frame: 0, instances: [seen(1)] }],
        metadata: { nodes, skeletons: [skeleton] },
      })
      using reader = new FrameReader((await imported(path)).to)
      expect(reader.layout.axes.get('node')).toEqual(names)
      const pairs = (value: unknown) => (value as { data: ArrayLike<bigint> } | undefined)?.data
      expect(Array.from(pairs(reader.metadata.edge_inds) ?? [], Number)).toEqual(edges)
      expect(Array.from(pairs(reader.metadata.symmetry_inds) ?? [], Number)).toEqual(symmetries ?? [])
    },
  )
})

describe('instances of people', () => {
  test('replace the predictions that they were made from, or that have their track', async () => {
    const instances = [
      ...[seen(1), seen(2, { track: 0 }), seen(3, { track: 1 })],
      ...[placed(4, { from: 0 }), placed(5, { track: 0 })],
    ]
    const { to, report } = await imported(await slpFile({ frames: [{ frame: 0, instances }] }))
    const [frame] = await ours(to)
    expect(frame?.instances.map(({ points }) => points[0]?.[0])).toEqual([5, 3, 4])
    expect(report).toMatchObject([
      { kind: 'lost', what: 'predicted instances', count: 2 },
      { kind: 'lost', what: 'links of user instances to predictions', count: 1 },
      { kind: 'guessed', what: 'individuals of 1 instances without a track' },
    ])
  })

  test('keep what SLEAP says of their points', async () => {
    const instance = {
      ...{ user: true, visible: [true, false, true], complete: [true, true, false] },
      points: [
        [1.25, 2],
        [3, 4],
        [null, null],
      ],
    }
    const { to } = await imported(
      await slpFile({ nodes: ['a', 'b', 'c'], frames: [{ frame: 0, instances: [instance] }] }),
    )
    const { keypoints, visibility, complete, userLabelled } = (await new FrameReader(to).read()) as never as Record<
      string,
      { data: ArrayLike<number> }
    >
    expect(Array.from(keypoints!.data)).toEqual([1.25, 2, 3, 4, NaN, NaN])
    expect([visibility, complete, userLabelled].map((column) => Array.from(column!.data))).toEqual([
      [2, 1, 0],
      [1, 1, 0],
      [1],
    ])
  })

  test('with the same track as another one of the frame are kept, without the track', async () => {
    const instances = [placed(1, { track: 1 }), placed(2, { track: 1 })]
    const { to, report } = await imported(await slpFile({ frames: [{ frame: 0, instances }] }))
    expect((await ours(to))[0]?.instances.map(({ track }) => track)).toEqual(['two', null])
    expect(report).toContainEqual(expect.objectContaining({ what: 'tracks of instances', count: 1 }))
  })
})

test('suggestions and sessions are kept, negative frames are marked, other objects are named and counted', async () => {
  const path = await slpFile({
    frames: [...many, { frame: 900, instances: [] }],
    edit: `del f['suggestions_json']; f['suggestions_json'] = np.array([b'{"video":"0","frame_idx":3}'])
f['sessions_json'] = np.array([b'{"calibration":{}}'])
f['negative_frames'] = np.array([(0, 900)], [('video_id', 'u4'), ('frame_idx', 'u8')])
f['masks'] = np.zeros(4)`,
  })
  const { to, report } = await imported(path)
  using reader = new FrameReader(to)
  expect(reader.metadata).toMatchObject({
    ...{ sleap_suggestions: '[{"video":"0","frame_idx":3}]', sleap_sessions: '[{"calibration":{}}]', fps: 25 },
    provenance: '{"sleap_version":"1.3"}',
  })
  const { negative } = (await reader.read()) as never as { negative: { data: Uint8Array } }
  expect([...negative.data].lastIndexOf(1)).toBe(40)
  expect([...negative.data].indexOf(1)).toBe(40)
  expect(report).toContainEqual({ kind: 'lost', what: 'rows of masks', count: 4, why: 'h5tracks has no place for it' })
})

describe('damaged projects are refused with the place', () => {
  const set = (table: string, row: number, column: string, value: unknown) =>
    `rows = f['${table}'][...]; rows[${row}]['${column}'] = ${value}; f['${table}'][...] = rows`
  test.each([
    ['an unknown video', set('frames', 3, 'video', 9), /frames\[3\]: names video 9/],
    [
      'instances beyond the end',
      set('frames', 5, 'instance_id_end', 9999),
      /frames\[5\]: names rows \d+ to 9999 of instances/,
    ],
    ['instances that end before they begin', set('frames', 5, 'instance_id_end', 0), /frames\[5\]/],
    [
      'instances of every frame at once',
      `rows = f['frames'][...]; rows['instance_id_start'] = 0; f['frames'][...] = rows`,
      /frames: name \d+ instances/,
    ],
    ['a frame index beyond the safe integers', set('frames', 0, 'frame_idx', '2**63'), /frames/],
    ['an unknown track', set('instances', 2, 'track', 7), /instances\[2\]: names track 7/],
    ['an unknown skeleton', set('instances', 2, 'skeleton', 7), /instances\[2\]: names skeleton 7/],
    ['points beyond the end', set('instances', 2, 'point_id_end', '2**40'), /instances\[2\]: names rows/],
    [
      'too few points',
      set('instances', 2, 'point_id_end', "rows[2]['point_id_start'] + 1"),
      /instances\[2\]: has 1 points/,
    ],
    [
      'no column',
      `del f['pred_points']; f['pred_points'] = np.zeros(9, [('x', 'f8'), ('y', 'f8')])`,
      /pred_points: has no column score/,
    ],
    ['a table of texts', `del f['instances']; f['instances'] = np.full(9, b'x')`, /instances: is not a table/],
    ['no metadata', `del f['metadata'].attrs['json']`, /metadata@json/],
    ['metadata that is not JSON', `f['metadata'].attrs['json'] = '{"nodes": ['`, /metadata@json: is not JSON/],
    ['no skeleton', `f['metadata'].attrs['json'] = '{"skeletons": []}'`, /names skeleton 0; the project has 0/],
    [
      'two nodes of one name',
      `f['metadata'].attrs['json'] = f['metadata'].attrs['json'].replace(b'"b"', b'"a"')`,
      /skeletons\[0\]/,
    ],
    ['a video that is not JSON', `f['videos_json'][0] = b'{'`, /videos_json\[0\]/],
  ])('%s', async (_, edit, message) => {
    const path = await slpFile({ frames: many, edit })
    const error = await failure(() => convert(path, scratch('out.h5')))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message).toMatch(message)
  })
})
