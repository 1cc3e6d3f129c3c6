import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import {
  check,
  defineLayout,
  FrameFileWriter,
  FrameWriter,
  publish,
  readTrackingResults,
  TrackingWriter,
} from 'h5tracks'
import { FolderStore } from 'h5tracks/batch'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { failure } from '../support/errors.js'
import { Content } from '../support/frames/content.js'
import { ColumnOracle } from '../support/frames/oracle.js'
import { run, runNode } from '../support/process.js'
import { askH5py, h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// publish() writes a copy with all metadata first and then one block of frames after the other. Its values are those of the source.

interface StoredChunk {
  address: number
  size: number
  row: number
  dataset: string
}

/** All chunks of a file as h5py lists them, in the order of their addresses. */
async function chunksOf(path: string): Promise<StoredChunk[]> {
  const found = await h5py(
    path,
    'r',
    `
chunks = []
def visit(name, one):
  if isinstance(one, h5py.Dataset) and one.chunks:
    for i in range(one.id.get_num_chunks()):
      c = one.id.get_chunk_info(i)
      chunks.append(dict(address=c.byte_offset, size=c.size, row=c.chunk_offset[0], dataset=name))
f.visititems(visit)
print(json.dumps(sorted(chunks, key=lambda c: c['address'])))`,
  )
  return JSON.parse(found) as StoredChunk[]
}

/** Expects chunks without a gap from the end of the metadata to the end of the file, in the order of their rows. */
async function expectInOrder(path: string, headBytes: number): Promise<StoredChunk[]> {
  const chunks = await chunksOf(path)
  let end = headBytes
  let row = 0
  for (const chunk of chunks) {
    expect(chunk.address).toBe(end)
    expect(chunk.row).toBeGreaterThanOrEqual(row)
    end += chunk.size
    row = chunk.row
  }
  expect(readFileSync(path).length).toBe(end)
  return chunks
}

const frames = school(250, 3)
const same = expect.objectContaining({ code: 0, stderr: '' })

describe('a published tracking file', () => {
  test.each([1, 7, 64, 250, 1000])('has all values of the source in blocks of %i frames', async (chunkFrames) => {
    const source = await written(frames, CAMERAS, { chunkFrames: 20, metadata: { fps: 60, rig: ['a', 'b'] } })
    const target = scratch('published.h5')
    const report = await publish(source, target, { chunkFrames })
    const blocks = Math.ceil(250 / chunkFrames)
    expect(report.layouts).toEqual([{ name: 'tracking', frames: 250, chunkFrames, blocks }])
    expect(columnsRead(await readTrackingResults(target))).toEqual(columnsOf(frames, CAMERAS, 9))
    expect(await run('h5diff', [source, target])).toEqual(same)
    const chunks = await expectInOrder(target, report.headBytes)
    expect(chunks.length).toBe(blocks * new Set(chunks.map(({ dataset }) => dataset)).size)
    expect((await check(target)).findings).toEqual([])
  })

  test('has blocks of about 1 MiB by default', async () => {
    const source = scratch()
    const size = 200
    await using writer = new TrackingWriter(source, CAMERAS, { chunkFrames: 10, compression: 'none' })
    for (const { frameIndex, tracks } of school(size, 9)) {
      if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
    }
    await writer.close()
    const { layouts, bytes, headBytes } = await publish(source, scratch('published.h5'))
    // The whole file is smaller than a block.
    expect(layouts[0]).toMatchObject({ frames: size, chunkFrames: size, blocks: 1 })
    expect(bytes - headBytes).toBeLessThan(2 ** 20)
  })

  test('keeps attributes, extents without a limit, filters, fill values and objects of others', async () => {
    const source = await written(frames, CAMERAS, { chunkFrames: 20 })
    await h5py(
      source,
      'r+',
      `f['notes'] = np.arange(1000)
f['tracking'].attrs['of'] = f['notes'].ref
f['notes'].attrs['texts'] = ['a', 'longer']
f['tracking/again'] = h5py.SoftLink('/notes')`,
    )
    const target = scratch('published.h5')
    await publish(source, target, { chunkFrames: 50 })
    const describeAll = `{n: [str(d.dtype), d.shape, str(d.maxshape), d.compression, d.shuffle, repr(d.fillvalue)]
      for n, d in [(n, f['tracking'][n]) for n in f['tracking'] if isinstance(f['tracking'][n], h5py.Dataset)]}`
    expect(await askH5py(target, describeAll)).toEqual(await askH5py(source, describeAll))
    expect(await askH5py(target, `[f[f['tracking'].attrs['of']].name, list(f['notes'].attrs['texts'])]`)).toEqual([
      '/notes',
      ['a', 'longer'],
    ])
  })

  test('may replace its source', async () => {
    const path = await written(frames, CAMERAS, { chunkFrames: 20 })
    await publish(path, path)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
    expect(readdirSync(dirname(path))).toEqual([basename(path)])
  })

  test('is put whole into a store', async () => {
    const source = await written(frames)
    const store = new FolderStore(scratch('bucket'))
    const { path } = await publish(source, { store, key: 'tank-7/run.h5' })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
    expect(await store.keys('tank-7/')).toEqual(['tank-7/run.h5'])
    expect((await failure(() => publish(source, { store, key: '' }))).field).toBe('target.key')
    expect((await failure(() => publish(source, 's3://bucket'))).field).toBe('target')
  })

  test('of no frames has no blocks', async () => {
    const source = await written([])
    const target = scratch('published.h5')
    expect((await publish(source, target)).layouts).toMatchObject([{ frames: 0, blocks: 0 }])
    expect(await run('h5diff', [source, target])).toEqual(same)
  })
})

describe('what a killed publish left', () => {
  /** Publishes in a process that kills itself when `folder` has a name with "publish" in it. */
  const killed = (source: string, target: string, folder: string, store: boolean) =>
    runNode(
      `
import { readdirSync } from 'node:fs'
import { publish } from 'h5tracks'
import { FolderStore } from 'h5tracks/batch'
const [, , source, target, folder, store] = process.argv
setInterval(() => readdirSync(folder).some((name) => name.includes('publish')) && process.kill(process.pid, 'SIGKILL'))
await publish(source, store ? { store: new FolderStore(target), key: 'run.h5' } : target, { chunkFrames: 1 })`,
      [source, target, folder, ...(store ? ['store'] : [])],
      { env: { ...process.env, TMPDIR: folder } },
    )

  test('beside the target is removed by the next publish, and that of a process that is alive is not', async () => {
    const source = await written(frames, CAMERAS, { chunkFrames: 20 })
    const target = scratch('run.h5')
    const folder = dirname(target)
    expect((await killed(source, target, folder, false)).signal).toBe('SIGKILL')
    const [left = ''] = readdirSync(folder)
    expect(left).toMatch(/^run\.h5\.publishing-/)
    const alive = left.replace(/-\d+-/, `-${process.pid}-`)
    const others = `other.${left}`
    for (const name of [alive, others]) writeFileSync(join(folder, name), '')
    await Promise.all([publish(source, target), publish(source, target)])
    expect(new Set(readdirSync(folder))).toEqual(new Set(['run.h5', alive, others]))
    expect(columnsRead(await readTrackingResults(target))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('in the folder for temporary files is removed by the next publish into a store', async () => {
    const source = await written(frames, CAMERAS, { chunkFrames: 20 })
    const [bucket, folder] = [scratch('bucket'), dirname(scratch('temporary'))]
    expect((await killed(source, bucket, folder, true)).signal).toBe('SIGKILL')
    expect(readdirSync(folder)).toHaveLength(1)
    vi.stubEnv('TMPDIR', folder)
    await publish(source, { store: new FolderStore(bucket), key: 'run.h5' })
    vi.unstubAllEnvs()
    expect(readdirSync(folder)).toEqual([])
    expect(readdirSync(bucket)).toEqual(['run.h5'])
  })
})

describe('published files of any layout', () => {
  const oracle = new ColumnOracle()
  afterAll(() => oracle.end())

  test('h5py reads the frames of random layouts from the published copy as they were given', async () => {
    const files = fc.record({
      seed: fc.nat(2 ** 31 - 1),
      frames: fc.integer({ min: 0, max: 40 }),
      blocks: fc.integer({ min: 1, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(files, async ({ seed, frames, blocks }) => {
        const content = new Content(seed)
        const source = scratch('frames.h5')
        const writer = new FrameWriter(source, content.layout, { cameras: content.cameras, chunkFrames: 7 })
        for (let i = 0; i < frames; i++) if (!writer.writeFrame(...content.frame(i))) await writer.drain()
        await writer.close()
        const target = scratch('published.h5')
        const { headBytes } = await publish(source, target, { chunkFrames: blocks })
        expect(await oracle.ask(target, content.columns(0, frames))).toEqual({ rows: frames })
        if (!content.names) await expectInOrder(target, headBytes)
        expect((await check(target)).findings).toEqual([])
      }),
      { seed: 18, numRuns: 12 },
    )
  })

  test('layouts with paces of their own lie side by side in the order of time', async () => {
    const source = scratch('rig.h5')
    const video = defineLayout({ group: 'video', fields: { light: { type: 'uint8' } } })
    const imu = defineLayout({ group: 'imu', fields: { force: { type: 'float32', shape: [3] } } })
    const file = new FrameFileWriter(source, { video, imu }, { chunkFrames: { video: 4, imu: 50 } })
    for (let i = 0; i < 30; i++) file.writers.video.writeFrame(i, { light: i })
    for (let i = 0; i < 900; i++) file.writers.imu.writeFrame(i, { force: [i, 0, -i] })
    await file.close()
    const target = scratch('published.h5')
    const { layouts } = await publish(source, target, { chunkFrames: 10 })
    expect(layouts.map(({ name, blocks }) => [name, blocks])).toEqual([
      ['imu', 90],
      ['video', 3],
    ])
    const starts = (await chunksOf(target)).filter(({ dataset }) => /light|force/.test(dataset))
    const times = starts.map(({ dataset, row }) => row / (dataset.startsWith('video') ? 30 : 900))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(await run('h5diff', [source, target])).toEqual(same)
  })

  test('a tracking file of h5py without chunks becomes one with chunks', async () => {
    const source = await written(frames, CAMERAS, { chunkFrames: 20 })
    await h5py(
      source,
      'r+',
      `g = f['tracking']
values = g['confidence'][:]
del g['confidence']
g.create_dataset('confidence', data=values)`,
    )
    const target = scratch('published.h5')
    const { headBytes } = await publish(source, target, { chunkFrames: 100 })
    await expectInOrder(target, headBytes)
    expect(columnsRead(await readTrackingResults(target))).toEqual(columnsOf(frames, CAMERAS, 9))
  })
})

describe('publish refuses and leaves the target as it was', () => {
  const target = scratch('target.h5')
  writeFileSync(target, 'as it was')

  test.each([
    ['a file without a layout', 'ERR_FORMAT', (path: string) => h5py(path, 'w', `f['x'] = 1`)],
    ['a file that is not HDF5', 'ERR_NOT_HDF5', (path: string) => writeFileSync(path, 'text')],
  ])('%s', async (_, code, make) => {
    const source = scratch()
    await make(source)
    expect(await failure(() => publish(source, target))).toMatchObject({ code, path: source })
    expect(readFileSync(target, 'utf8')).toBe('as it was')
    expect(readdirSync(dirname(target))).toEqual([basename(target)])
  })

  test('a file with references in a dataset, which would point to the wrong places', async () => {
    const source = await written(frames)
    await h5py(source, 'r+', `f.create_dataset('refs', data=[f['tracking'].ref], dtype=h5py.ref_dtype)`)
    const error = await failure(() => publish(source, target))
    expect(error.code).toBe('ERR_UNSUPPORTED')
    expect(error.message).toContain('/refs: references into the old file')
    expect(readdirSync(dirname(target))).toEqual([basename(target)])
  })

  test('an invalid number of frames, an unknown option and an aborted signal', async () => {
    const source = await written(frames)
    for (const chunkFrames of [0, 1.5, 2 ** 40]) {
      expect(await failure(() => publish(source, target, { chunkFrames }))).toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        field: 'chunkFrames',
      })
    }
    expect((await failure(() => publish(source, target, { chunks: 1 } as object))).field).toBe('chunks')
    await expect(publish(source, target, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    expect(readFileSync(target, 'utf8')).toBe('as it was')
  })

  test('a target that another writer has open', async () => {
    const source = await written(frames)
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS)
    writer.writeFrame(0, [])
    expect((await failure(() => publish(source, path))).code).toBe('ERR_LOCKED')
  })
})
