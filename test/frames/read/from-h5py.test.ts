import { FrameReader, midlineLayout } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { columnsByH5py, columnsByUs } from '../../support/frames/columns.js'
import { h5py, runPython } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

// Files that h5py alone made, as docs/layouts.md says: no line of ours wrote them.

const made = `
g = f.create_group('rig/poses')
g.attrs.update(schema='h5tracks-frames', schema_version='1.0', frame_key='frame_index', slot_key='id', fps=30)
g.attrs['camera_names'] = ['left', 'right']
g.attrs['fields'] = ['frame_index', 'time', 'id', 'points', 'state', 'ok', 'half', 'title', 'box']
rows, slots = 3, 2
def add(name, values, role, field, labels, **kw):
  d = g.create_dataset(name, data=values, maxshape=(None,) + values.shape[1:], chunks=(2,) + values.shape[1:], **kw)
  d.attrs['role'], d.attrs['field'] = role, field
  for i, label in enumerate(['frame'] + labels): d.dims[i].label = label
  return d
add('frame_index', np.array([3, 4, 8], 'i8'), 'frame', 'frameIndex', [])
add('time', np.array([0.1, 0.2, np.inf], '>f8'), 'frame', 'time', []).attrs['units'] = 's'
add('id', np.array([[0, 7], [7, -1], [-1, -1]], 'i4'), 'slot', 'mouse', ['slot'], fillvalue=-1)
points = np.arange(24, dtype='f4').reshape(3, 2, 2, 2)
add('points', points, 'slot', 'points', ['slot', 'node', 'space'], fillvalue=np.nan, compression='gzip').attrs['valid_range'] = [-1., 100.]
state = h5py.enum_dtype({'rest': 1, 'run': 200}, basetype='u1')
add('state', np.array([[1, 200], [200, 1], [1, 1]], 'u1').astype(state), 'slot', 'state', ['slot'], dtype=state, fillvalue=1)
add('ok', np.array([[True, False]] * 3), 'slot', 'isOk', ['slot'])
add('half', np.array([[0.1, -2], [65504, np.nan], [0, 0]], 'f2'), 'slot', 'half', ['slot'], fillvalue=np.nan)
titles = [[t.encode() for t in pair] for pair in [['é', 'abcdef'], ['a b', ''], ['', '']]]
add('title', np.array(titles, 'S6'), 'slot', 'title', ['slot'])
for camera in ['left', 'right']:
  box = np.full((3, 2, 4), -1, 'i2')
  if camera == 'right': box[1, 0] = [1, -1, 3, 4]
  add('box/' + camera, box, 'camera', 'box', ['slot', 'side'], fillvalue=-1)
g['node'] = np.array(['nose', 'tail'], dtype=h5py.string_dtype())
g['node'].make_scale('node')
f['rig/other'] = 1
f.create_group('rig/empty')
`

async function poses(more = ''): Promise<string> {
  const path = scratch('poses.h5')
  await h5py(path, 'w', `${made.trim()}\n${more}`)
  return path
}

describe('a file that h5py made as docs/layouts.md says', () => {
  test('is found out and read as h5py reads it', async () => {
    const path = await poses()
    expect(await FrameReader.layouts(path)).toEqual(['rig/poses'])
    await using reader = new FrameReader(path)
    expect(reader.layout.spec).toMatchObject({
      group: 'rig/poses',
      slots: { name: 'mouse', max: 2, dataset: 'id' },
      perFrame: { time: { type: 'float64', unit: 's' } },
      fields: {
        points: { type: 'float32', shape: [2, 2], axes: ['node', 'space'], range: [-1, 100] },
        state: { type: 'enum', base: 'uint8', members: { rest: 1, run: 200 }, fill: 'rest' },
        isOk: { type: 'bool', dataset: 'ok' },
        half: { type: 'float16' },
        title: { type: 'string', length: 6 },
      },
      perCamera: { box: { type: 'int16', shape: [4], fill: -1 } },
      axes: { node: ['nose', 'tail'] },
    })
    const columns = await columnsByH5py(path, 'rig/poses')
    delete columns.node
    // h5py gives the stored big-endian bytes; we give numbers of the machine.
    columns.time![1] = Buffer.from(Float64Array.of(0.1, 0.2, Number.POSITIVE_INFINITY).buffer).toString('hex')
    expect(columnsByUs(reader.layout, await reader.read())).toEqual(columns)
    expect(reader.metadata).toMatchObject({ fps: 30 })
  })

  test('has its records', async () => {
    await using reader = new FrameReader(await poses(), 'rig/poses')
    const frames = []
    for await (const frame of reader.frames()) frames.push(frame)
    expect(frames).toEqual([
      {
        frameIndex: 3,
        perFrame: { time: 0.1 },
        records: [
          {
            ...{ mouse: 0, points: Float32Array.of(0, 1, 2, 3), state: 'rest', isOk: true },
            ...{ half: new Float32Array([0.0999755859375])[0], title: 'é', box: {} },
          },
          {
            mouse: 7,
            points: Float32Array.of(4, 5, 6, 7),
            state: 'run',
            isOk: false,
            half: -2,
            title: 'abcdef',
            box: {},
          },
        ],
      },
      {
        frameIndex: 4,
        perFrame: { time: 0.2 },
        records: [
          {
            ...{ mouse: 7, points: Float32Array.of(8, 9, 10, 11), state: 'run', isOk: true, half: 65504, title: 'a b' },
            box: { right: Int16Array.of(1, -1, 3, 4) },
          },
        ],
      },
      { frameIndex: 8, perFrame: { time: Number.POSITIVE_INFINITY }, records: [] },
    ])
    expect(await reader.gaps()).toEqual([{ after: 4, before: 8, missing: 3 }])
  })

  test('a number that is no member of its enum is an error of frames, and a number of read', async () => {
    await using reader = new FrameReader(await poses(`g['state'][1, 0] = 9`))
    const error = await failure(async () => {
      for await (const _ of reader.frames());
    })
    expect(error).toMatchObject({ code: 'ERR_FORMAT', field: 'state' })
    expect(error.message).toMatch(/'\/rig\/poses\/state' holds 9.*\[ 'rest', 'run' \].*read/)
    const { state } = (await reader.read({ fields: ['state'] })) as { state?: { data: Uint8Array } }
    expect(state?.data).toEqual(Uint8Array.of(1, 200, 9, 1, 1, 1))
  })
})

