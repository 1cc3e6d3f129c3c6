import { defineLayout, FrameReader, FrameWriter, TrackingReader, TrackingWriter } from 'h5tracks'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { framesOf } from '../../support/frames/every-type.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// Which layout of a file a FrameReader reads: the given one, the named one, or the only one.

const animals = defineLayout({
  group: 'animals',
  slots: { name: 'id', max: 2 },
  fields: { x: 'float32' },
})
const light = defineLayout({
  group: 'rig/light',
  perFrame: { lux: 'float64' },
  fields: { volts: { type: 'int16', shape: [2] } },
})

let both: string
beforeAll(async () => {
  both = scratch('both.h5')
  const writer = new FrameWriter(both, { animals, light })
  for (const t of [0, 1, 5]) {
    writer.writeFrame(t, { animals: [{ id: t, x: t / 2 }], light: { volts: [t, -t] } }, { light: { lux: t } })
  }
  await writer.close()
})

const animalFrames = [0, 1, 5].map((t) => ({ frameIndex: t, records: [{ id: t, x: t / 2 }], perFrame: {} }))
const lightFrames = [0, 1, 5].map((t) => ({
  frameIndex: t,
  record: { volts: Int16Array.of(t, -t) },
  perFrame: { lux: t },
}))

describe('a file with two layouts', () => {
  test('names its layouts', async () => {
    expect(await FrameReader.layouts(both)).toEqual(['animals', 'rig/light'])
    expect(FrameReader.layoutsSync(both)).toEqual(['animals', 'rig/light'])
    expect(await FrameReader.layouts(both, { untrusted: true })).toEqual(['animals', 'rig/light'])
  })

  test('is read with each of its layouts, also at once', async () => {
    await using first = new FrameReader(both, animals)
    await using second = new FrameReader(both, light)
    await using named = new FrameReader(both, 'rig/light')
    expect(await framesOf(first.frames())).toEqual(animalFrames)
    expect(await framesOf(second.frames())).toEqual(lightFrames)
    expect(await framesOf(named.frames())).toEqual(lightFrames)
    expectTypeOf((await framesOf(second.frames()))[0]!.record.volts).toEqualTypeOf<Int16Array>()
    expect(second.slots).toBe(1)
  })

  test('is not read without a layout: the error names them', async () => {
    for (const open of [() => new FrameReader(both), () => FrameReader.open(both, { untrusted: true })]) {
      const error = await failure(open)
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', path: both, field: 'layout' })
      expect(error.message).toMatch(/several layouts, 'animals', 'rig\/light'; pass one/)
    }
  })

  test('has no layout of another name', async () => {
    const error = await failure(() => new FrameReader(both, 'poses'))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path: both })
    expect(error.message).toMatch(/no layout 'poses'; it has 'animals', 'rig\/light'/)
  })

  test('does not have a layout that it differs from', async () => {
    const wider = defineLayout({
      group: 'animals',
      slots: { name: 'id', max: 2 },
      fields: { x: { type: 'float32', shape: [3] } },
    })
    const error = await failure(() => new FrameReader(both, wider))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path: both })
    expect(error.message).toMatch(/'\/animals\/x'.*\(N, 2, 3\); found \(3, 2\)/)
  })

  test('of one record a frame has no trajectories', async () => {
    await using reader = new FrameReader(both, light)
    const error = await failure(() => reader.trajectory(0))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', path: both })
    expect(error.message).toMatch(/no keys/)
  })

  test('is opened with or without options', async () => {
    await using first = await FrameReader.open(both, animals)
    await using second = await FrameReader.open(both, 'animals', { acceptLoss: true })
    expect(first.length + second.length).toBe(6)
    for (const wrong of [7, null, { group: 'animals' }]) {
      const error = await failure(() => new FrameReader(both, wrong as never))
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
    }
    expect(await failure(() => new FrameReader(both, animals, { accept: true } as never))).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      field: 'accept',
    })
  })
})

test('a file without any layout is refused with ERR_FORMAT', async () => {
  const path = scratch('other.h5')
  await h5py(path, 'w', `f['data'] = [1, 2]`)
  expect(await FrameReader.layouts(path)).toEqual([])
  expect(await failure(() => new FrameReader(path))).toMatchObject({ code: 'ERR_FORMAT', path })
})

