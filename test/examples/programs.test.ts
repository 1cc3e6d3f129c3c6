import { dirname } from 'node:path'
import { readTrackingResults, readTrackingResultsSync } from 'h5tracks'
import { expect, test } from 'vitest'
import { run } from '../support/process.js'
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
