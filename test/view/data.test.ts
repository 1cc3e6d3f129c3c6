import { defineLayout, FrameFileWriter, FrameReader, FrameWriter, poseLayout, TrackingReader } from 'h5tracks'
import { view } from 'h5tracks/view'
import { describe, expect, onTestFinished, test } from 'vitest'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { coverageOf, json, layoutOf, windowOf } from './client.js'
import { midlines, plain, poses, posesOfCameras, tracking } from './recordings.js'

// What the server of `h5tracks view` sends: windows, coverage, gaps and ranges, compared with what the readers and h5py read.

async function served(path: string, options = {}) {
  const page = await view(path, options)
  onTestFinished(() => page.close())
  return page.url
}

const finite = (values: Iterable<number>) => Array.from(values, (value) => (Number.isNaN(value) ? null : value))

describe('windows', () => {
  test.each([false, true])(
    'of a tracking file hold positions, and boxes of one camera (untrusted: %j)',
    async (untrusted) => {
      const path = tracking({
        frames: 700,
        fish: 4,
        cameras: ['top', 'side'],
        isSeen: (fish, frame) => (frame + fish) % 5 > 0,
      })
      const url = await served(path, { untrusted })
      const layout = await layoutOf(url, 'tracking')
      expect(layout.views.map(({ title, dimensions, down }) => [title, dimensions, down])).toEqual([
        ['3D', 3, false],
        ['top', 2, true],
        ['side', 2, true],
      ])
      expect(layout).toMatchObject({ frames: 700, slots: 4, noun: 'fish', fps: 60, live: false })
      expect(layout.views[0]).toMatchObject({ size: [200, 100, 60], unit: 'cm' })
      const start = layout.views[0]!.windowFrames
      const space = await windowOf(url, layout, 0, start)
      using reader = new TrackingReader(path)
      const { fishId, centroid3d, bboxes, frameIndex } = await reader.read({ start, stop: start + space.frames })
      expect(space.frames).toBe(Math.min(start, 700 - start))
      expect(space.frameIndex).toEqual(Float64Array.from(frameIndex.data, Number))
      expect(space.ids).toEqual(fishId.data)
      expect(space.parts[0]!.values).toEqual(centroid3d.data)
      const side = await windowOf(url, layout, 2, start)
      const boxes = Float32Array.from(bboxes.side!.data, (value) => (value === -1 ? Number.NaN : value))
      expect(side.parts[0]!.values).toEqual(boxes.subarray(0, side.parts[0]!.values.length))
    },
  )

  test('of poses hold keypoints, their confidence, times and names', async () => {
    const url = await served(poses(40, 3))
    const layout = await layoutOf(url, 'poses')
    expect(layout).toMatchObject({ names: ['anna', 'bert', 'carl'], noun: 'individual', hasTime: true, fps: 50 })
    const [image] = layout.views
    expect(image).toMatchObject({ title: 'Image', size: [1280, 720], down: true, unit: 'px' })
    expect(image!.parts[0]).toMatchObject({ points: 6, hasConfidence: true, labels: expect.arrayContaining(['neck']) })
    expect(image!.parts[0]!.edges).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [3, 4],
      [4, 5],
    ])
    const window = await windowOf(url, layout, 0, 0)
    expect(window.time[25]).toBe(0.5)
    expect(finite(window.parts[0]!.confidence.subarray(0, 6))).toEqual([1, 1, 1, 1, 1, Math.fround(0.1)])
  })

  test('of splines hold points on the curve that numpy finds by the algorithm of de Boor', async () => {
    const path = midlines(3, 2)
    const url = await served(path)
    const layout = await layoutOf(url, 'midlines')
    const window = await windowOf(url, layout, 0, 0)
    const { points } = layout.views[0]!.parts[0]!
    // On the control points that h5py reads.
    const expected = JSON.parse(
      await h5py(
        path,
        'r',
        `
import json
c = f["midlines/control_points"][2, 1].astype(float)
t = np.array(f["midlines"].attrs["SPLINE_KNOTS"])
def at(u):
    k = min(max(int(np.searchsorted(t, u, side="right")) - 1, 3), 6)
    d = [c[j + k - 3].copy() for j in range(4)]
    for r in range(1, 4):
        for j in range(3, r - 1, -1):
            a = (u - t[j + k - 3]) / (t[j + 1 + k - r] - t[j + k - 3])
            d[j] = (1 - a) * d[j - 1] + a * d[j]
    return d[3].tolist()
print(json.dumps([at(i / ${points - 1}) for i in range(${points})]))`,
      ),
    ).flat()
    const cell = 2 * layout.slots + 1
    const got = window.parts[0]!.values.subarray(cell * points * 3, (cell + 1) * points * 3)
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 5)
  })

  test('of a layout without slots hold x and y of two fields, and boxes given by corners', async () => {
    const url = await served(plain(10))
    const layout = await layoutOf(url, 'mouse')
    const window = await windowOf(url, layout, 0, 0)
    const names = layout.views[0]!.parts.map(({ name }) => name)
    expect([...window.parts[names.indexOf('x')]!.values.subarray(6, 8)]).toEqual([103, 200])
    expect([...window.parts[names.indexOf('box')]!.values.subarray(12, 16)]).toEqual([83, 190, 40, 20])
  })

  test('of keypoints in cameras are those of one camera', async () => {
    const path = posesOfCameras(20)
    const url = await served(path)
    const layout = await layoutOf(url, 'poses')
    using reader = new FrameReader(path)
    const columns = (await reader.read({ start: 0, stop: 20 })) as unknown as Record<
      string,
      Record<string, { data: Float32Array }>
    >
    const right = await windowOf(url, layout, 2, 0)
    expect(right.parts[0]!.values).toEqual(columns.cameraKeypoints!.right!.data)
  })
})

