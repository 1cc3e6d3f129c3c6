import { copyFileSync } from 'node:fs'
import { recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { askH5py, damageChunk, h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { jsonLines } from '../support/tracking/json-lines.js'
import { written } from '../support/tracking/writing.js'

// TrackingWriter.resume() continues a file that was closed, whose writer died, or that AquaPose wrote. Other objects in the
// file stay, also when the second run is killed and the file has to be rebuilt.

const MAX_FISH = 9

async function goOn(path: string, from: number, to: number, options = {}) {
  const writer = await TrackingWriter.resume(path, options)
  expect(writer.lastFrameIndex).toBe(from === 0 ? null : from - 1)
  expect(writer.length).toBe(from)
  for (const { frameIndex, tracks } of school(to).slice(from)) {
    if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
  }
  expect(writer.length).toBe(to)
  return writer
}

const aquapose = (count: number, path = scratch()) =>
  runPython('aquapose_writer.py', [path], {
    input: jsonLines({ cameras: CAMERAS, maxFish: MAX_FISH, chunkFrames: 10 }, school(count)),
  }).then(() => path)

describe('resume of a closed file', () => {
  test.each([
    ['that is empty', 0, 25],
    ['with a partial chunk', 13, 25],
    ['with full chunks only', 20, 25],
    ['up to the border of a chunk', 13, 20],
    ['without new frames', 13, 13],
  ])('resume continues a closed file %s', async (_, before, after) => {
    const path = await written(school(before), CAMERAS, { chunkFrames: 10 })
    await (await goOn(path, before, after)).close()
    await expectFrames(path, school(after))
  })

  test('resume continues a file written by AquaPose’s writer', async () => {
    const path = await aquapose(23)
    await (await goOn(path, 23, 57)).close()
    await expectFrames(path, school(57))
  })

  test('resumeSync opens a closed file at its last frame', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    using writer = TrackingWriter.resumeSync(path)
    expect(writer).toMatchObject({ lastFrameIndex: 12, length: 13, framesWritten: 0, chunkFrames: 10 })
  })
})

describe('a resumed run that is killed', () => {
  test.each([
    ['before its first frame', 13, 0, ''],
    ['in the partial chunk', 13, 4, ''],
    ['in the partial chunk, after a flush', 13, 4, 'await writer.flush()'],
    ['after the partial chunk', 13, 40, 'await writer.drain()'],
    ['after full chunks', 20, 33, ''],
  ])('recovery of a resumed run killed %s restores the frames of both runs', async (_, before, more, then) => {
    const path = await written(school(before), CAMERAS, { chunkFrames: 10 })
    // The values of `school` depend on the count since its first frame.
    await killed(more, { resume: true, first: before }, then, path)
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: before + more, lost: [] })
    await expectFrames(path, [...school(before), ...school(more, 3, CAMERAS, before)])
  })

  test('recovery of a resumed file of AquaPose keeps its filters', async () => {
    const path = await aquapose(23)
    await killed(30, { resume: true, first: 23 }, 'await writer.drain()', path)
    expect(await recover(path)).toMatchObject({ frames: 53, lost: [] })
    await expectFrames(path, [...school(23), ...school(30, 3, CAMERAS, 23)])
    expect(await askH5py(path, '[f["tracking/fish_id"].compression_opts, f["tracking/fish_id"].shuffle]')).toEqual([
      4,
      false,
    ])
  })

  test('resume recovers the file of a killed writer and continues it', async () => {
    const path = await killed(25)
    await (await goOn(path, 25, 41)).close()
    await expectFrames(path, school(41))
  })

  test('recovery of a resumed run names a chunk that was damaged before it', async () => {
    const path = await written(school(30), CAMERAS, { chunkFrames: 10 })
    await damageChunk(path, 'tracking/confidence', 1)
    await killed(7, { resume: true, first: 30 }, '', path)
    const report = await recover(path)
    expect(report).toMatchObject({ frames: 37 })
    expect(report.lost).toEqual([expect.stringMatching(/^rows 10 to 19 of '\/tracking\/confidence': .*damaged/)])
    using reader = new TrackingReader(path)
    expect((await reader.read({ start: 20, stop: 37 })).frameIndex.data.at(-1)).toBe(36n)
    expect(await failure(() => reader.read({ start: 10, stop: 20 }))).toMatchObject({
      message: expect.stringContaining('confidence'),
    })
  })
})

