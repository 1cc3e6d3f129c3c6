import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { check, FrameReader, FrameWriter, recover, type StreamedFrame } from 'h5tracks'
import { afterAll, expect, test } from 'vitest'
import { startProgram } from '../faults/process.js'
import { Content } from '../support/frames/content.js'
import { ColumnOracle } from '../support/frames/oracle.js'
import { h5diff } from '../support/hdf5/hdf5-tools.js'
import { scratch } from '../support/scratch.js'

// Random layouts with random frames, in one file or two in step: what h5py and FrameReader read is what was written, however the run
// ended. A seed stands for layouts and frames (test/support/frames/content.js). H5TRACKS_PROPERTY_RUNS=2000 is the long form.

const runs = Number(process.env.H5TRACKS_PROPERTY_RUNS ?? 20)
const oracle = new ColumnOracle()
afterAll(() => oracle.end())

const files = fc.record({
  seed: fc.nat(2 ** 31 - 1),
  fields: fc.integer({ min: 0, max: 5 }),
  frames: fc.integer({ min: 0, max: 40 }),
  chunkFrames: fc.integer({ min: 1, max: 12 }),
})
const seeded = { seed: 16, numRuns: runs }

async function expectRows(path: string, content: Content, frames: number): Promise<void> {
  expect(await oracle.ask(path, content.columns(0, frames))).toEqual({ rows: frames })
}

/** Writes what FrameReader reads from a file to another one, as records or as columns. */
async function copy(path: string, content: Content, as: 'records' | 'columns'): Promise<string> {
  const target = scratch('copy.h5')
  const readers = (content.names ?? [undefined]).map((name) => new FrameReader(path, name))
  const named = (parts: unknown[]) => content.named(parts)
  const writer = new FrameWriter(target, content.layout, { cameras: content.cameras, chunkFrames: 5 })
  if (as === 'columns') writer.writeFrames(named(readers.map((reader) => reader.readSync())))
  else {
    const streams = readers.map((reader) => reader.frames())
    for (;;) {
      const parts = await Promise.all(streams.map(async (stream) => (await stream.next()).value as StreamedFrame))
      if (!parts[0]) break
      const records = parts.map(({ records, record }) => records ?? record)
      const perFrame = parts.map(({ perFrame }) => perFrame)
      if (!writer.writeFrame(parts[0].frameIndex, named(records), named(perFrame))) await writer.drain()
    }
  }
  await writer.close()
  for (const reader of readers) reader.close()
  return target
}

async function write(path: string, content: Content, frames: number, chunkFrames: number): Promise<void> {
  const writer = new FrameWriter(path, content.layout, { cameras: content.cameras, chunkFrames })
  for (let i = 0; i < frames; i++) if (!writer.writeFrame(...content.frame(i))) await writer.drain()
  await writer.close()
}

test('h5py reads the frames of random layouts as they were given', async () => {
  await fc.assert(
    fc.asyncProperty(files, async ({ seed, fields, frames, chunkFrames }) => {
      const path = scratch('frames.h5')
      const content = new Content(seed, fields)
      await write(path, content, frames, chunkFrames)
      await expectRows(path, content, frames)
    }),
    seeded,
  )
})

test('what FrameReader reads from files of random layouts can be written again, and check finds nothing in them', async () => {
  await fc.assert(
    fc.asyncProperty(files, async ({ seed, fields, frames, chunkFrames }) => {
      const path = scratch('frames.h5')
      const content = new Content(seed, fields)
      await write(path, content, frames, chunkFrames)
      const { findings } = await check(path)
      expect(findings).toEqual([])
      for (const as of ['records', 'columns'] as const) await expectRows(await copy(path, content, as), content, frames)
    }),
    { ...seeded, numRuns: Math.ceil(runs / 2) },
  )
})

test('batches of random layouts make the same file as single frames, also when they follow a resumed run', async () => {
  const parts = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(files, parts, async ({ seed, fields, frames, chunkFrames }, sizes) => {
      const content = new Content(seed, fields)
      const [byFrame, byBatch] = [scratch('frames.h5'), scratch('batches.h5')]
      const total = sizes.reduce((sum, size) => sum + size, 0) + frames
      await write(byFrame, content, total, chunkFrames)

      await write(byBatch, content, frames, chunkFrames)
      const writer = await FrameWriter.resume(byBatch, content.layout)
      expect(writer.length).toBe(frames)
      let from = frames
      for (const size of sizes) {
        if (!writer.writeFrames(content.batch(from, from + size))) await writer.drain()
        from += size
      }
      await writer.close()
      await expectRows(byBatch, content, total)
      expect(await h5diff(byFrame, byBatch, '/')).toMatchObject({ code: 0 })
    }),
    { ...seeded, numRuns: Math.ceil(runs / 2) },
  )
})

test('a killed writer of random layouts leaves a file that is recovered with every accepted frame, and continued', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.nat(20), async ({ seed, frames, chunkFrames }, more) => {
      const root = dirname(scratch())
      const [path, log] = [join(root, 'files', 'frames.h5'), join(root, 'log')]
      mkdirSync(dirname(path))
      const run = async (steps: unknown[], resume: boolean) => {
        const job = { seed, steps, options: resume ? {} : { chunkFrames }, log, layouts: true, resume }
        return startProgram('write.js', [path, JSON.stringify(job)]).ended
      }
      expect(await run([frames, 'die'], false)).toMatchObject({ signal: 'SIGKILL' })
      const content = new Content(seed)
      if (more % 2 === 0) {
        expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames, lost: [] })
        await expectRows(path, content, frames)
      }
      expect(await run([more, 'close'], true)).toMatchObject({ code: 0 })
      await expectRows(path, content, frames + more)
    }),
    { ...seeded, numRuns: Math.ceil(runs / 6) },
  )
})
