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

// A run goes on where the last one ended: TrackingWriter.resume() opens a file that was closed, or whose writer died, or that
// AquaPose wrote. What else is in the file stays, also when the second run is killed and the file has to be rebuilt.

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

describe('a closed file is gone on with', () => {
  test.each([
    ['empty', 0, 25],
    ['with a chunk that is not full', 13, 25],
    ['with full chunks only', 20, 25],
    ['to the border of a chunk', 13, 20],
    ['by nothing', 13, 13],
  ])('%s', async (_, before, after) => {
    const path = await written(school(before), CAMERAS, { chunkFrames: 10 })
    await (await goOn(path, before, after)).close()
    await expectFrames(path, school(after))
  })

  test('by AquaPose, as far as it came', async () => {
    const path = await aquapose(23)
    await (await goOn(path, 23, 57)).close()
    await expectFrames(path, school(57))
  })

  test('on the calling thread', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    using writer = TrackingWriter.resumeSync(path)
    expect(writer).toMatchObject({ lastFrameIndex: 12, length: 13, framesWritten: 0, chunkFrames: 10 })
  })
})

describe('a killed run over a file that held frames', () => {
  test.each([
    ['before its first frame', 13, 0, ''],
    ['in the chunk that was not full', 13, 4, ''],
    ['in the chunk that was not full, flushed', 13, 4, 'await writer.flush()'],
    ['behind it', 13, 40, 'await writer.drain()'],
    ['behind full chunks', 20, 33, ''],
  ])('%s: both runs’ frames are there', async (_, before, more, then) => {
    const path = await written(school(before), CAMERAS, { chunkFrames: 10 })
    // The fish of `school` depend on the count since its first frame.
    await killed(more, { resume: true, first: before }, then, path)
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: before + more, lost: [] })
    await expectFrames(path, [...school(before), ...school(more, 3, CAMERAS, before)])
  })

  test('of AquaPose, gzip without shuffle, comes back as ordinary as it was', async () => {
    const path = await aquapose(23)
    await killed(30, { resume: true, first: 23 }, 'await writer.drain()', path)
    expect(await recover(path)).toMatchObject({ frames: 53, lost: [] })
    await expectFrames(path, [...school(23), ...school(30, 3, CAMERAS, 23)])
    expect(await askH5py(path, '[f["tracking/fish_id"].compression_opts, f["tracking/fish_id"].shuffle]')).toEqual([
      4,
      false,
    ])
  })

  test('is recovered by resume itself', async () => {
    const path = await killed(25)
    await (await goOn(path, 25, 41)).close()
    await expectFrames(path, school(41))
  })

  test('with a chunk that was damaged before is recovered, and the chunk named', async () => {
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

describe('what else is in the file', () => {
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

  test('is carried over when the file is rebuilt: groups, datasets, types, links, attributes', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await h5py(path, 'r+', everything)
    await killed(5, { resume: true, first: 13 }, '', path)
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: 18, lost: [] })
    const told = await h5py(
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
    expect(told.trim()).toBe('all')
  })

  test('is named where it cannot be carried over: references, and more bytes than are kept aside', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    await h5py(
      path,
      'r+',
      `
f.attrs['of the track'] = f['tracking'].ref
f['refs'] = np.array([f['tracking'].ref], dtype=h5py.ref_dtype)
f['plain'] = np.arange(3)
f['plain'].attrs['see'] = f['refs'].ref
f.create_dataset('video', data=np.zeros((65, 1 << 20), 'u1'))
`,
    )
    await killed(5, { resume: true, first: 13 }, '', path)
    const { lost, frames } = await recover(path)
    expect(frames).toBe(18)
    expect(lost.sort()).toEqual([
      expect.stringMatching(/^\/, attribute of the track: .*references/),
      expect.stringMatching(/^\/plain, attribute see: .*references/),
      expect.stringMatching(/^\/refs: .*references/),
      expect.stringMatching(/^\/video: its 68157440 bytes are too many/),
    ])
    expect(await askH5py(path, 'f["plain"][:].tolist()')).toEqual([0, 1, 2])
  })
})

describe('what cannot be gone on with', () => {
  test.each<[string, object, string]>([
    ['other cameras', { cameraNames: ['north', 'south', 'east'] }, '["north","east","south"]'],
    ['more fish', { maxFish: 12 }, 'maxFish 9; asked to resume it with 12'],
    ['other chunks', { chunkFrames: 100 }, 'chunkFrames 10; asked to resume it with 100'],
  ])('%s: ERR_FORMAT says what the file has and what was asked for', async (_, options, text) => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    const error = await failure(() => TrackingWriter.resume(path, options))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message.replaceAll(/[ '"]/g, '')).toContain(text.replaceAll(/[ '"]/g, ''))
    await expectFrames(path, school(13))
  })

  test.each([
    ['process', 15],
    ['none', 15],
    ['process', 5],
  ] as const)('a file that lacks chunks, %s: ERR_FORMAT names the dataset', async (durability, rows) => {
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
  })

  test('a frame that does not come after the last, unless the order is free', async () => {
    const path = await written(school(13), CAMERAS, { chunkFrames: 10 })
    const writer = await TrackingWriter.resume(path)
    expect(await failure(() => writer.writeFrame(12, []))).toMatchObject({ code: 'ERR_FRAME_ORDER' })
    await writer.close()
    const free = await TrackingWriter.resume(path, { frameOrder: 'any' })
    free.writeFrame(3, [])
    await free.close()
    expect(await askH5py(path, 'f["tracking/frame_index"][-2:].tolist()')).toEqual([12, 3])
  })

  test('the options of a new file: ERR_INVALID_ARGUMENT', async () => {
    const path = await written(school(3))
    for (const option of [{ overwrite: true }, { metadata: {} }, { discardJournal: true }]) {
      expect(await failure(() => TrackingWriter.resume(path, option as object))).toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
      })
    }
  })
})

test('a journal that says nothing new is not applied twice: a copy of it beside the file that went on is refused', async () => {
  const path = await killed(25)
  const kept = scratch('kept')
  copyFileSync(journalOf(path), kept)
  await recover(path)
  await (await goOn(path, 25, 41)).close()
  copyFileSync(kept, journalOf(path))
  expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_JOURNAL' })
})
