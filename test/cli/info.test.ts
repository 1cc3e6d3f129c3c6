import { statSync } from 'node:fs'
import { TrackingWriter, versions } from 'h5tracks'
import { expect, test } from 'vitest'
import { output } from '../support/process.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { fish, h5tracks } from './served.js'

// `h5tracks info` summarises a file as text and as JSON.

function example() {
  const path = scratch()
  using writer = new TrackingWriter(path, ['top', 'front'], {
    maxFish: 4,
    chunkFrames: 50,
    metadata: { fps: 25, site: 'pond', roi: [1, 2.5] },
  })
  for (let frame = 10; frame < 110; frame++) {
    if (frame === 50) continue
    const unseen = fish(8, {
      centroid3d: null,
      isConfirmed: false,
      cameraDetections: {},
      bboxes: { top: [1, 2, 3, 4] },
    })
    writer.writeFrame(
      frame,
      frame === 20 ? [] : frame % 2 ? [fish(3), unseen] : [fish(3, { cameraDetections: { top: 1 }, bboxes: {} })],
    )
  }
  return path
}

test('info --json prints one object with the whole summary', async () => {
  const path = example()
  const { code, stdout, stderr } = await h5tracks(['info', path, '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const summary = JSON.parse(stdout)
  // 99 frames: 50 odd ones with two fish, 49 even ones with one, of which frame 20 is empty and frame 50 is missing.
  expect(summary).toMatchObject({
    path,
    frames: 99,
    firstFrame: 10,
    lastFrame: 109,
    missingFrames: 1,
    framesWithoutFish: 1,
    fps: 25,
    seconds: 4,
    fish: { count: 2, ids: [3, 8], slots: 4, mostInAFrame: 2 },
    records: { count: 148, withPosition: 98, confirmed: 98 },
    cameras: [
      { name: 'top', detections: 98, coverage: 98 / 148, boxes: 100, frames: 98 },
      { name: 'front', detections: 50, coverage: 50 / 148, boxes: 50, frames: 50 },
    ],
    chunkFrames: 50,
    writtenBy: `h5tracks ${versions.h5tracks} (HDF5 ${versions.hdf5.running})`,
    metadata: { schema: 'aquapose-tracking', schema_version: '1.0', fps: 25, site: 'pond', roi: [1, 2.5] },
  })
  // 8 bytes of frame number, and for each slot 29 bytes and 20 for each camera.
  expect(summary.storage).toMatchObject({ rawBytes: 99 * (8 + 4 * (29 + 2 * 20)), fileBytes: statSync(path).size })
  expect(summary.storage.ratio).toBeCloseTo(summary.storage.rawBytes / summary.storage.storedBytes)
  expect(summary.storage.storedBytes).toBeLessThan(summary.storage.fileBytes)
  // h5dump reports the same filter for each of the 11 datasets.
  const filters = await output('h5dump', ['-pH', path])
  const deflated = [...filters.matchAll(/COMPRESSION DEFLATE \{ LEVEL (\d) \}/g)].length
  expect(summary.storage.compression.reduce((n: number, c: { datasets: number }) => n + c.datasets, 0)).toBe(11)
  expect(summary.storage.compression.every((c: { filters: string }) => /deflate \d/.test(c.filters))).toBe(
    deflated === 11,
  )
})

test('info prints the same summary as aligned text', async () => {
  const path = example()
  const { stdout } = await h5tracks(['info', path])
  const text = stdout.replaceAll(path, 'fish.h5')
  expect(text).toContain('Frames      99 (10 to 109), 1 missing between them, 1 without fish\n')
  expect(text).toContain('Duration    4.0 s at 25 frames/s\n')
  expect(text).toContain('Fish        2 (ids 3, 8), at most 2 in a frame, room for 4\n')
  expect(text).toContain('Records     148, with a position 66.2 %, confirmed 66.2 %\n')
  expect(text).toContain(
    [
      'Cameras     2',
      '                     detections  of records  of frames  boxes',
      '              top            98      66.2 %     99.0 %    100',
      '              front          50      33.8 %     50.5 %     50',
      '',
    ].join('\n'),
  )
  expect(text).toContain(`Written by  h5tracks ${versions.h5tracks}`)
  expect(text).toContain('            roi = 1, 2.5\n')
  expect(text).not.toMatch(/ $/m)
})

test('info summarises a file without frames and cameras', async () => {
  const path = scratch()
  new TrackingWriter(path, []).closeSync()
  const { code, stdout } = await h5tracks(['info', path])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Frames +none\n.*none \(room for 9 in a frame\)\nRecords +none\nCameras +none\n/ms)
  const summary = JSON.parse((await h5tracks(['info', path, '--json'])).stdout)
  expect(summary).toMatchObject({
    frames: 0,
    firstFrame: null,
    lastFrame: null,
    missingFrames: null,
    seconds: null,
    cameras: [],
  })
})

test('info reports frame numbers out of order and beyond 2^53', async () => {
  const path = scratch()
  {
    using writer = new TrackingWriter(path, [], { frameOrder: 'any', metadata: { fps: 10 } })
    for (const frame of [5n, 9007199254740993n, 7n]) writer.writeFrame(frame, [])
  }
  expect((await h5tracks(['info', path])).stdout).toContain('3 (5 to 7), not in increasing order, 3 without fish\n')

  const large = scratch()
  {
    using writer = new TrackingWriter(large, [])
    for (const frame of [0n, 9007199254740993n]) writer.writeFrame(frame, [])
  }
  expect(JSON.parse((await h5tracks(['info', large, '--json'])).stdout)).toMatchObject({
    firstFrame: 0,
    lastFrame: '9007199254740993',
  })
})

test('info --untrusted prints the same, read in a separate process', async () => {
  const path = example()
  const options = ['info', path, '--json']
  expect(await h5tracks([...options, '--untrusted'])).toEqual(await h5tracks(options))
  const { code, stderr } = await h5tracks(['info', scratch('none.h5'), '--untrusted'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^h5tracks: ENOENT: .*none\.h5'\n$/)
})

test('info summarises a file without our metadata, with other filters and other datasets', async () => {
  const path = example()
  await h5py(
    path,
    'r+',
    `t = f['tracking']\nfor name in ['created_by', 'fps']: del t.attrs[name]\nt['note'] = np.arange(1000.0)`,
  )
  const { code, stdout } = await h5tracks(['info', path])
  expect(code).toBe(0)
  expect(stdout).toContain('Written by  not recorded\n')
  expect(stdout).not.toContain('Duration')
  expect(stdout).toMatch(/Storage .*none \(1 dataset\)/)
})
