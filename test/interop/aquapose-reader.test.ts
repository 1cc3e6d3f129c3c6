import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { askH5py, h5py, runPython } from '../support/python.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { sameInH5py } from '../support/tracking/json-lines.js'
import { type Column, columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// Our files have AquaPose's layout: its reader, which uses h5py, finds every array with the name, type and shape that it expects.

interface Printed {
  camera_names: string[]
  arrays: Record<string, unknown>
}

/** A column as aquapose_reader.py prints it. */
const printed = (dtype: string, { data, shape }: Column) => ({
  dtype,
  shape,
  data: data.map((value) =>
    typeof value === 'bigint' ? String(value) : Number.isNaN(value) ? null : dtype === '|b1' ? value === 1 : value,
  ),
})

const frames = school(8).map(({ frameIndex, tracks }) => ({
  frameIndex,
  tracks: tracks
    .map((track) => (track.fishId === Number(frameIndex) % 3 ? { ...track, centroid3d: null } : track))
    .slice(0, Number(frameIndex) % 4),
}))

describe.each([
  ['by default', {}],
  ['with metadata and in chunks', { chunkFrames: 3, metadata: { fps: 60, units: 'cm', rig: ['a', 'b'] } }],
  ['without compression', { compression: 'none' as const }],
])('a file written %s', (how, options) => {
  test(`AquaPose's reader reads a file written ${how}`, async () => {
    const path = await written(frames, CAMERAS, { maxFish: 4, ...options })
    const columns = columnsOf(frames, CAMERAS, 4)
    const read = JSON.parse(await runPython('aquapose_reader.py', [path])) as Printed
    expect(read).toEqual({
      camera_names: CAMERAS,
      arrays: {
        frame_index: printed('<i8', columns.frameIndex),
        fish_id: printed('<i4', columns.fishId),
        centroid_3d: printed('<f4', columns.centroid3d),
        confidence: printed('<f4', columns.confidence),
        reprojection_residual: printed('<f4', columns.reprojectionResidual),
        n_cameras: printed('<i4', columns.nCameras),
        is_confirmed: printed('|b1', columns.isConfirmed),
        camera_assignments: Object.fromEntries(
          columns.cameraAssignments.map(([name, column]) => [name, printed('<i4', column)]),
        ),
        bboxes: Object.fromEntries(columns.bboxes.map(([name, column]) => [name, printed('<i4', column)])),
      },
    })
  })

  test(`h5py finds every field of a file written ${how}, with its type, fill value and unlimited length`, async () => {
    await sameInH5py(
      await written(frames, CAMERAS, { maxFish: 4, ...options }),
      { cameras: CAMERAS, maxFish: 4 },
      frames,
    )
  })
})

test("AquaPose's reader reads an empty file and files without cameras", async () => {
  for (const [count, cameras] of [
    [0, CAMERAS],
    [2, []],
    [0, []],
  ] as const) {
    const path = await written(school(count, 2, cameras), cameras)
    const read = JSON.parse(await runPython('aquapose_reader.py', [path])) as Printed
    expect(read.camera_names).toEqual(cameras)
    expect(read.arrays.centroid_3d).toMatchObject({ dtype: '<f4', shape: [count, 9, 3] })
  }
})

test('a file contains only the objects of the layout and the attributes of /tracking', async () => {
  const path = await written(frames)
  const names = ['bboxes', ...CAMERAS.map((camera) => `bboxes/${camera}`)]
  const expected = [
    ...names,
    ...names.map((name) => name.replace('bboxes', 'camera_assignments')),
    'centroid_3d',
    'confidence',
    'fish_id',
    'frame_index',
    'is_confirmed',
    'n_cameras',
    'reprojection_residual',
  ].map((name) => `tracking/${name}`)
  expect(await askH5py(path, '(lambda n: (f.visit(n.append), sorted(n))[1])([])')).toEqual(
    ['tracking', ...expected].sort(),
  )
  const attributes =
    '(lambda n: (f.visititems(lambda name, item: n.extend(name + ":" + a for a in item.attrs)), sorted(n))[1])([])'
  expect(await askH5py(path, attributes)).toEqual(
    ['camera_names', 'closed_cleanly', 'created_by', 'schema', 'schema_version'].map((name) => `tracking:${name}`),
  )
})

test('a closed file to which h5py added a row is still read', async () => {
  const path = await written(frames, CAMERAS, { chunkFrames: 3 })
  const lines = `
names = []
f.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
for name in names: f[name].resize(len(f[name]) + 1, axis=0)
f["tracking/frame_index"][-1] = 1000`
  await h5py(path, 'r+', lines)
  const added = [...frames, { frameIndex: 1000, tracks: [] }]
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(added, CAMERAS, 9))
})