describe('other objects in a resumed file', () => {
  const everything = `
f.attrs['title'] = 'tank 7'
g = f.create_group('notes', track_order=True)
g.attrs['lines'] = np.array(['a', 'ü'], dtype=h5py.string_dtype())
ragged = np.empty(2, dtype=h5py.vlen_dtype('i4'))
ragged[0], ragged[1] = np.array([1, 2], 'i4'), np.array([3], 'i4')
g.attrs.create('ragged', ragged, dtype=h5py.vlen_dtype('i4'))
g.attrs['point'] = np.array((1, 2.5), dtype=[('x', '>i2'), ('y', 'f8')])
g['raw'] = np.arange(1000).reshape(10, 100)
g['raw'].attrs['unit'] = 'mm'
g.create_dataset('packed', data=np.arange(5000), chunks=(100,), compression='gzip')
f['kind'] = np.dtype([('x', 'i4'), ('y', 'f4')])
f['same'] = g['raw']
f['notes/soft'] = h5py.SoftLink('/notes/raw')
f['notes/elsewhere'] = h5py.ExternalLink('other.h5', '/there')
f['notes/circle'] = f['notes']
f['tracking'].attrs['extra'] = 42
`

  test('recovery carries over other groups, datasets, types, links and attributes', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await h5py(path, 'r+', everything)
    await killed(5, { resume: true, first: 13 }, '', path)
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: 18, lost: [] })
    const printed = await h5py(
      path,
      'r',
      `
g = f['notes']
assert f.attrs['title'] == 'tank 7' and f['tracking'].attrs['extra'] == 42
assert list(g.attrs['lines']) == ['a', 'ü']
assert [list(part) for part in g.attrs['ragged']] == [[1, 2], [3]]
assert g.attrs['point'].dtype == np.dtype([('x', '>i2'), ('y', 'f8')]) and tuple(g.attrs['point'].tolist()) == (1, 2.5)
assert (g['raw'][:] == np.arange(1000).reshape(10, 100)).all() and g['raw'].attrs['unit'] == 'mm'
assert (g['packed'][:] == np.arange(5000)).all() and g['packed'].compression == 'gzip' and g['packed'].chunks == (100,)
assert f['kind'].dtype == np.dtype([('x', 'i4'), ('y', 'f4')])
assert f['same'] == g['raw'] and f['notes/circle'] == g
assert g.get('soft', getlink=True).path == '/notes/raw'
assert (g.get('elsewhere', getlink=True).filename, g.get('elsewhere', getlink=True).path) == ('other.h5', '/there')
print('all')`,
    )
    expect(printed.trim()).toBe('all')
  })

  test('recovery carries over dimension scales and other attributes that refer to objects', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await h5py(
      path,
      'r+',
      `
g = f['tracking']
for name, length in ('frame', 0), ('slot', 9):
    g.create_dataset(name, data=np.arange(length, dtype='i4')).make_scale(name)
for name in 'fish_id', 'centroid_3d', 'n_cameras':
    g[name].dims[0].attach_scale(g['frame'])
    g[name].dims[1].attach_scale(g['slot'])
    g[name].dims[0].label, g[name].dims[1].label = 'frame', 'slot'
f.attrs['of the track'] = g.ref
f.attrs.create('several', np.array([[f.ref, g['slot'].ref], [h5py.Reference(), g['fish_id'].ref]], dtype=h5py.ref_dtype))
named = np.zeros(2, dtype=[('n', 'i4'), ('to', h5py.ref_dtype, (2,))])
named['n'] = 3, 4
named['to'] = np.array([[h5py.Reference(), g['bboxes'].ref]] * 2, dtype=h5py.ref_dtype)
g.attrs['named'] = named`,
    )
    await killed(5, { resume: true, first: 13 }, '', path)
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: 18, lost: [] })
    const printed = await h5py(
      path,
      'r',
      `
g = f['tracking']
for name in 'fish_id', 'centroid_3d', 'n_cameras':
    assert [dim.label for dim in g[name].dims][:2] == ['frame', 'slot']
    assert g[name].dims[0]['frame'] == g['frame'] and g[name].dims[1]['slot'] == g['slot']
assert h5py.h5ds.is_scale(g['frame'].id) and sorted((f[to].name, int(at)) for to, at in g['slot'].attrs['REFERENCE_LIST']) == [
    ('/tracking/centroid_3d', 1), ('/tracking/fish_id', 1), ('/tracking/n_cameras', 1)]
several, named = f.attrs['several'], g.attrs['named']
assert f[f.attrs['of the track']] == g and f[several[0, 0]].name == '/' and f[several[1, 1]] == g['fish_id']
assert not several[1, 0] and f[named['to'][0, 1]] == g['bboxes'] and not named['to'][0, 0] and list(named['n']) == [3, 4]
print('all')`,
    )
    expect(printed.trim()).toBe('all')
  })

  test('recovery names objects that it cannot carry over: datasets of references, and very large ones', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await h5py(
      path,
      'r+',
      `
f['refs'] = np.array([f['tracking'].ref], dtype=h5py.ref_dtype)
f['plain'] = np.arange(3)
f['plain'].attrs['see'] = f['refs'].ref
f['plain'].attrs['part'] = f['plain'].regionref[:1]
f.create_dataset('video', data=np.zeros((65, 1 << 20), 'u1'))
`,
    )
    await killed(5, { resume: true, first: 13 }, '', path)
    const { lost, frames } = await recover(path)
    expect(frames).toBe(18)
    expect(lost.sort()).toEqual([
      expect.stringMatching(/^\/plain, attribute part: .*references/),
      expect.stringMatching(/^\/plain, attribute see: .*references/),
      expect.stringMatching(/^\/refs: .*references/),
      expect.stringMatching(/^\/video: its 68157440 bytes are too many/),
    ])
    expect(await askH5py(path, 'f["plain"][:].tolist()')).toEqual([0, 1, 2])
  })
})

