import { h5py } from '../python.js'
import { scratch } from '../scratch.js'

/** An instance of a project: [x, y, score] of its points. */
export interface SlpInstance {
  user?: boolean
  track?: number
  skeleton?: number
  /** Row of the prediction that a user instance was made from. */
  from?: number
  points: (number | null)[][]
  visible?: boolean[]
  complete?: boolean[]
  score?: number
  trackingScore?: number
}

export interface SlpFrame {
  video?: number
  frame: number
  instances: SlpInstance[]
}

export interface SlpProject {
  frames: SlpFrame[]
  nodes?: string[]
  tracks?: string[]
  formatId?: number
  /** The JSON of `metadata`; by default one skeleton with these nodes and an edge between the first two. */
  metadata?: object
  videos?: object[]
  /** Tables as matrices with the attribute `field_names`, as sleap-io.js writes some. */
  matrices?: boolean
  /** Further lines of Python on the file `f`. */
  edit?: string
}

const skeleton = (nodes: string[]) => ({
  directed: true,
  graph: { name: 'Skeleton-0', num_edges_inserted: 1 },
  links: [
    {
      ...{ edge_insert_idx: 0, key: 0, source: 0, target: 1 },
      type: { 'py/reduce': [{ 'py/type': 'sleap.skeleton.EdgeType' }, { 'py/tuple': [1] }] },
    },
  ],
  multigraph: true,
  nodes: nodes.map((_, id) => ({ id })),
})

/** Writes a project as SLEAP does, and returns its path. */
export async function slpFile(project: SlpProject): Promise<string> {
  const path = scratch('labels.slp')
  const { nodes = ['a', 'b'], tracks = ['one', 'two'], formatId = 1.2, matrices = false, edit = '' } = project
  const { videos = [{ backend: { filename: 'media/clip.mp4', fps: 25 } }] } = project
  const {
    metadata = {
      version: '2.0.0',
      skeletons: [skeleton(nodes)],
      nodes: nodes.map((name) => ({ name, weight: 1 })),
      provenance: { sleap_version: '1.3' },
    },
  } = project
  const given = { frames: project.frames, tracks, formatId, matrices, videos, metadata }
  await h5py(
    path,
    'w',
    `o = json.loads(r'''${JSON.stringify(given)}''')
nan = float('nan')
number = lambda v: nan if v is None else v
point = [('x', 'f8'), ('y', 'f8'), ('visible', '?'), ('complete', '?')]
types = {'frames': [('frame_id', 'u8'), ('video', 'u4'), ('frame_idx', 'u8'), ('instance_id_start', 'u8'), ('instance_id_end', 'u8')],
  'instances': [('instance_id', 'i8'), ('instance_type', 'u1'), ('frame_id', 'u8'), ('skeleton', 'u4'), ('track', 'i4'), ('from_predicted', 'i8'),
    ('score', 'f4'), ('point_id_start', 'u8'), ('point_id_end', 'u8')] + ([('tracking_score', 'f4')] if o['formatId'] >= 1.2 else []),
  'points': point, 'pred_points': point + [('score', 'f8')]}
rows = {name: [] for name in types}
for i, frame in enumerate(o['frames']):
  first = len(rows['instances'])
  for one in frame['instances']:
    user = one.get('user', False)
    table = rows['points' if user else 'pred_points']
    start = len(table)
    for n, p in enumerate(one['points']):
      flags = (one.get('visible', [True] * 99)[n], one.get('complete', [False] * 99)[n])
      table.append((number(p[0]), number(p[1])) + flags + (() if user else (number(p[2]),)))
    rows['instances'].append((len(rows['instances']), 0 if user else 1, i, one.get('skeleton', 0), one.get('track', -1), one.get('from', -1),
      one.get('score', nan), start, len(table)) + ((one.get('trackingScore', nan),) if o['formatId'] >= 1.2 else ()))
  rows['frames'].append((i, frame.get('video', 0), frame['frame'], first, len(rows['instances'])))
for name, type in types.items():
  if o['matrices']:
    values = np.array([[float(v) for v in row] for row in rows[name]]).reshape(-1, len(type))
    f.create_dataset(name, data=values).attrs['field_names'] = json.dumps([field[0] for field in type])
  else:
    f.create_dataset(name, data=np.array(rows[name], type), maxshape=(None,))
m = f.create_group('metadata')
m.attrs['format_id'] = o['formatId']
m.attrs['json'] = np.bytes_(json.dumps(o['metadata']))
text = lambda values: np.array([json.dumps(v, separators=(',', ':')) for v in values], 'S') if values else np.zeros(0)
f.create_dataset('videos_json', data=text(o['videos']), maxshape=(None,))
f.create_dataset('tracks_json', data=text([[0, name] for name in o['tracks']]), maxshape=(None,))
f.create_dataset('suggestions_json', data=np.zeros(0), maxshape=(None,))
${edit}`,
  )
  return path
}
