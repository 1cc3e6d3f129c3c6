import { defineLayout, FrameWriter, poseLayout } from 'h5tracks'
import { expect, test } from 'vitest'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// xarray opens each group of a file of any layout as it is: dimensions by name, labels as coordinates, every type.

interface Group {
  dims: Record<string, number>
  variables: Record<string, { dims: string[]; dtype: string; units: string | null; data: unknown }>
}

const inXarray = async (path: string, ...groups: string[]) =>
  JSON.parse(await runPython('xarray_groups.py', [path, ...groups])) as Record<string, Group>

test('xarray opens poses with nodes and coordinates as labels', async () => {
  const path = scratch('mice.h5')
  const mice = poseLayout({ nodes: ['nose', 'tail'], dimensions: 2, max: 3, cameras: ['top', 'side'] })
  const writer = new FrameWriter(path, mice, { chunkFrames: 2 })
  const keypoints = [
    [1, 2],
    [3, 4],
  ]
  writer.writeFrame(0, [{ individual: 4, keypoints, cameraKeypoints: { side: [5, 6, 7, 8] } }], { time: 0.25 })
  writer.writeFrame(1, [], { time: 0.5, dropped: ['top'] })
  writer.writeFrame(
    2,
    [
      { individual: 0, keypoints: null, score: 0.5 },
      { individual: 9, keypoints },
    ],
    {},
  )
  await writer.close()

  const { poses, ...groups } = await inXarray(path, 'poses', 'poses/camera_keypoints', 'poses/camera_dropped')
  const none = [
    [null, null],
    [null, null],
  ]
  expect(poses!.dims).toEqual({ frame: 3, slot: 3, node: 2, space: 2 })
  expect(poses!.variables.node).toMatchObject({ dims: ['node'], data: ['nose', 'tail'] })
  expect(poses!.variables.space).toMatchObject({ dims: ['space'], data: ['x', 'y'] })
  expect(poses!.variables.time).toEqual({ dims: ['frame'], dtype: 'float64', units: 's', data: [0.25, 0.5, null] })
  expect(poses!.variables.individual).toMatchObject({
    dims: ['frame', 'slot'],
    dtype: 'int32',
    data: [
      [4, -1, -1],
      [-1, -1, -1],
      [0, 9, -1],
    ],
  })
  expect(poses!.variables.keypoints).toEqual({
    dims: ['frame', 'slot', 'node', 'space'],
    dtype: 'float32',
    units: 'px',
    data: [
      [keypoints, none, none],
      [none, none, none],
      [none, keypoints, none],
    ],
  })
  expect(groups['poses/camera_keypoints']!.variables.side).toMatchObject({
    dims: ['frame', 'slot', 'node', 'space'],
    data: [
      [
        [
          [5, 6],
          [7, 8],
        ],
        none,
        none,
      ],
      [none, none, none],
      [none, none, none],
    ],
  })
  expect(groups['poses/camera_dropped']!.variables).toMatchObject({
    side: { dims: ['frame'], dtype: 'bool', data: [false, false, false] },
    top: { dims: ['frame'], dtype: 'bool', data: [false, true, false] },
  })
})

test('xarray reads values of every type', async () => {
  const path = scratch('types.h5')
  const integers = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const
  const floats = ['float16', 'float32', 'float64'] as const
  const numbers = Object.fromEntries([...integers, ...floats].map((type) => [`of_${type}`, type]))
  const layout = defineLayout({
    group: 'rig/sensor',
    fields: {
      ...numbers,
      open: 'bool',
      mode: { type: 'enum', members: { idle: 3, feeding: 200 }, base: 'uint8' },
      note: { type: 'string', length: 6 },
      open_by_door: { type: 'bool', shape: [2], axes: ['door'] },
    },
  })
  const writer = new FrameWriter(path, layout)
  const record = Object.fromEntries(Object.keys(numbers).map((name) => [name, 1]))
  writer.writeFrame(7, { ...record, open: true, mode: 'feeding', note: 'Käse', open_by_door: [false, true] })
  await writer.close()

  const group = (await inXarray(path, 'rig/sensor'))['rig/sensor']!
  expect(group.dims).toEqual({ frame: 1, door: 2 })
  for (const type of [...integers, ...floats]) {
    expect(group.variables[`of_${type}`]).toEqual({ dims: ['frame'], dtype: type, units: null, data: [1] })
  }
  expect(group.variables).toMatchObject({
    frame_index: { dtype: 'int64', data: [7] },
    open: { dims: ['frame'], dtype: 'bool', data: [true] },
    open_by_door: { dims: ['frame', 'door'], dtype: 'bool', data: [[false, true]] },
    mode: { dtype: 'uint8', data: [200] },
    note: { dtype: '|S6', data: ['Käse'] },
  })
})

test('xarray opens each of several layouts in one file, and a file without frames', async () => {
  const path = scratch('both.h5')
  const lamp = defineLayout({ group: 'lamp', fields: { level: 'float32' } })
  const fish = defineLayout({ group: 'fish', slots: { name: 'id', max: 2 }, fields: { x: 'float32' } })
  const writer = new FrameWriter(path, { lamp, fish })
  await writer.flush()
  await writer.close()
  const groups = await inXarray(path, 'lamp', 'fish')
  expect(groups.lamp!.variables.level).toMatchObject({ dims: ['frame'], data: [] })
  expect(groups.fish!.variables.x).toMatchObject({ dims: ['frame', 'slot'], data: [] })
})