describe('files and options that resume refuses', () => {
  test.each<[string, object, string]>([
    ['other cameras', { cameraNames: ['north', 'south', 'east'] }, '["north","east","south"]'],
    ['more fish', { maxFish: 12 }, 'maxFish 9; it cannot be resumed with 12'],
    ['other chunks', { chunkFrames: 100 }, 'chunkFrames 10; it cannot be resumed with 100'],
  ])(
    'resume with %s fails with ERR_FORMAT, naming the value of the file and the requested one',
    async (_, options, text) => {
      const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
      const error = await failure(() => TrackingWriter.resume(path, options))
      expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
      expect(error.message.replaceAll(/[ '"]/g, '')).toContain(text.replaceAll(/[ '"]/g, ''))
      await expectFrames(path, school(13))
    },
  )

  test.each([
    ['process', 15],
    ['none', 15],
    ['process', 5],
  ] as const)(
    'resume with durability %s refuses a file of %d rows that lacks chunks, naming the dataset',
    async (durability, rows) => {
      const path = await written(school(10), CAMERAS, { chunkFrames: 10 })
      await h5py(
        path,
        'r+',
        `
for name, d in list(f['tracking'].items()):
  if isinstance(d, h5py.Dataset): d.resize(${rows}, axis=0)
for group in ('camera_assignments', 'bboxes'):
  for d in f['tracking/' + group].values(): d.resize(${rows}, axis=0)
if ${rows} < 10:
  d = f['tracking/confidence']
  d.resize(0, axis=0)
  d.resize(${rows}, axis=0)
`,
      )
      expect(await failure(() => TrackingWriter.resume(path, { durability }))).toMatchObject({
        code: 'ERR_FORMAT',
        message: expect.stringMatching(/'\/tracking\/\w+' lacks 1 of its \d chunks/),
      })
    },
  )

  test("a resumed writer refuses a frame index below the last one, except with frameOrder: 'any'", async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    const writer = await TrackingWriter.resume(path)
    expect(await failure(() => writer.writeFrame(12, []))).toMatchObject({ code: 'ERR_FRAME_ORDER' })
    await writer.close()
    const free = await TrackingWriter.resume(path, { frameOrder: 'any' })
    free.writeFrame(3, [])
    await free.close()
    expect(await askH5py(path, 'f["tracking/frame_index"][-2:].tolist()')).toEqual([12, 3])
  })

  test('resume refuses the options of a new file with ERR_INVALID_ARGUMENT', async () => {
    const path = await written(school(3))
    for (const option of [{ overwrite: true }, { metadata: {} }, { discardJournal: true }]) {
      expect(await failure(() => TrackingWriter.resume(path, option as object))).toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
      })
    }
  })
})

test('recovery refuses an old copy of a journal after the file has been resumed', async () => {
  const path = await killed(25)
  const kept = scratch('kept')
  copyFileSync(journalOf(path), kept)
  await recover(path)
  await (await goOn(path, 25, 41)).close()
  copyFileSync(kept, journalOf(path))
  expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_JOURNAL' })
})
