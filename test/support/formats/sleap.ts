import { loadAnalysisH5, type loadSlp, type PredictedInstance } from '@talmolab/sleap-io.js'
import { h5py } from '../python.js'
import { scratch } from '../scratch.js'

/** An instance as it is compared: its track, its points ([x, y, score], null for what is not known) and scores. */
export interface SeenInstance {
  track: string | null
  points: (number | null)[][]
  score: number | null
  trackingScore: number | null
}

export interface SeenFrame {
  frame: number
  instances: SeenInstance[]
}

const finite = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? Math.fround(value) : null

type Labels = Awaited<ReturnType<typeof loadSlp>>

/** The frames with instances that sleap-io.js finds, of one of the videos. Numbers are rounded to float32. */
export function framesOf(labels: Labels, video = 0): SeenFrame[] {
  const own = labels.labeledFrames.filter((frame) => labels.videos.indexOf(frame.video) === video)
  const frames = own.map(({ frameIdx, instances }) => ({
    frame: frameIdx,
    instances: instances.map((instance) => ({
      track: instance.track?.name ?? null,
      points: instance.points.map((point) => [...point.xy, (point as { score?: number }).score].map(finite)),
      score: finite((instance as PredictedInstance).score),
      trackingScore: finite(instance.trackingScore),
    })),
  }))
  return frames.filter(({ instances }) => instances.length > 0).sort((a, b) => a.frame - b.frame)
}

export const analysisBySleapIo = async (path: string) => framesOf(await loadAnalysisH5(path))

/** How an analysis file is written. */
export interface AnalysisOptions {
  frames: number
  tracks: number
  nodes: number
  /** The order of the axes of `tracks`; the other datasets follow. */
  order?: readonly string[]
  /** Do not name the axes; `transpose` is the attribute of old files. */
  legacy?: boolean
  transpose?: boolean
  chunks?: boolean
  /** Further lines of Python on the file `f`. */
  edit?: string
}

/** Writes an analysis file as sleap-io does, with random poses and gaps, and returns its path. */
export async function analysisFile(options: AnalysisOptions): Promise<string> {
  const path = scratch('clip.analysis.h5')
  const { order = ['track', 'xy', 'node', 'frame'], legacy = false, edit = '' } = options
  await h5py(
    path,
    'w',
    `o = json.loads('''${JSON.stringify({ ...options, order, legacy, edit: '' })}''')
F, T, N = o['frames'], o['tracks'], o['nodes']
rng = np.random.default_rng(5)
lost = rng.random((F, T)) < 0.2
xy = rng.normal(300, 90, (F, T, N, 2)).astype('f4').astype('f8')
xy[rng.random((F, T, N)) < 0.1] = np.nan
xy[lost] = np.nan
score = rng.random((F, T, N)).astype('f4').astype('f8'); score[np.isnan(xy[..., 0])] = np.nan
whole = rng.random((F, T)).astype('f4').astype('f8'); whole[lost] = np.nan
dense = {'tracks': (xy, 'frame track node xy'), 'point_scores': (score, 'frame track node'), 'instance_scores': (whole, 'frame track'),
  'tracking_scores': (whole / 2, 'frame track'), 'track_occupancy': ((~np.isnan(xy).all((2, 3))).astype('u1'), 'frame track')}
for name, (values, axes) in dense.items():
  axes = axes.split()
  wanted = [axis for axis in o['order'] if axis in axes]
  if name == 'track_occupancy' and (o['order'][0] == 'track' or o['legacy']): wanted = wanted[::-1]
  chunked = dict(compression='gzip') if o.get('chunks', True) else {}
  d = f.create_dataset(name, data=np.transpose(values, [axes.index(axis) for axis in wanted]), **chunked)
  if not o['legacy']: d.attrs['dims'] = json.dumps(wanted)
if 'transpose' in o: f.attrs['transpose'] = o['transpose']
nodes = [f'node {i}' for i in range(N)]
f['node_names'] = np.array(nodes, 'S')
f['track_names'] = np.array([f'animal {i}' for i in range(T)], 'S')
f['edge_names'] = np.array([[nodes[i], nodes[i + 1]] for i in range(N - 1)], 'S')
f['edge_inds'] = np.array([[i, i + 1] for i in range(N - 1)])
f['labels_path'] = 'clip.slp'; f['video_path'] = 'clip.mp4'; f['video_ind'] = 0
f['provenance'] = json.dumps({'sleap_version': '1.3'})
${edit}`,
  )
  return path
}
