import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { ROOT } from '../support/process.js'
import { h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Pose files of JABS and points of sleap-anipose. The oracles are h5py and NumPy.

const formats = join(ROOT, '../shared/data/formats')

async function made(version: number) {
  const path = scratch('mouse_pose_est.h5')
  return { path, expected: JSON.parse(await runPython('jabs.py', [String(version), path])) as Record<string, unknown> }
}

describe('pose files of JABS', () => {
  test.each([2, 3, 4, 5, 6, 7, 8])(
    'version %i goes in with the values and identities that its reader finds',
    async (version) => {
      const { path, expected } = await made(version)
      expect((await detectFormat(path)).name).toBe('jabs')
      const to = scratch()
      const { report } = await convert(path, to)
      const fields = Object.keys(expected)
      expect(JSON.parse(await runPython('tracks_of.py', [to, 'poses', ...fields]))).toEqual(expected)
      const lost = report.filter((entry) => entry.kind === 'lost').map(({ what, count }) => [what, count])
      expect(lost).toEqual(
        version < 6
          ? []
          : [
              ['dataset poseest/longterm_seg_id', 90],
              ['dataset poseest/seg_data', 90],
            ],
      )
      using reader = new FrameReader(to)
      expect(reader.metadata).toMatchObject({
        jabs_pose_version: version === 2 ? '2' : `${version}.0`,
        cm_per_pixel: Math.fround(0.0793),
        cm_per_pixel_source: 'corner_detection',
        ...(version >= 4 && { names: ['101', '102', '103'] }),
        // The lixit is stored as y, x.
        ...(version >= 5 && { static_objects: '{"corners":[[1,2],[3,4],[5,6],[7,8]],"lixit":[[20,10]]}' }),
      })
      expect(reader.layout.axes.get('node')?.slice(0, 3)).toEqual(['nose', 'left_ear', 'right_ear'])
      const names = reader.layout.fields.map(({ name }) => name)
      if (version >= 4) expect(names).toEqual(expect.arrayContaining(['trackId', 'identityEmbedding']))
    },
  )

  test('instances without an identity, and those with one that another has, are kept under other numbers', async () => {
    const { path } = await made(4)
    await h5py(path, 'r+', `g = f['poseest']; g['instance_embed_id'][0] = [2, 2, 1]; g['id_mask'][1, 0] = True`)
    const to = scratch()
    const { report } = await convert(path, to)
    expect(report).toContainEqual(expect.objectContaining({ kind: 'guessed', value: 'in each frame from 3 on' }))
    using reader = new FrameReader(to)
    const { individual } = await reader.read({ start: 0, stop: 2 })
    const found = [...(individual as { data: Int32Array }).data]
    expect(found.slice(0, 3)).toEqual([0, 1, 3])
    expect(found.slice(3)).toContain(3)
  })

  test.each([
    ['without confidence', `del f['poseest/confidence']`, 'poseest/confidence'],
    [
      'with confidence of other frames',
      `del f['poseest/confidence']; f['poseest/confidence'] = np.zeros((4, 3, 12))`,
      'poseest/confidence',
    ],
    [
      'with three coordinates',
      `del f['poseest/points']; f['poseest/points'] = np.zeros((30, 3, 12, 3))`,
      'poseest/points',
    ],
    [
      'with texts',
      `del f['poseest/points']; f['poseest/points'] = np.array([[[['a', 'b']]]], dtype='S1')`,
      'poseest/points',
    ],
    ['without a mask', `del f['poseest/id_mask']`, 'poseest/id_mask'],
  ])('a file %s is refused with the place', async (_, lines, field) => {
    const { path } = await made(4)
    await h5py(path, 'r+', lines)
    const to = scratch()
    expect(await failure(() => convert(path, to, { from: 'jabs' }))).toMatchObject({ code: 'ERR_FORMAT', path, field })
    expect(existsSync(to)).toBe(false)
  })

  const files = ['jabs/sample_pose_est_v2.h5', 'jabs/example_pose_est_v5.h5'].map((name) => join(formats, name))
  test.skipIf(!existsSync(files[0]!)).each(files)('the real file %s goes in, and loses nothing', async (path) => {
    const to = scratch()
    const { report } = await convert(path, to)
    expect(report.filter((entry) => entry.kind === 'lost')).toEqual([])
    const lines =
      'k = f["poses/keypoints"][:]; c = f["poses/confidence"][:]; print(int((~np.isnan(k)).sum()), int((c > 0).sum()) * 2)'
    const [numbers, confident] = (await h5py(to, 'r', lines)).trim().split(' ')
    expect(numbers).toBe(confident)
  })
})

describe('points of sleap-anipose', () => {
  test('they go in as poses in three dimensions', async () => {
    const path = scratch('points3d.h5')
    await h5py(path, 'w', `a = np.random.default_rng(1).normal(size=(20, 2, 5, 3)); a[3, 1] = np.nan; f['tracks'] = a`)
    expect((await detectFormat(path)).name).toBe('anipose')
    const to = scratch()
    const { report } = await convert(path, to)
    expect(report).toEqual([{ kind: 'guessed', what: 'names of nodes', value: 'node_0 to node_4' }])
    const own = JSON.parse(await runPython('tracks_of.py', [to, 'poses', 'keypoints'])).keypoints
    const theirs = await h5py(path, 'r', `print(json.dumps(f['tracks'][:].tolist()).replace('NaN', 'null'))`)
    expect(own).toEqual(JSON.parse(theirs))
  })

  const real = join(formats, 'anipose/points3d.h5')
  test.skipIf(!existsSync(real))('the real file goes in', async () => {
    const to = scratch()
    await convert(real, to)
    using reader = new FrameReader(to)
    expect(reader.length).toBe(120)
  })

  test('an array of another shape is refused', async () => {
    const path = scratch('points3d.h5')
    await h5py(path, 'w', `f['tracks'] = np.zeros((20, 2, 5))`)
    expect(await failure(() => convert(path, scratch(), { from: 'anipose' }))).toMatchObject({
      code: 'ERR_FORMAT',
      path,
      field: 'tracks',
    })
  })
})