test('a group that describes itself may have the name of one of AquaPose', async () => {
  const path = scratch('own.h5')
  const own = defineLayout({ group: 'tracking', fields: { x: 'int8' } })
  const writer = new FrameWriter(path, own)
  writer.writeFrame(1, { x: 7 })
  await writer.close()
  await using reader = new FrameReader(path)
  expect(await framesOf(reader.frames())).toEqual([{ frameIndex: 1, record: { x: 7 }, perFrame: {} }])
})

test('a tracking file is read as records, with the values that TrackingReader gives', async () => {
  const path = await written(school(30, 4), CAMERAS, { chunkFrames: 7 })
  await using tracks = new TrackingReader(path)
  await using reader = new FrameReader(path)
  expect(reader.layout.root).toBe('/tracking')
  const { metadata, ...window } = await reader.read()
  expect(window).toEqual({ ...(await tracks.read()), metadata: undefined })
  const frames = await framesOf(reader.frames())
  const expected = await framesOf(tracks.frames())
  expect(frames.map(({ frameIndex }) => frameIndex)).toEqual(expected.map(({ frameIndex }) => frameIndex))
  for (const [i, { records }] of frames.entries()) {
    const same = records!.map(({ centroid3d, cameraAssignments, bboxes, ...track }) => ({
      ...track,
      centroid3d: Number.isNaN((centroid3d as Float32Array)[0]) ? null : [...(centroid3d as Float32Array)],
      cameraDetections: cameraAssignments,
      bboxes: Object.fromEntries(
        Object.entries(bboxes as Record<string, Int32Array>).map(([name, box]) => [name, [...box]]),
      ),
    }))
    expect(same).toEqual(expected[i]!.tracks)
  }
  expect((await reader.trajectory(2)).centroid3d).toEqual((await tracks.trajectory(2)).centroid3d)
  expect(metadata).toEqual({ ...tracks.metadata })
})

test('a reader in the process of the writer sees the frames that are flushed', async () => {
  const path = scratch('live.h5')
  await using writer = new FrameWriter(path, animals, { chunkFrames: 4 })
  await using reader = new FrameReader(path, animals)
  expect(reader.length).toBe(0)
  for (let t = 0; t < 5; t++) writer.writeFrame(t, [{ id: 1, x: t }])
  await writer.flush()
  expect(reader.length).toBe(5)
  expect((await reader.trajectory(1)).x.data).toEqual(Float32Array.of(0, 1, 2, 3, 4))
})

describe('gaps', () => {
  async function gapsOf(indices: readonly (number | bigint)[], options = {}) {
    const path = scratch()
    const writer = new TrackingWriter(path, [], { chunkFrames: 3, ...options })
    for (const index of indices) writer.writeFrame(index, [])
    await writer.close()
    await using tracks = new TrackingReader(path)
    await using frames = new FrameReader(path)
    await using apart = await TrackingReader.open(path, { untrusted: true })
    const gaps = await tracks.gaps()
    expect(await frames.gaps()).toEqual(gaps)
    expect(await apart.gaps()).toEqual(gaps)
    return gaps
  }

  test('are the frame indices that a file skips', async () => {
    expect(await gapsOf([])).toEqual([])
    expect(await gapsOf([7])).toEqual([])
    expect(await gapsOf([0, 1, 2, 3, 4, 5, 6])).toEqual([])
    expect(await gapsOf([-5, -3, -2, 0, 4, 5, 6, 10])).toEqual([
      { after: -5, before: -3, missing: 1 },
      { after: -2, before: 0, missing: 1 },
      { after: 0, before: 4, missing: 3 },
      { after: 6, before: 10, missing: 3 },
    ])
  })

  test('are exact beyond 2^53', async () => {
    const limit = 2n ** 53n
    expect(
      await gapsOf([-limit - 3n, -limit - 1n, -limit + 1n, limit - 2n, limit - 1n, limit, limit + 1n, limit + 3n]),
    ).toEqual([
      { after: -limit - 3n, before: -limit - 1n, missing: 1 },
      { after: -limit - 1n, before: Number(-limit + 1n), missing: 1 },
      { after: Number(-limit + 1n), before: Number(limit - 2n), missing: Number(2n * limit - 4n) },
      { after: limit + 1n, before: limit + 3n, missing: 1 },
    ])
  })

  test('are not ended by an index that does not increase', async () => {
    expect(await gapsOf([5, 3, 3, 4, 9, 2], { frameOrder: 'any' })).toEqual([{ after: 4, before: 9, missing: 4 }])
  })
})
