import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { check, TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, fish, school } from '../../support/tracking/frames.js'
import { goldenAbsent, zebrafish } from '../../support/tracking/golden.js'
import { writeWithH5py } from '../../support/tracking/json-lines.js'
import { recording } from '../../support/tracking/recordings.js'
import { written } from '../../support/tracking/writing.js'

// check() reports no finding for a good file, whichever program wrote it.

test.skipIf(goldenAbsent)(
  `check finds nothing wrong in real recordings, some of which have boxes without a detection ${goldenAbsent ?? ''}`,
  async () => {
    const directory = dirname(zebrafish(''))
    const files = readdirSync(directory).filter((name) => name.endsWith('.h5'))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) {
      const path = join(directory, name)
      expect(await check(path)).toEqual({ path, frames: 900, findings: [] })
    }
  },
)

test.each([0, 1, 35])(
  'check finds nothing wrong in %d frames, written by h5tracks or in AquaPose’s layout by h5py',
  async (count) => {
    const own = await written(school(count), CAMERAS, { chunkFrames: 10 })
    expect(await check(own)).toEqual({ path: own, frames: count, findings: [] })
    const header = { cameras: CAMERAS, maxFish: 9, chunkFrames: 10 }
    const aquapose = await writeWithH5py(scratch(), header, school(count))
    expect(await check(aquapose)).toEqual({ path: aquapose, frames: count, findings: [] })
  },
)

test('check accepts an unseen fish, boxes without detections, detections without boxes, and boxes over the image edge', async () => {
  const tracks = [
    { ...fish(1), centroid3d: null, confidence: -1, nCameras: 0, cameraDetections: {}, bboxes: {} },
    { ...fish(2), cameraDetections: {}, bboxes: { north: [-1, -1, 20, 10], east: [-5, 3, 8, 8] } },
    { ...fish(3), bboxes: {} },
  ]
  const path = await written([{ frameIndex: -7n, tracks }])
  expect((await check(path)).findings).toEqual([])
})

test('check finds nothing wrong in a file that this process is still writing, between two flushes', async () => {
  const path = scratch()
  await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
  for (const { frameIndex, tracks } of school(35)) {
    writer.writeFrame(frameIndex, tracks)
    if (frameIndex === 24) await writer.flush()
  }
  const report = await check(path)
  expect(report.findings).toEqual([])
  expect(report.frames).toBeGreaterThanOrEqual(25)
})

test('check finds no error in any recording that a writer accepted', async () => {
  await fc.assert(
    fc.asyncProperty(recording, async ({ cameras, maxFish, chunkFrames, first, frames }) => {
      const path = scratch()
      {
        await using writer = new TrackingWriter(path, cameras, { maxFish, chunkFrames })
        let frameIndex = BigInt(first)
        for (const { gap, tracks, next } of frames) {
          frameIndex += BigInt(gap)
          writer.writeFrame(frameIndex, tracks)
          if (next === 'flush') await writer.flush()
        }
      }
      const { findings } = await check(path)
      // The writer accepts a partial position or box; check reports it as a warning.
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    }),
    { numRuns: 60, seed: 20260102 },
  )
})
