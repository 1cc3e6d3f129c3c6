import { copyFileSync } from 'node:fs'
import {
  check,
  type FrameColumns,
  readTrackingResultsSync,
  recover,
  TrackingReader,
  TrackingWriter,
  type TrackRecord,
} from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { runNode } from '../../support/process.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { batchOf } from '../../support/tracking/batches.js'
import { CAMERAS, fish, school } from '../../support/tracking/frames.js'
import { journalOf, mustBeKilled } from '../../support/tracking/journal.js'

// A file stores boxes as integers. The writer truncates fractions toward zero as AquaPose does, and counts every box that
// lost one, in its statistics and in the file; with fractionalBoxes: 'refuse' it refuses the frame instead.

const boxes = (...numbers: [camera: string, box: ArrayLike<number>][]): TrackRecord => ({
  ...fish(1, 0, []),
  bboxes: Object.fromEntries(numbers),
})
const recorded = (path: string) => {
  using reader = new TrackingReader(path)
  return Number(reader.metadata.boxes_truncated ?? 0)
}

describe('a box is counted once, whichever of its numbers has a fraction', () => {
  test.each<{ box: ArrayLike<number>; stored: number[]; count: number }>([
    { box: [1, 2, 3, 4], stored: [1, 2, 3, 4], count: 0 },
    { box: [1.5, 2, 3, 4], stored: [1, 2, 3, 4], count: 1 },
    { box: [1, -2.75, 3, 4], stored: [1, -2, 3, 4], count: 1 },
    { box: [1, 2, 3.0000001, 4], stored: [1, 2, 3, 4], count: 1 },
    { box: [1, 2, 3, -0.5], stored: [1, 2, 3, 0], count: 1 },
    { box: [0.1, 0.2, 0.3, 0.4], stored: [0, 0, 0, 0], count: 1 },
    { box: [-0, 0, 5, 6], stored: [0, 0, 5, 6], count: 0 },
    { box: [2147483647.5, 0, 5, 6], stored: [2147483647, 0, 5, 6], count: 1 },
    { box: Float32Array.of(7.25, 8, 9, 10), stored: [7, 8, 9, 10], count: 1 },
    { box: Float64Array.of(7, 8, 9, 10), stored: [7, 8, 9, 10], count: 0 },
  ])('the box $box is stored as $stored and counts $count times as truncated', ({ box, stored, count }) => {
    const path = scratch()
    const writer = new TrackingWriter(path, ['a'])
    writer.writeFrame(0, [boxes(['a', box])])
    expect(writer.boxesTruncated).toBe(count)
    expect(writer.stats().boxesTruncated).toBe(count)
    writer.closeSync()
    expect(writer.stats().boxesTruncated).toBe(count)
    expect([...readTrackingResultsSync(path).bboxes.a!.data.subarray(0, 4)]).toEqual(stored)
    expect(recorded(path)).toBe(count)
  })
})

test('truncated boxes in a Map are counted, and those of ignored cameras are not', () => {
  using writer = new TrackingWriter(scratch(), ['a', 'b'], { unknownCameras: 'ignore' })
  const map = new Map([
    ['a', [0.5, 1, 2, 3]],
    ['b', [1, 1, 2, 3]],
    ['elsewhere', [0.5, 1, 2, 3]],
  ])
  writer.writeFrame(0, [
    { ...fish(1, 0, []), bboxes: map },
    { ...fish(2, 0, []), bboxes: { b: [9.5, 8.5, 7.5, 6.5] } },
  ])
  expect(writer).toMatchObject({ boxesTruncated: 2, detectionsIgnored: 1 })
})

test('the boxes of a refused frame are not counted as truncated', async () => {
  using writer = new TrackingWriter(scratch(), ['a'])
  const error = await failure(() =>
    writer.writeFrame(0, [boxes(['a', [0.5, 1, 2, 3]]), { ...fish(2, 0, []), bboxes: { a: [Infinity, 1, 2, 3] } }]),
  )
  expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE', fish: 2, field: 'bboxes' })
  expect(writer.stats().boxesTruncated).toBe(0)
})

test('truncated boxes of frames from a stream are counted', async () => {
  const path = scratch()
  const writer = new TrackingWriter(path, ['a'])
  const stream = writer.writable()
  for (let frameIndex = 0; frameIndex < 5; frameIndex++)
    stream.write({ frameIndex, tracks: [boxes(['a', [frameIndex / 2, 1, 2, 3]])] })
  await new Promise<void>((resolve) => stream.end(resolve))
  expect(writer.stats().boxesTruncated).toBe(2)
  expect(recorded(path)).toBe(2)
})

test('writeFrames refuses boxes that are not an Int32Array', async () => {
  const batch = batchOf(school(2), 9)
  using writer = new TrackingWriter(scratch(), CAMERAS)
  const east = Float32Array.from(batch.bboxes.east!)
  const error = await failure(() => writer.writeFrames({ ...batch, bboxes: { east } } as unknown as FrameColumns))
  expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: "bboxes['east']" })
  writer.writeFrames(batch)
  expect(writer.stats().boxesTruncated).toBe(0)
})

