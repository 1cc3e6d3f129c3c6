import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { check, TrackingWriter, versions } from 'h5tracks'
import { concat } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { changingRecording } from '../../lib/simulate/recordings.js'
import { h5tracks } from '../cli/command.js'
import { output } from '../support/process.js'
import { askH5py, h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { shardsOf } from './shards.js'

/** The stored bytes and the filter mask of every chunk of the layout, by dataset and first row. */
const chunksOf = async (path: string, first = 0) =>
  JSON.parse(
    await h5py(
      path,
      'r',
      `found = {}
def add(name, x):
  if isinstance(x, h5py.Dataset):
    for i in range(x.id.get_num_chunks()):
      offset = x.id.get_chunk_info(i).chunk_offset
      mask, data = x.id.read_direct_chunk(offset)
      found[f"{name} {${first} + offset[0]}"] = [mask, data.hex()]
f["tracking"].visititems(add)
print(json.dumps(found))`,
    ),
  ) as Record<string, [number, string]>

function* firstOf<T>(count: number, items: Iterable<T>): Generator<T> {
  for (const item of items) {
    if (count-- === 0) return
    yield item
  }
}

describe('concat of files that meet at chunk boundaries', () => {
  test('copies every chunk byte for byte, and h5py reads the frames of all files', async () => {
    const paths = await shardsOf([20, 30, 7])
    const out = scratch('whole.h5')
    expect(await concat(paths, out)).toEqual({
      path: out,
      files: 3,
      layouts: [{ name: 'tracking', frames: 57, copied: 57, encoded: 0 }],
    })
    await expectFrames(out, school(57))
    const [a, b, c] = await Promise.all(paths.map((path, i) => chunksOf(path, [0, 20, 50][i])))
    expect(await chunksOf(out)).toEqual({ ...a, ...b, ...c })
    expect((await check(out)).findings).toEqual([])
  })

  // Stock HDF5 writes no chunks that skip filters.
  test.skipIf(versions.hdf5.linked === 'shared')('copies chunks that skip shuffle with their filter mask', async () => {
    const frames = [
      ...firstOf(1500, changingRecording(['ids that come and go', 'one animal in pixels', 'resting animals'], 500)),
    ]
    const options = { maxFish: 15, chunkFrames: 200, compression: 'small' } as const
    const paths = await Promise.all(
      [0, 400, 1000].map((start, i) => written(frames.slice(start, [400, 1000, 1500][i]), ['top'], options)),
    )
    const out = scratch()
    await concat(paths, out)
    expect(Object.values(await chunksOf(out)).filter(([mask]) => mask === 1).length).toBeGreaterThan(0)
    await expectFrames(out, frames, 15, ['top'])
  })
})

describe('concat of files that meet inside a chunk', () => {
  test.each([[[13, 20, 10]], [[20, 13, 7, 10, 4]], [[3, 3, 3, 3, 3, 3]], [[0, 4, 0, 30, 0]], [[1]]])(
    'of %o frames, gives every frame and chunks of the old size',
    async (counts) => {
      const paths = await shardsOf(counts)
      const out = scratch()
      const total = counts.reduce((all, n) => all + n)
      const { layouts } = await concat(paths, out)
      expect(layouts[0]).toMatchObject({ frames: total })
      await expectFrames(out, school(total))
      expect(await askH5py(out, 'f["tracking/fish_id"].chunks')).toEqual([10, 9])
    },
  )

  test('copies chunks again where a later file begins at a chunk boundary', async () => {
    const paths = await shardsOf([13, 7, 20])
    const { layouts } = await concat(paths, scratch())
    expect(layouts[0]).toMatchObject({ copied: 30, encoded: 10 })
  })
})

test('concat encodes the frames of a file whose datasets have other filters', async () => {
  const [first, second] = (await shardsOf([20, 20])) as [string, string]
  const other = scratch()
  await output('h5repack', ['-f', 'GZIP=4', second, other])
  const out = scratch()
  expect((await concat([first, other], out)).layouts[0]).toMatchObject({ copied: 20, encoded: 20 })
  await expectFrames(out, school(40))
})

test('a writer continues a file that concat made', async () => {
  const out = scratch()
  await concat(await shardsOf([13, 12]), out)
  await using writer = await TrackingWriter.resume(out)
  for (const { frameIndex, tracks } of school(40).slice(25)) writer.writeFrame(frameIndex, tracks)
  await writer.close()
  await expectFrames(out, school(40))
})

test('concat adds up truncated boxes, and lists what recoveries of any file lost', async () => {
  const paths = await shardsOf([10, 10])
  await h5py(paths[0] as string, 'r+', 'f["tracking"].attrs["boxes_truncated"] = 3')
  await h5py(
    paths[1] as string,
    'r+',
    'f["tracking"].attrs["boxes_truncated"] = 4\nf["tracking"].attrs["losses"] = ["a frame"]',
  )
  const out = scratch()
  await concat(paths, out)
  const attributes = '[int(f["tracking"].attrs["boxes_truncated"]), list(f["tracking"].attrs["losses"])]'
  expect(await askH5py(out, attributes)).toEqual([7, ['shard-1.h5: a frame']])
})

describe('the output of concat', () => {
  test('is not replaced unless asked for, nor when the files cannot be joined', async () => {
    const paths = await shardsOf([10, 10])
    const out = scratch()
    writeFileSync(out, 'precious')
    await expect(concat(paths, out)).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(concat([...paths].reverse(), out, { overwrite: true })).rejects.toMatchObject({
      code: 'ERR_FRAME_ORDER',
    })
    expect(readFileSync(out, 'utf8')).toBe('precious')
    await concat(paths, out, { overwrite: true })
    await expectFrames(out, school(20))
  })

  test('stays as it was when the work is aborted, without a partial file', async () => {
    const paths = await shardsOf([10, 13, 10])
    const out = await written(school(3), CAMERAS, {}, scratch())
    const stop = new AbortController()
    const onProgress = ({ frames, totalFrames }: { frames: number; totalFrames: number }) => {
      expect(totalFrames).toBe(33)
      if (frames >= 20) stop.abort(new Error('enough'))
    }
    await expect(concat(paths, out, { overwrite: true, signal: stop.signal, onProgress })).rejects.toThrow('enough')
    await expectFrames(out, school(3))
    expect(existsSync(`${out}.partial`)).toBe(false)
  })

  test('must not be one of the files that are read', async () => {
    const paths = await shardsOf([10, 10])
    await expect(concat(paths, paths[0] as string, { overwrite: true })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    })
  })

  test('is refused while a writer has it open', async () => {
    const out = scratch()
    await using writer = new TrackingWriter(out, CAMERAS)
    await expect(concat(await shardsOf([10]), out, { overwrite: true })).rejects.toMatchObject({ code: 'ERR_LOCKED' })
    await writer.close()
  })
})

test('h5tracks concat joins files and says how many frames it wrote', async () => {
  const paths = await shardsOf([20, 13, 10])
  const out = scratch('whole.h5')
  expect(await h5tracks(['concat', out, ...paths])).toEqual({
    code: 0,
    signal: null,
    stdout: `${out}: 3 files joined: 43 frames, 13 of them encoded again\n`,
    stderr: '',
  })
  await expectFrames(out, school(43))
  const again = await h5tracks(['concat', out, ...paths])
  expect([again.code, again.stderr]).toEqual([
    1,
    `h5tracks: ${out} exists; pass overwrite: true (--overwrite) to replace it [EEXIST]\n`,
  ])
})
