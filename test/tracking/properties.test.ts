import fc from 'fast-check'
import { readTrackingResults, TrackingReader, TrackingWriter, type TrackRecord } from 'h5tracks'
import { expect, test } from 'vitest'
import type { Frame } from '../support/frames.js'
import { columnsOf, columnsRead, plainFrame } from '../support/model.js'
import { scratch } from '../support/scratch.js'

// Whatever the cameras, the frames, the sizes and the moments of flushing: what was accepted is what is read.

const INT32_MAX = 2 ** 31 - 1
const int32 = fc.integer({ min: -(2 ** 31), max: INT32_MAX })
const float = fc.float({ noDefaultInfinity: true })
const cameraName = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.nat().map(String),
    fc.constantFrom('__proto__', 'constructor'),
  )
  .filter((name) => !/[/\0]/.test(name) && name !== '.' && name.isWellFormed())

const fishOf = (cameras: string[]): fc.Arbitrary<TrackRecord> => {
  const byCamera = <T>(value: fc.Arbitrary<T>) =>
    fc
      .array(fc.option(value, { nil: undefined }), { minLength: cameras.length, maxLength: cameras.length })
      .map(
        (values) =>
          new Map(cameras.flatMap((camera, n) => (values[n] === undefined ? [] : [[camera, values[n]] as const]))),
      )
  return fc.record({
    fishId: fc.integer({ min: 0, max: INT32_MAX }),
    centroid3d: fc.option(fc.tuple(float, float, float)),
    confidence: float,
    reprojectionResidual: float,
    nCameras: fc.nat({ max: INT32_MAX }),
    isConfirmed: fc.boolean(),
    cameraDetections: byCamera(fc.integer({ min: 0, max: INT32_MAX })),
    bboxes: byCamera(fc.tuple(int32, int32, int32, int32)),
  })
}

const recording = fc
  .record({
    cameras: fc.uniqueArray(cameraName, { maxLength: 4 }),
    maxFish: fc.integer({ min: 1, max: 6 }),
    chunkFrames: fc.integer({ min: 1, max: 7 }),
  })
  .chain(({ cameras, maxFish, chunkFrames }) => {
    const tracks = fc.uniqueArray(fishOf(cameras), { maxLength: maxFish, selector: ({ fishId }) => fishId })
    const frame = fc.record({
      gap: fc.integer({ min: 1, max: 1000 }),
      tracks,
      next: fc.constantFrom('', 'flush', 'drain'),
    })
    return fc.record({
      ...constants({ cameras, maxFish, chunkFrames }),
      first: fc.maxSafeInteger(),
      frames: fc.array(frame, { maxLength: 20 }),
    })
  })

function constants<T extends object>(values: T) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.constant(value)])) as {
    [Name in keyof T]: fc.Arbitrary<T[Name]>
  }
}

test('any recording is read back as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(recording, async ({ cameras, maxFish, chunkFrames, first, frames }) => {
      const path = scratch()
      const accepted: Frame[] = []
      {
        await using writer = new TrackingWriter(path, cameras, { maxFish, chunkFrames })
        let frameIndex = BigInt(first)
        for (const { gap, tracks, next } of frames) {
          frameIndex += BigInt(gap)
          writer.writeFrame(frameIndex, tracks)
          accepted.push({ frameIndex, tracks })
          if (next === 'flush') await writer.flush()
          if (next === 'drain') await writer.drain()
        }
      }
      expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(accepted, cameras, maxFish))
      await expectFrames(path, accepted)
    }),
    { numRuns: 60, seed: 20260101 },
  )
})

/** frames() gives the tracks in slot order, and no box of four -1: in the file that says "no box". */
async function expectFrames(path: string, accepted: Frame[]) {
  using reader = new TrackingReader(path)
  const read = []
  for await (const frame of reader.frames()) read.push(plainFrame(frame))
  const isBox = ([, box]: (string | number[])[]) => (box as number[]).some((number) => number !== -1)
  const expected = accepted.map(plainFrame).map(({ frameIndex, tracks }) => ({
    frameIndex,
    tracks: tracks
      .sort((a, b) => a.fishId - b.fishId)
      .map((fish) => ({
        ...fish,
        bboxes: fish.bboxes.filter(isBox),
        centroid3d: fish.centroid3d?.every(Number.isNaN) ? null : fish.centroid3d,
      })),
  }))
  expect(read).toEqual(expected)
}
