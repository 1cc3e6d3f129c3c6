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

// A good file has no findings, whoever wrote it.

test.skipIf(goldenAbsent)(
  `the real recordings, boxes without a detection among them ${goldenAbsent ?? ''}`,
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

test.each([0, 1, 35])('%d frames, written here and as AquaPose writes', async (count) => {
  const own = await written(school(count), CAMERAS, { chunkFrames: 10 })
  expect(await check(own)).toEqual({ path: own, frames: count, findings: [] })
  const header = { cameras: CAMERAS, maxFish: 9, chunkFrames: 10 }
  const aquapose = await writeWithH5py(scratch(), header, school(count))
  expect(await check(aquapose)).toEqual({ path: aquapose, frames: count, findings: [] })
})

test('a fish that nobody saw; boxes without detections, detections without boxes, boxes over the edge', async () => {
  const tracks = [
    { ...fish(1), centroid3d: null, confidence: -1, nCameras: 0, cameraDetections: {}, bboxes: {} },
    { ...fish(2), cameraDetections: {}, bboxes: { north: [-1, -1, 20, 10], east: [-5, 3, 8, 8] } },
    { ...fish(3), bboxes: {} },
  ]
  const path = await written([{ frameIndex: -7n, tracks }])
  expect((await check(path)).findings).toEqual([])
})

test('a file that is being written in this process, between two flushes', async () => {
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

test('whatever a writer accepts is without errors', async () => {
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
      // A position or a box that is partly there is accepted, and odd all the same.
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    }),
    { numRuns: 60, seed: 20260102 },
  )
})
