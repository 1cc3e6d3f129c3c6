import { dirname } from 'node:path'
import { readTrackingResults, readTrackingResultsSync } from 'h5tracks'
import { expect, test } from 'vitest'
import { run } from '../support/process.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { example } from './server.js'

// The small examples run unchanged with plain Node, from any directory, and write what they print.

const execute = (name: string, path: string) => run(process.execPath, [example(name), path], { cwd: dirname(path) })

test('examples/basic.mjs writes and reads a file, also over an existing one', async () => {
  const path = scratch('basic.h5')
  const said = `${path}: positions 600 x 9 x 3, cameras top, front, 60 fps\nfish 1: 600 frames, x from 10 to 159.75 cm\n`
  expect(await execute('basic.mjs', path)).toMatchObject({ code: 0, stdout: said, stderr: '' })
  const { cameraAssignments, centroid3d, frameIndex, metadata } = await readTrackingResults(path)
  expect(Array.from(frameIndex.data, Number)).toEqual([...Array(600).keys()])
  expect([...centroid3d.data.slice(-27, -21)]).toEqual([149.75, 20, 30, 159.75, 20, 30])
  expect([...cameraAssignments.front!.data.slice(0, 3)]).toEqual([0, -1, -1])
  expect(metadata).toMatchObject({ fps: 60, units: 'cm' })
  // The second run overwrites the file.
  expect(await execute('basic.mjs', path)).toMatchObject({ code: 0, stdout: said, stderr: '' })
})

test('examples/columns.mjs writes frames as columns', async () => {
  const path = scratch('columns.h5')
  const said = `${path}: positions 1000 x 4 x 3, ids of the last frame 3 7 -1 -1\n`
  expect(await execute('columns.mjs', path)).toMatchObject({ code: 0, stdout: said, stderr: '' })
  const { bboxes, centroid3d, frameIndex } = readTrackingResultsSync(path)
  expect(Array.from(frameIndex.data, Number)).toEqual([...Array(1000).keys()])
  expect([...centroid3d.data.slice(-12)]).toEqual([252.75, 20, 30, 256.75, 20, 30, NaN, NaN, NaN, NaN, NaN, NaN])
  expect(bboxes.front!.data.every((value) => value === -1)).toBe(true)
  expect([...bboxes.top!.data.slice(-16, -12)]).toEqual([999, 8, 40, 20])
})

test('examples/poses.mjs writes poses that h5py reads, and reads them back', async () => {
  const path = scratch('poses.h5')
  const said = `${path}: the last ten frames are keypoints of 10 x 4 x 3 x 2, until 19.97 s
mouse 2: 300 frames, nose from x = 500 to 799
frame 0: mouse 0 is running, box -60 40 60 20
`
  expect(await execute('poses.mjs', path)).toMatchObject({ code: 0, stdout: said, stderr: '' })
  const labels = '[d.label for d in f["poses/keypoints"].dims]'
  expect(await askH5py(path, labels)).toEqual(['frame', 'slot', 'node', 'space'])
  expect(await askH5py(path, 'f["poses/keypoints"][599, 1].tolist()')).toEqual([
    [799, 50],
    [779, 52],
    [739, 55],
  ])
  expect(await askH5py(path, 'f["poses/box/side"][:].tolist() == [[[-1] * 4] * 4] * 600')).toBe(true)
})

test('examples/sensor.mjs writes samples one by one and in batches', async () => {
  const path = scratch('sensor.h5')
  const said = `${path}: 10000 samples, 0 gaps\nsecond 2: 1000 x 8, channel 0 from -1.00 to 1.00 V\n`
  expect(await execute('sensor.mjs', path)).toMatchObject({ code: 0, stdout: said, stderr: '' })
  const sines = 'np.sin(2 * np.pi * np.arange(1, 9) * np.arange(10000)[:, None] / 1000)'
  expect(await askH5py(path, `bool(np.abs(f["sensor/volts"][:] - ${sines}).max() < 1e-6)`)).toBe(true)
  expect(await askH5py(path, 'int(f["sensor"].attrs["sample_rate"])')).toBe(1000)
})

test('examples/datasets.mjs writes datasets, and inspect.mjs lists them', async () => {
  const path = scratch('run.h5')
  const said = `/arena/positions: 600 x 2, in cm
x: 10.0 5.0 -5.0 -10.0 -5.0 5.0
swum: 62.7 cm
0: lights on, 300: lights off
`
  expect(await execute('datasets.mjs', path)).toMatchObject({ code: 0, stdout: said, stderr: '' })
  const listed = `arena/
  events: { frame, what } [2] contiguous
  positions: <f4 [600,2] chunked shuffle deflate
    @columns: string [2]
    @unit: string []
`
  expect(await execute('inspect.mjs', path)).toMatchObject({ code: 0, stdout: listed, stderr: '' })
})

test('examples/memory.mjs writes and reads a file in memory', async () => {
  const said = '1000 values, the last -0.536\n'
  expect(await execute('memory.mjs', scratch())).toMatchObject({ code: 0, stdout: said, stderr: '' })
})
