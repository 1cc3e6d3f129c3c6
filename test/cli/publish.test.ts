import { readTrackingResults } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'
import { h5tracks } from './served.js'

// `h5tracks publish` writes a copy for object stores.

const frames = school(25)

test('h5tracks publish writes the copy and says how it is divided', async () => {
  const target = scratch('published.h5')
  const { code, stdout, stderr } = await h5tracks(['publish', await written(frames), target, '--chunk-frames', '10'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    /published\.h5: [\d.]+ kB, the first [\d.]+ kB are metadata\ntracking: 25 frames in 3 blocks of 10\n$/,
  )
  expect(columnsRead(await readTrackingResults(target))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('h5tracks publish --json prints the report', async () => {
  const target = scratch('published.h5')
  const { stdout } = await h5tracks(['publish', await written(frames), target, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ path: target, layouts: [{ name: 'tracking', frames: 25, blocks: 1 }] })
})

test('h5tracks publish exits with 1 for a file that is absent', async () => {
  expect(await h5tracks(['publish', scratch(), scratch('published.h5')])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('ENOENT'),
  })
})
