import { check, FrameWriter, midlineLayout } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { dropRows, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'
import { animalsFile, bothFile, upTo } from './layouts.js'

// check() tells which frames a file does not have, and checks all layouts of a file.

describe('missing frames', () => {
  test('check tells as information which frames the index skips', async () => {
    const indices = [0, 1, 5, 6, 7, 8, 9, 10, 11, 12, 20, 21]
    const path = await animalsFile(indices)
    const ranges = [
      { start: 2, stop: 3 },
      { start: 10, stop: 11 },
    ]
    const { findings, information } = await check(path)
    expect(findings).toEqual([])
    expect(information).toEqual([
      {
        code: 'missing-frames',
        severity: 'info',
        layout: 'animals',
        dataset: '/animals/frame_index',
        frames: { start: 2, stop: 11 },
        ranges,
        count: 2,
        text: 'the index skips 10 frames in 2 places: frame 2 has 5 after 1',
      },
    ])
    expect(await check(path, { frameOrder: 'any' })).not.toHaveProperty('information')
  })

  test('check names frames that are missing at the border of windows and beyond the safe integers', async () => {
    const path = await animalsFile([...upTo(30), 2n ** 60n, 2n ** 60n + 2n])
    const skipped = 2n ** 60n - 30n + 1n
    expect((await check(path)).information).toMatchObject([
      {
        code: 'missing-frames',
        text: `the index skips ${skipped} frames in 2 places: frame 30 has ${2n ** 60n} after 29`,
      },
    ])
  })

  test('check does not count frames as missing whose index was lost or does not increase', async () => {
    const path = await animalsFile(upTo(35))
    await dropRows(path, 'animals/frame_index', 10, 20)
    expect((await check(path)).findings).toMatchObject([{ code: 'missing-rows' }])
    const other = await animalsFile(upTo(35))
    await h5py(other, 'r+', 'd = f["animals/frame_index"]\nd[20:] += 5\nd[30] = 3')
    expect((await check(other)).findings).toMatchObject([{ code: 'frame-order' }])
  })
})

describe('several layouts in a file', () => {
  test('check reports what is wrong in each layout, by its name', async () => {
    const path = await bothFile(35)
    const layouts = [
      { name: 'animals', frames: 35 },
      { name: 'rig/sensor', frames: 35 },
    ]
    expect(await check(path)).toEqual({ path, frames: 35, layouts, findings: [] })
    await h5py(path, 'r+', 'f["animals/tiny"][7, 2] = 10\nf["rig/sensor/volts"][30:32, 1] = 6')
    const findings = [
      { code: 'out-of-range', layout: 'animals', dataset: '/animals/tiny' },
      {
        code: 'out-of-range',
        layout: 'rig/sensor',
        dataset: '/rig/sensor/volts',
        count: 2,
        text: expect.stringContaining('frame 30 has 6 at [1]'),
      },
    ]
    expect((await check(path)).findings).toMatchObject(findings)
    const one = await check(path, { layout: 'rig/sensor' })
    expect(one).toMatchObject({ layouts: layouts.slice(1), findings: findings.slice(1) })
    expect(one.findings).toHaveLength(1)
  })

  test('check refuses a layout that the file does not have with ERR_FORMAT', async () => {
    const path = await bothFile(1)
    expect(await failure(() => check(path, { layout: 'poses' }))).toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringContaining("it has 'animals', 'rig/sensor'"),
    })
    const error = await failure(() => check(path, { layout: 3 as never }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'layout' })
  })
})

test('check finds defects in AquaPose’s midline files', async () => {
  const path = scratch()
  const fish = (fishId: number) => ({
    fishId,
    controlPoints: Array(21).fill(fishId),
    arcLength: 0.3,
    halfWidths: Array(15).fill(0.1),
    nCameras: 3,
    meanResidual: 1,
    maxResidual: 2,
    isLowConfidence: false,
  })
  {
    using writer = new FrameWriter(path, midlineLayout, { slots: 3 })
    for (const n of upTo(12)) writer.writeFrame(n, [fish(1), fish(2)])
  }
  expect(await check(path)).toEqual({ path, frames: 12, layouts: [{ name: 'midlines', frames: 12 }], findings: [] })
  await h5py(path, 'r+', 'f["midlines/n_cameras"][3, 1] = -2\nf["midlines/fish_id"][5, 0] = 2')
  expect((await check(path)).findings).toMatchObject([
    { code: 'duplicate-key', text: 'a record occurs twice: frame 5 has fishId 2 in slots 0 and 1' },
    { code: 'out-of-range', text: 'a value outside the range of the field, 0 to 2147483647: slot 1 of frame 3 has -2' },
  ])
})

test('check reports infinite positions of tracking files like half-known ones', async () => {
  const path = await written(school(12), CAMERAS, { chunkFrames: 10 })
  await h5py(path, 'r+', 'f["tracking/centroid_3d"][3, 0] = np.inf\nf["tracking/centroid_3d"][5, 1, 2] = -np.inf')
  expect((await check(path)).findings).toMatchObject([
    {
      code: 'partial-position',
      severity: 'warning',
      count: 2,
      text: 'a position that is not finite: slot 0 of frame 3 has (Infinity, Infinity, Infinity)',
    },
  ])
})