test.each([
  ['lists no fields', `del g.attrs['fields']`, /'fields' must list the names/],
  ['lists numbers', `g.attrs['fields'] = [1, 2]`, /'fields' must list the names/],
  ['lists a dataset that is missing', `del g['points']`, /'\/rig\/poses\/points' is missing/],
  ['has a field without a role', `del g['points'].attrs['role']`, /no attribute 'role'/],
  ['has a field of a type that no field has', `del g['ok']\ng['ok'] = np.array(['a'], 'O')`, /type that no field has/],
  ['has a key that is not listed', `g.attrs['slot_key'] = 'nosuch'`, /key 'nosuch' is not one of its datasets/],
  ['has two fields of one name', `g['half'].attrs['field'] = 'points'`, /two fields have the name 'points'/],
  ['names a field __proto__', `g['half'].attrs['field'] = '__proto__'`, /__proto__/],
  ['lists 2000 fields', `g.attrs['fields'] = ['points'] * 2000`, /2000 fields/],
  [
    'has a text of megabytes',
    `g['half'].attrs.create('field', 'x' * 60000, dtype='S60000')`,
    /more than 1000 characters/,
  ],
  ['has a range that is none', `g['half'].attrs['valid_range'] = [2., 1.]`, /range/],
  [
    'has a string that is not null-padded',
    `del g['title']
t = h5py.h5t.C_S1.copy()
t.set_size(6)
s = h5py.h5s.create_simple((3, 2))
h5py.h5d.create(g.id, b'title', t, s)`,
    /type that no field has/,
  ],
])('a group that %s is refused with ERR_FORMAT', async (_, lines, message) => {
  const path = await poses(lines)
  for (const open of [() => new FrameReader(path), () => FrameReader.open(path, { untrusted: true })]) {
    const error = await failure(open)
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message).toMatch(message)
  }
})

describe('a midline file of AquaPose', () => {
  const midline = (fishId: number) => ({
    ...{
      fishId,
      controlPoints: Array.from({ length: 21 }, (_, i) => i),
      arcLength: 0.25,
      halfWidths: [1, 2, 3, 4, 5, 6],
    },
    ...{ nCameras: 4, meanResidual: 1.5, maxResidual: 3, isLowConfidence: true },
  })

  test.each([
    ['of today', false],
    ['from before it had z offsets', true],
  ])('%s is found out and read', async (_, older) => {
    const path = scratch('midlines.h5')
    const frames = [
      { frameIndex: '2', records: [midline(0), midline(5)] },
      { frameIndex: '3', records: [] },
    ]
    const input = [{ maxFish: 3, chunkFrames: 2, samples: 6, older }, ...frames]
      .map((line) => JSON.stringify(line))
      .join('\n')
    await runPython('aquapose_midlines.py', [path], { input: `${input}\n` })
    await using reader = new FrameReader(path)
    expect(reader.slots).toBe(3)
    const read = []
    for await (const frame of reader.frames()) read.push(frame)
    const record = {
      ...midline(5),
      controlPoints: Float32Array.from({ length: 21 }, (_, i) => i),
      halfWidths: Float32Array.of(1, 2, 3, 4, 5, 6),
      ...(older ? {} : { centroidZ: Number.NaN, zOffsets: new Float32Array(6).fill(Number.NaN) }),
    }
    expect(read).toEqual([
      { frameIndex: 2, perFrame: {}, records: [{ ...record, fishId: 0 }, record] },
      { frameIndex: 3, perFrame: {}, records: [] },
    ])
    const columns = columnsByUs(reader.layout, await reader.read())
    expect(columns).toEqual(await columnsByH5py(path, 'midlines'))
    expect(reader.metadata).toMatchObject({ SPLINE_K: 3 })
  })

  test('that lacks a field is read without it, also if the field is named', async () => {
    const path = scratch('midlines.h5')
    const input = `${JSON.stringify({ maxFish: 3, chunkFrames: 2, samples: 15, older: true })}\n`
    await runPython('aquapose_midlines.py', [path], { input })
    await using reader = new FrameReader(path, midlineLayout)
    const window = await reader.read({ fields: ['centroidZ', 'fishId'] })
    expect(window.centroidZ).toBe(undefined)
    expect(Object.keys(window)).toEqual(['cameraNames', 'metadata', 'fishId'])
  })
})
