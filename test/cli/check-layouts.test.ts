import { check } from 'h5tracks'
import { expect, test } from 'vitest'
import { h5py } from '../support/python.js'
import { bothFile, posesFile } from './layouts.js'
import { h5tracks } from './served.js'

// `h5tracks check` of files of any layout.

test('check prints missing frames as information and exits with 0', async () => {
  const path = posesFile()
  expect(await h5tracks(['check', path])).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: `${path}: nothing wrong in 40 frames

info: missing-frames in frame_index, frame 30
  the index skips 5 frames: frame 30 has 35 after 29
`,
  })
})

test('check prints the findings of all layouts, or of the one that --layout names', async () => {
  const path = bothFile()
  await h5py(path, 'r+', 'f["rig/sensor/volts"][7, 1] = 6\nf["poses/keypoints"][7, 1, 2, 0] = np.nan')
  const all = await h5tracks(['check', path])
  expect(all).toMatchObject({ code: 1, stderr: '' })
  expect(all.stdout).toBe(`${path}: 1 error and 1 warning in 40 frames of poses and 40 frames of rig/sensor

error: out-of-range in rig/sensor/volts, frame 7
  a value outside the range of the field, -5 to 5: frame 7 has 6 at [1]

warning: partial-position in poses/keypoints, frame 7
  a vector of which a part is not known (NaN): slot 1 of frame 7 has (NaN, 130) at [2]

info: missing-frames in poses/frame_index, rig/sensor/frame_index, frame 30
  the index skips 5 frames: frame 30 has 35 after 29
`)
  const one = await h5tracks(['check', path, '--layout', 'poses'])
  expect(one.code).toBe(0)
  expect(one.stdout).toContain(`${path}: 1 warning in 40 frames\n\nwarning: partial-position in keypoints, frame 7\n`)
  const json = await h5tracks(['check', path, '--layout', 'poses', '--json'])
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(await check(path, { layout: 'poses' }))))
  expect(await h5tracks(['check', path, '--layout', 'x'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining("it has 'poses', 'rig/sensor'"),
  })
})
