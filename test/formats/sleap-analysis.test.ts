import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { posesIn } from '../support/formats/poses.js'
import { analysisBySleapIo, analysisFile } from '../support/formats/sleap.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'

const size = { frames: 50, tracks: 3, nodes: 4 }

async function imported(path: string) {
  const to = scratch('poses.h5')
  const report = await convert(path, to)
  return { to, report, frames: await posesIn(to, 'poses') }
}

describe('SLEAP analysis files go in with the values that sleap-io.js finds', () => {
  test.each([
    ['for MATLAB', {}],
    ['in the standard order', { order: ['frame', 'track', 'node', 'xy'] }],
    ['in an order of their own', { order: ['node', 'frame', 'xy', 'track'] }],
    ['without names of axes, for MATLAB', { legacy: true }],
    ['without names of axes, and transposed as an attribute says', { legacy: true, transpose: true }],
    [
      'without names of axes, not transposed',
      { legacy: true, transpose: false, order: ['frame', 'node', 'xy', 'track'] },
    ],
    ['without compression', { chunks: false }],
    ['with more tracks than animals in a frame', { tracks: 40 }],
  ])('%s', async (_, options) => {
    const path = await analysisFile({ ...size, ...options })
    expect((await detectFormat(path)).name).toBe('sleap-analysis')
    const { frames, report } = await imported(path)
    expect(frames).toEqual(await analysisBySleapIo(path))
    expect(report).toMatchObject({ from: 'sleap-analysis', recordings: [{ name: 'poses', frames: 50 }], report: [] })
  })

  test('names, edges, symmetries, video and provenance are attributes', async () => {
    const path = await analysisFile({
      ...size,
      edit: `f.attrs['skeleton_name'] = 'fly'; f.attrs['skeleton_symmetries'] = json.dumps([['node 1', 'node 2']])
f.attrs['video_backend_metadata'] = json.dumps({'fps': 29.97, 'shape': [50, 10, 10, 1]})`,
    })
    using reader = new FrameReader((await imported(path)).to)
    expect(reader.metadata).toMatchObject({
      names: ['animal 0', 'animal 1', 'animal 2'],
      edge_inds: { shape: [3, 2] },
      ...{ skeleton_name: 'fly', symmetry_inds: { shape: [1, 2] }, fps: 29.97, video_path: 'clip.mp4', video_index: 0 },
      ...{ labels_path: 'clip.slp', provenance: '{"sleap_version": "1.3"}' },
    })
    expect(reader.layout.axes.get('node')).toEqual(['node 0', 'node 1', 'node 2', 'node 3'])
  })

  test('coordinates that float32 would round are float64', async () => {
    const path = await analysisFile({ ...size, edit: `f['tracks'][...] = f['tracks'][...] / 3` })
    const { to } = await imported(path)
    const [theirs, ours] = await Promise.all([
      h5py(path, 'r', `print(f['tracks'][...].transpose(3, 0, 2, 1)[7].tolist())`),
      h5py(to, 'r', `print(f['poses/keypoints'][7].tolist())`),
    ])
    expect(sorted(ours)).toEqual(sorted(theirs))
  })
})

/** The numbers of a printed array. Animals fill slots from the first, so only the numbers are compared. */
const sorted = (text: string) => text.match(/\d+\.\d+/g)?.sort()

describe('files that are not as they should be are refused with the place', () => {
  test.each([
    [
      'an axis of 3 coordinates',
      `del f['tracks']; f['tracks'] = np.zeros((3, 3, 4, 50))`,
      /tracks@?.*shape \[3,3,4,50\]/,
    ],
    [
      'scores of another number of frames',
      `del f['point_scores']; f['point_scores'] = np.zeros((3, 4, 9))`,
      /point_scores/,
    ],
    ['names of other axes', `f['tracks'].attrs['dims'] = '["a", "b", "c", "d"]'`, /tracks@dims/],
    ['too few names of nodes', `del f['node_names']; f['node_names'] = np.array(['a', 'b'], 'S')`, /nodes/],
    ['texts instead of numbers', `del f['tracks']; f['tracks'] = np.full((3, 2, 4, 50), b'x')`, /tracks.*not numbers/],
    ['no tracks', `del f['tracks']; f['node_names'][0] = b'z'`, /tracks: there is no such dataset/],
  ])('%s', async (_, edit, message) => {
    const path = await analysisFile({ ...size, legacy: true, edit })
    const error = await failure(() => convert(path, scratch('out.h5'), { from: 'sleap-analysis' }))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message).toMatch(message)
  })
})
