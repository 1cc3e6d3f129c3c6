import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadNwb } from '@talmolab/sleap-io.js'
import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { framesOf } from '../support/formats/sleap.js'
import { ROOT } from '../support/process.js'
import { h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Poses in NWB files, in and out. The oracles are h5py over the schema of ndx-pose, and sleap-io.js.

interface Poses {
  keypoints: number[][][][]
  confidence: number[][][]
}

async function made(kind: string) {
  const path = scratch('mice.nwb')
  return { path, expected: JSON.parse(await runPython('nwb.py', [kind, path])) as Poses }
}

const poses = async (path: string, group = 'poses'): Promise<Poses> =>
  JSON.parse(await runPython('tracks_of.py', [path, group, 'keypoints', 'confidence']))

/** Animals are in the order of their names in the file. */
const sorted = ({ keypoints, confidence }: Poses): Poses => ({
  keypoints: keypoints.map(([b, a]) => [a!, b!]),
  confidence: confidence.map(([b, a]) => [a!, b!]),
})

describe('poses in NWB files go in with the values of h5py', () => {
  test.each(['legacy', 'linked', 'sibling', 'apart', 'training'])('%s', async (kind) => {
    const { path, expected } = await made(kind)
    expect((await detectFormat(path)).name).toBe('nwb')
    const to = scratch()
    const { report } = await convert(path, to, { fps: 25 })
    expect(await poses(to)).toEqual(sorted(expected))
    expect(report.map((entry) => ('what' in entry ? entry.what : ''))).toEqual(
      kind === 'training' ? ['PoseTraining of NWB', 'ElectricalSeries of NWB'] : [],
    )
    using reader = new FrameReader(to)
    expect(reader.metadata).toMatchObject({
      ...{
        names: ['track=a', 'track=b'],
        scorer: 'net',
        source_software: 'SLEAP',
        source_software_version: '1.3',
        fps: 25,
      },
      ...{ original_videos: ['a.mp4'], reference_frame: 'corner', session_start_time: '2026-01-02T03:04:05+00:00' },
    })
    expect(reader.layout.axes.get('node')).toEqual(['tail', 'nose', 'neck'])
    expect(reader.metadata.edge_inds).toMatchObject({ shape: [2, 2] })
    const { time, frameIndex } = await reader.read({ start: 10, stop: 11 })
    expect((time as { data: Float64Array }).data[0]).toBeCloseTo(0.4, 12)
    expect(Number((frameIndex as { data: BigInt64Array }).data[0])).toBe(10)
  })

  test('each video is a recording', async () => {
    const { path, expected } = await made('videos')
    const to = scratch()
    const { recordings } = await convert(path, to)
    expect(recordings.map(({ name }) => name)).toEqual(['poses_0', 'poses_1'])
    expect((await poses(to, 'poses_0')).keypoints).toEqual(expected.keypoints.map(([, a]) => [a]))
  })
})

describe('poses go out into NWB files', () => {
  test('what is written is read by sleap-io.js with the same values as the first file, and in again unchanged', async () => {
    const { path } = await made('linked')
    const [inside, out, back] = [scratch(), scratch('out.nwb'), scratch()]
    await convert(path, inside)
    const { report } = await convert(inside, out)
    expect(report).toEqual([])
    await convert(out, back)
    expect(await poses(back)).toEqual(await poses(inside))
    const [theirs, ours] = await Promise.all([path, out].map(async (one) => framesOf(await loadNwb(one))))
    expect(ours).toEqual(theirs)
    expect(ours!.length).toBe(19)
    using first = new FrameReader(inside)
    using second = new FrameReader(back)
    expect(second.metadata).toMatchObject({
      names: first.metadata.names,
      scorer: 'net',
      source_software_version: '1.3',
    })
  })

  test('the file has what the schema of NWB demands', async () => {
    const { path } = await made('linked')
    const [inside, out] = [scratch(), scratch('out.nwb')]
    await convert(path, inside)
    await convert(inside, out)
    const lines = `types = {}
f.visititems(lambda name, o: types.setdefault(o.attrs.get('neurodata_type'), set()).update(k for k in o) if isinstance(o, h5py.Group) and 'neurodata_type' in o.attrs else None)
assert all('object_id' in o.attrs and 'namespace' in o.attrs for o in [f, f['processing/behavior']])
for name in ['identifier', 'session_description', 'session_start_time', 'timestamps_reference_time', 'file_create_date']: assert name in f, name
s = f['processing/behavior/track=a/nose']
print(json.dumps([sorted(t for t in types), sorted(types['PoseEstimationSeries']), s['data'].attrs['unit'], s['timestamps'].attrs['unit'], sorted(types['Skeleton'])]))`
    expect(JSON.parse(await h5py(out, 'r', lines))).toEqual([
      ['PoseEstimation', 'PoseEstimationSeries', 'ProcessingModule', 'Skeleton', 'Skeletons'],
      ['confidence', 'data', 'reference_frame', 'timestamps'],
      'pixels',
      'seconds',
      ['edges', 'nodes'],
    ])
  })

  test('positions of idtracker.ai become a node, and what is not carried is reported', async () => {
    const path = scratch('trajectories.npy')
    await runPython('idtracker.py', ['npy', path])
    const { report } = await convert(path, scratch('out.nwb'))
    const what = report.map((entry) => `${entry.kind} ${entry.what}`)
    expect(what).toEqual(expect.arrayContaining(['guessed nodes', 'guessed session_start_time']))
    expect(what.find((one) => one.startsWith('lost attributes'))).toContain('body_length')
  })
})

describe('files that are not as they should be are refused with the place', () => {
  const series = 'processing/behavior/track=a/nose'
  test.each([
    [
      'with too few timestamps',
      `del f['${series}/timestamps']; f['${series}/timestamps'] = np.arange(3.)`,
      `/${series}/timestamps`,
    ],
    [
      'with timestamps that go back',
      `del f['${series}/timestamps']; f['${series}/timestamps'] = -np.arange(20.)`,
      `/${series}/timestamps`,
    ],
    ['with four coordinates', `del f['${series}/data']; f['${series}/data'] = np.zeros((20, 4))`, `/${series}/data`],
    [
      'with confidences of other frames',
      `del f['${series}/confidence']; f['${series}/confidence'] = np.zeros(3)`,
      `/${series}/confidence`,
    ],
    ['without poses', `del f['processing']`, '/processing'],
  ])('%s', async (_, lines, field) => {
    const { path } = await made('linked')
    await h5py(path, 'r+', lines)
    const to = scratch()
    const error = await failure(() => convert(path, to))
    expect({ code: error.code, path: error.path }).toEqual({ code: 'ERR_FORMAT', path })
    expect(`/${error.field}`.replace('//', '/')).toBe(field)
    expect(existsSync(to)).toBe(false)
  })

  test('groups that hold themselves do not keep the reader busy', async () => {
    const { path } = await made('linked')
    await h5py(path, 'r+', `f['processing/behavior/more'] = f['processing']`)
    expect((await convert(path, scratch())).recordings.length).toBeGreaterThan(0)
  })
})

const formats = join(ROOT, '../shared/data/formats/nwb')
const real = ['0.3.0_poseestimation_one_camera.nwb', 'legacy.pose.nwb', 'untracked.dandi.pose.nwb'].map((name) =>
  join(formats, name),
)
test.skipIf(!existsSync(formats)).each(real)(
  '%s goes in, and out with the values that sleap-io.js finds in it',
  async (path) => {
    const [inside, out] = [scratch(), scratch('out.nwb')]
    const { report } = await convert(path, inside)
    expect(report.filter((entry) => entry.kind === 'lost')).toEqual([])
    await convert(inside, out)
    const [theirs, ours] = await Promise.all([path, out].map(async (one) => framesOf(await loadNwb(one))))
    const points = (list: typeof theirs) => list!.map(({ instances }) => instances.map((one) => one.points))
    expect(points(ours)).toEqual(points(theirs))
  },
)