describe('the coverage', () => {
  const isSeen = (fish: number, frame: number) => fish === 0 || (frame % 97 > 3 * fish && frame > 50 * fish)

  test('counts the frames in which each animal is seen', async () => {
    const frames = 5000
    const url = await served(tracking({ frames, fish: 5, isSeen }))
    const coverage = await coverageOf(url, await layoutOf(url, 'tracking'))
    const rows = (fish: number) =>
      Array.from({ length: frames }, (_, frame) => frame).filter((frame) => isSeen(fish, frame))
    expect(coverage.ids).toEqual([0, 1, 2, 3, 4])
    expect(coverage.seen).toEqual([0, 1, 2, 3, 4].map((fish) => rows(fish).length))
    expect(coverage.first).toEqual([0, 1, 2, 3, 4].map((fish) => rows(fish)[0]))
    expect(coverage.last).toEqual([0, 1, 2, 3, 4].map((fish) => rows(fish).at(-1)))
    expect(coverage.bins).toBeLessThanOrEqual(1024)
    for (let bin = 0; bin < coverage.bins; bin++) {
      const [from, to] = [bin * coverage.binFrames, Math.min(frames, (bin + 1) * coverage.binFrames)]
      const count = rows(3).filter((row) => row >= from && row < to).length
      const share = coverage.shares[3 * coverage.bins + bin]!
      if (count === 0 || count === to - from) expect(share).toBe(count === 0 ? 0 : 255)
      else expect(Math.abs(share / 255 - count / (to - from))).toBeLessThan(0.01)
    }
  })

  test('does not count records without a position, and counts those with a box only', async () => {
    const path = tracking({ frames: 30, fish: 2, cameras: ['top'] })
    await h5py(path, 'r+', 'f["tracking/centroid_3d"][10:, :] = np.nan; f["tracking/bboxes/top"][20:, 1] = -1')
    const url = await served(path)
    expect((await coverageOf(url, await layoutOf(url, 'tracking'))).seen).toEqual([30, 20])
  })

  test('marks where frames are missing', async () => {
    const path = scratch()
    const layout = poseLayout({ nodes: ['a'], dimensions: 2, max: 1 })
    using writer = new FrameWriter(path, layout)
    for (let frame = 0; frame < 60; frame++)
      writer.writeFrame(frame < 30 ? frame : frame + 12, [{ individual: 0, keypoints: [1, 2] }])
    writer.close()
    const url = await served(path)
    const { missing, shares, bins } = await coverageOf(url, await layoutOf(url, 'poses'))
    expect(missing).toBe(12)
    expect([...shares.subarray(bins)].flatMap((mark, bin) => (mark ? [bin] : []))).toEqual([30])
  })
})