describe("fractionalBoxes: 'refuse'", () => {
  test("fractionalBoxes: 'refuse' refuses a fraction, names frame, fish, camera and number, and takes whole numbers", async () => {
    const path = scratch()
    using writer = new TrackingWriter(path, ['a', 'b'], { fractionalBoxes: 'refuse' })
    const refused = await failure(() => writer.writeFrame(7, [boxes(['a', [1, 2, 3, 4]], ['b', [1, 2, 3, 4.5]])]))
    expect(refused).toMatchObject({ code: 'ERR_OUT_OF_RANGE', frame: 7, fish: 1, camera: 'b', field: 'bboxes' })
    expect(refused.message).toContain('bboxes[3]')
    expect(refused.message).toContain('4.5')
    writer.writeFrame(7, [boxes(['a', [1, -2, 3, 2 ** 31 - 1]])])
    expect(writer.stats()).toMatchObject({ frames: 1, boxesTruncated: 0 })
    writer.closeSync()
    const { bboxes } = readTrackingResultsSync(path)
    expect([...bboxes.a!.data.subarray(0, 4)]).toEqual([1, -2, 3, 2 ** 31 - 1])
    expect([...bboxes.b!.data]).toEqual(new Array(9 * 4).fill(-1))
  })

  test("resume takes fractionalBoxes: 'refuse', and any other value is refused", async () => {
    const path = scratch()
    new TrackingWriter(path, ['a']).closeSync()
    await using writer = await TrackingWriter.resume(path, { fractionalBoxes: 'refuse' })
    expect(await failure(() => writer.writeFrame(0, [boxes(['a', [0.5, 1, 2, 3]])]))).toMatchObject({ frame: 0 })
    const options = { fractionalBoxes: 'round' } as never
    expect(await failure(() => new TrackingWriter(scratch(), [], options))).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      field: 'fractionalBoxes',
    })
  })
})

describe('the file says how many boxes lost fractions', () => {
  const half = (frameIndex: number) => [boxes(['a', [frameIndex + 0.5, 1, 2, 3]])]

  test('the attribute boxes_truncated exists only in a file with truncated boxes, and h5py reads it', async () => {
    const [some, none] = [scratch(), scratch()]
    for (const [path, box] of [
      [some, [0.5, 1, 2, 3]],
      [none, [1, 1, 2, 3]],
    ] as const) {
      using writer = new TrackingWriter(path, ['a'])
      writer.writeFrame(0, [boxes(['a', box])])
    }
    const line = "print(int(f['tracking'].attrs.get('boxes_truncated', -1)))"
    expect((await h5py(some, 'r', line)).trim()).toBe('1')
    expect((await h5py(none, 'r', line)).trim()).toBe('-1')
  })

  test('boxes_truncated counts over many blocks and across resumed writers', async () => {
    const path = scratch()
    {
      await using writer = new TrackingWriter(path, ['a'], { chunkFrames: 3, blocksInFlight: 2 })
      for (let i = 0; i < 50; i++) if (!writer.writeFrame(i, half(i))) await writer.drain()
      for (let i = 50; i < 90; i++) if (!writer.writeFrame(i, [])) await writer.drain()
    }
    expect(recorded(path)).toBe(50)
    {
      await using writer = await TrackingWriter.resume(path)
      for (let i = 90; i < 97; i++) writer.writeFrame(i, half(i))
      expect(writer.stats().boxesTruncated).toBe(7)
    }
    expect(recorded(path)).toBe(57)
    await (await TrackingWriter.resume(path)).close()
    expect(recorded(path)).toBe(57)
    expect((await check(path)).findings).toEqual([])
  })

  test('the writer refuses metadata named boxes_truncated, which the format reserves', async () => {
    const error = await failure(() => new TrackingWriter(scratch(), [], { metadata: { boxes_truncated: 3 } }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'metadata' })
  })

  test.each([
    { frames: 4, what: 'before the first block is full' },
    { frames: 95, what: 'after many blocks' },
  ])('boxes_truncated survives a writer killed $what, and another one killed after resume', async ({ frames }) => {
    const path = scratch()
    const run = (open: string, from: number, to: number) =>
      runNode(
        `import { TrackingWriter } from 'h5tracks'
        const path = process.argv[2]
        const writer = ${open}
        const fish = ${JSON.stringify(fish(1, 0, []))}
        for (let i = ${from}; i < ${to}; i++) {
          const box = i % 2 ? [i, 1, 2, 3] : [i + 0.5, 1, 2, 3]
          if (!writer.writeFrame(i, [{ ...fish, bboxes: { a: box } }])) await writer.drain()
        }
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => {})`,
        [path],
      )
    mustBeKilled(await run("new TrackingWriter(path, ['a'], { chunkFrames: 10 })", 0, frames))
    const copy = scratch()
    copyFileSync(path, copy)
    copyFileSync(journalOf(path), journalOf(copy))
    // The journal identifies the file by its run id, so a copy is good enough.
    expect((await recover(copy)).frames).toBe(frames)
    expect(recorded(copy)).toBe(Math.ceil(frames / 2))
    mustBeKilled(await run('await TrackingWriter.resume(path)', frames, frames + 30))
    expect((await recover(path)).frames).toBe(frames + 30)
    expect(recorded(path)).toBe(Math.ceil((frames + 30) / 2))
  })

  test('boxes_truncated is complete when the process exits without closing the writer', async () => {
    const path = scratch()
    const { code } = await runNode(
      `import { TrackingWriter } from 'h5tracks'
      const writer = new TrackingWriter(process.argv[2], ['a'])
      writer.writeFrame(0, [${JSON.stringify(boxes(['a', [0.5, 1, 2, 3]]))}])
      process.exit(3)`,
      [path],
    )
    expect(code).toBe(3)
    expect(recorded(path)).toBe(1)
  })
})
