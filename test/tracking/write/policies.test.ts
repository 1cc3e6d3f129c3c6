import { readTrackingResults, TrackingWriter, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { scratch } from '../../support/scratch.js'
import { type Frame, fish, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'

// AquaPose silently drops excess fish and unknown cameras; our writer refuses the frame by default. Options ask for
// AquaPose's behaviour, and the writer then counts what it drops.

async function write(frames: Frame[], cameras: string[], options: WriterOptions) {
  const path = scratch()
  const writer = new TrackingWriter(path, cameras, options)
  for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
  const { fishDropped, detectionsIgnored, framesWritten } = writer
  await writer.close()
  return { columns: columnsRead(await readTrackingResults(path)), fishDropped, detectionsIgnored, framesWritten }
}

describe("excessFish: 'drop'", () => {
  test("excessFish: 'drop' drops the fish with the highest ids, whatever their order, and counts them", async () => {
    const frames = school(4, 5).map(({ frameIndex, tracks }) => ({ frameIndex, tracks: [...tracks].reverse() }))
    const kept = frames.map(({ frameIndex, tracks }) => ({
      frameIndex,
      tracks: tracks.filter(({ fishId }) => fishId < 3),
    }))
    const { columns, fishDropped } = await write(frames, ['north'].concat(['east', 'south']), {
      maxFish: 3,
      excessFish: 'drop',
    })
    expect(columns).toEqual(columnsOf(kept, ['north', 'east', 'south'], 3))
    expect(fishDropped).toBe(4 * 2)
  })

  test("excessFish: 'drop' counts nothing while the fish fit", async () => {
    expect(
      (await write(school(4, 3), ['north', 'east', 'south'], { maxFish: 3, excessFish: 'drop' })).fishDropped,
    ).toBe(0)
  })

  test("excessFish: 'drop' still refuses duplicate and invalid ids", async () => {
    using writer = new TrackingWriter(scratch(), [], { maxFish: 1, excessFish: 'drop' })
    const [low, high] = [fish(1, 0, []), fish(8, 0, [])]
    const twice = await failure(() => writer.writeFrame(0, [low, high, high]))
    expect(twice).toMatchObject({ code: 'ERR_DUPLICATE_FISH', frame: 0, fish: 8 })
    const none = await failure(() => writer.writeFrame(0, [low, { ...high, fishId: NaN }]))
    expect(none).toMatchObject({ code: 'ERR_OUT_OF_RANGE', frame: 0 })
    expect(writer.fishDropped).toBe(0)
  })
})

describe("unknownCameras: 'ignore'", () => {
  test("unknownCameras: 'ignore' leaves out detections and boxes of unknown cameras and counts them", async () => {
    const frames: Frame[] = [{ frameIndex: 0, tracks: [fish(1, 0), fish(2, 0)] }]
    const said = frames[0]!.tracks.map(
      (track) => new Set([...Object.keys(track.cameraDetections), ...Object.keys(track.bboxes)]),
    )
    const others = said.map((cameras) => [...cameras].filter((camera) => camera !== 'east').length)
    const { columns, detectionsIgnored } = await write(frames, ['east'], { unknownCameras: 'ignore' })
    expect(columns).toEqual(columnsOf(frames, ['east'], 9))
    // Each camera has one detection and one box. The library may count the box separately or not, but it must count.
    const count = others.reduce((sum, n) => sum + n, 0)
    expect([count, 2 * count]).toContain(detectionsIgnored)
    expect(count).toBeGreaterThan(0)
  })

  test("unknownCameras: 'ignore' counts nothing while all cameras are known", async () => {
    const { detectionsIgnored } = await write(school(4, 3), ['north', 'east', 'south'], { unknownCameras: 'ignore' })
    expect(detectionsIgnored).toBe(0)
  })
})

test('a refused frame is not counted as dropped or ignored', async () => {
  using writer = new TrackingWriter(scratch(), ['a'], { maxFish: 1 })
  await failure(() => writer.writeFrame(0, [fish(1, 0, ['a']), fish(2, 0, ['a'])]))
  await failure(() => writer.writeFrame(0, [{ ...fish(1, 0, []), cameraDetections: { b: 1 } }]))
  expect(writer).toMatchObject({ fishDropped: 0, detectionsIgnored: 0, framesWritten: 0 })
})

test("excessFish: 'drop', unknownCameras: 'ignore' and frameOrder: 'any' together write what AquaPose would have written", async () => {
  const frames: Frame[] = [
    { frameIndex: 3, tracks: school(1, 4)[0]!.tracks },
    { frameIndex: 3, tracks: school(1, 2)[0]!.tracks },
    { frameIndex: 1, tracks: [] },
  ]
  const options = { maxFish: 2, excessFish: 'drop', unknownCameras: 'ignore', frameOrder: 'any' } as const
  const { columns, framesWritten } = await write(frames, ['south'], options)
  const kept = frames.map(({ frameIndex, tracks }) => ({ frameIndex, tracks: tracks.slice(0, 2) }))
  expect(columns).toEqual(columnsOf(kept, ['south'], 2))
  expect(framesWritten).toBe(3)
})
