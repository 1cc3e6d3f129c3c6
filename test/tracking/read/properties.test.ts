import fc from 'fast-check'
import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'
import type { Frame } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead, plainFrame } from '../../support/tracking/model.js'
import { recording } from '../../support/tracking/recordings.js'

// Random cameras, frames, sizes and flushes: the reader returns exactly the accepted frames.

test('any random recording is read back as it was written', async () => {
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

/** frames() gives the tracks in slot order, and omits a box of four -1, which means "no box" in the file. */
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