test('gap finds each frame at which an animal is lost that comes back, forwards and backwards', async () => {
  const frames = 4000
  const isSeen = (fish: number, frame: number) =>
    fish === 1 ? frame % 700 !== 650 && frame < 3900 : frame < 1000 || frame > 1004
  const url = await served(tracking({ frames, fish: 2, isSeen }))
  const losses = Array.from({ length: frames - 1 }, (_, i) => i + 1).flatMap((row) =>
    [0, 1].filter((fish) => isSeen(fish, row - 1) && !isSeen(fish, row) && row < 3899).map((id) => ({ row, id })),
  )
  expect(losses.length).toBe(6)
  await coverageOf(url, await layoutOf(url, 'tracking'))
  const found = []
  for (let from = 0; ; ) {
    const gap = await json<{ row: number | null; id: number }>(url, `gap?from=${from}`)
    if (gap.row === null) break
    found.push({ row: gap.row, id: gap.id })
    from = gap.row
  }
  expect(found).toEqual(losses)
  expect(await json(url, 'gap?from=0&id=0')).toEqual({ row: 1000, id: 0 })
  expect(await json(url, 'gap?from=1000&id=0')).toEqual({ row: null, id: null })
  expect(await json(url, 'gap?from=1000&direction=-1')).toEqual({ row: 650, id: 1 })
})

test('bounds are those of the positions, without far outliers', async () => {
  const path = tracking({ frames: 900, fish: 9 })
  await h5py(path, 'r+', 'f["tracking/centroid_3d"][450, 3] = [9e6, 9e6, 9e6]')
  const url = await served(path)
  await coverageOf(url, await layoutOf(url, 'tracking'))
  const [x, y, z] = await json<[number, number][]>(url, 'bounds?view=0')
  for (const [range, from, to] of [
    [x, 36, 164],
    [y, 68 - 50, 82],
    [z, 6, 56],
  ] as const) {
    expect(range![0]).toBeGreaterThanOrEqual(from - 4)
    expect(range![1]).toBeLessThanOrEqual(to + 4)
    expect(range![1] - range![0]).toBeGreaterThan(0.6 * (to - from))
  }
})

test('a layout without positions is shown as a timeline of its records', async () => {
  const path = scratch()
  const layout = defineLayout({
    group: 'behaviour',
    slots: { name: 'mouseId', max: 2 },
    fields: { label: 'int8', velocity: { type: 'float32', shape: [2] } },
  })
  using writer = new FrameWriter(path, layout)
  for (let frame = 0; frame < 20; frame++)
    writer.writeFrame(frame, frame < 5 ? [] : [{ mouseId: 1, label: 3, velocity: [1, 2] }])
  writer.close()
  const url = await served(path)
  const description = await layoutOf(url, 'behaviour')
  expect(description.views.map(({ title, parts }) => [title, parts.length])).toEqual([['Frames', 0]])
  expect(description.noun).toBe('mouse')
  expect(await coverageOf(url, description)).toMatchObject({ ids: [1], seen: [15] })
})

test('a file with several layouts serves each of them, the named one first', async () => {
  const path = scratch()
  const layout = (group: string, max: number) =>
    defineLayout({ group, slots: { name: 'id', max }, fields: { x: 'float32', y: 'float32' } })
  const file = new FrameFileWriter(path, { one: layout('video1', 1), two: layout('video2', 2) })
  for (let frame = 0; frame < 8; frame++) {
    file.writers.one.writeFrame(frame, [{ id: 0, x: 1, y: 2 }])
    file.writers.two.writeFrame(frame, [{ id: 1, x: 3, y: 4 }])
  }
  file.close()
  const url = await served(path, { layout: 'video2' })
  expect(await json(url, 'file')).toMatchObject({ layouts: ['video1', 'video2'], first: 'video2' })
  for (const [name, slots, x] of [
    ['video1', 1, 1],
    ['video2', 2, 3],
  ] as const) {
    const description = await layoutOf(url, name)
    expect(description).toMatchObject({ frames: 8, slots, noun: 'animal' })
    expect((await windowOf(url, description, 0, 0)).parts[0]!.values[0]).toBe(x)
  }
})
