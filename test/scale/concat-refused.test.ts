import { existsSync } from 'node:fs'
import { defineLayout, FrameWriter } from 'h5tracks'
import { concat } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { dropRows, h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'
import { shardsOf } from './shards.js'

const next = (options = {}, cameras: readonly string[] = CAMERAS) =>
  written(school(10, 3, cameras, 20), cameras, { chunkFrames: 10, ...options })

/** Joins a file to a good one. The error must name both, and no output may be left. */
async function refusal(second: string, ...values: string[]) {
  const [first] = (await shardsOf([20])) as [string]
  const out = scratch()
  const error = await failure(() => concat([first, second], out))
  for (const text of [second, first, ...values]) expect(error.message).toContain(text)
  expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false])
  return error.code
}

describe('concat refuses, naming both files and both values, a file', () => {
  test('with other cameras', async () => {
    expect(
      await refusal(await next({}, ['north', 'up']), 'the cameras of /tracking: north, east, south', 'north, up'),
    ).toBe('ERR_FORMAT')
  })

  test('with the same cameras in another order', async () => {
    const path = await next({}, ['east', 'north', 'south'])
    expect(await refusal(path, 'north, east, south in the first file', 'east, north, south in this one')).toBe(
      'ERR_FORMAT',
    )
  })

  test('with another number of slots', async () => {
    expect(await refusal(await next({ maxFish: 4 }), 'the number of slots of /tracking: 9', '4')).toBe('ERR_FORMAT')
  })

  test('with chunks of another size', async () => {
    expect(await refusal(await next({ chunkFrames: 5 }), 'the chunk shape of /tracking/', '(10', '(5')).toBe(
      'ERR_FORMAT',
    )
  })

  test('of another layout', async () => {
    const path = scratch()
    const imu = defineLayout({ group: 'imu', fields: { force: { type: 'float32' } } })
    await using writer = new FrameWriter(path, imu)
    await writer.close()
    expect(await refusal(path, 'the layouts: /tracking in the first file, /imu')).toBe('ERR_FORMAT')
  })

  test('of another version', async () => {
    const path = await next()
    await h5py(path, 'r+', 'f["tracking"].attrs["schema_version"] = "9.7"')
    expect(await refusal(path, 'the schema version of /tracking', "'1.0'", "'9.7'")).toBe('ERR_FORMAT')
  })

  test('with other metadata, which metadata: first allows', async () => {
    const path = await next({ metadata: { fps: 25 } })
    expect(await refusal(path, "attribute 'fps' of /tracking: none in the first file, 25", "metadata: 'first'")).toBe(
      'ERR_FORMAT',
    )
    const [first] = (await shardsOf([20])) as [string]
    expect((await concat([first, path], scratch(), { metadata: 'first' })).layouts[0]).toMatchObject({ frames: 30 })
  })

  test('with another dataset beside the layout, or other values in it', async () => {
    const [first, second] = (await shardsOf([20, 10])) as [string, string]
    await h5py(first, 'r+', 'f["calibration"] = [1.0, 2.0]')
    const missing = await failure(() => concat([first, second], scratch()))
    expect(missing.message).toContain('dataset /calibration')
    await h5py(second, 'r+', 'f["calibration"] = [1.0, 3.0]')
    expect((await failure(() => concat([first, second], scratch()))).message).toContain('dataset /calibration')
    await h5py(second, 'r+', 'f["calibration"][...] = [1.0, 2.0]')
    const out = scratch()
    await concat([first, second], out)
    expect(await h5py(out, 'r', 'print(f["calibration"][...].tolist())')).toBe('[1.0, 2.0]\n')
  })

  test('whose first frame is not greater than the last of the file before', async () => {
    const path = await written(school(5, 3, CAMERAS, 19), CAMERAS, { chunkFrames: 10 })
    expect(await refusal(path, 'frame 19', 'the last of')).toBe('ERR_FRAME_ORDER')
    const [first] = (await shardsOf([20])) as [string]
    expect((await concat([first, path], scratch(), { frameOrder: 'any' })).layouts[0]).toMatchObject({ frames: 25 })
  })
})

test('concat refuses a file whose writer died, and says to recover it', async () => {
  const path = await killed(25)
  const error = await failure(() => concat([path], scratch()))
  expect([error.code, error.message]).toEqual(['ERR_NEEDS_RECOVERY', expect.stringContaining('h5tracks recover')])
})

test.each([
  ['copied', [20, 30], "rows 10 to 19 of '/tracking/bboxes/east' are not stored"],
  ['encoded', [13, 30], "'/tracking/bboxes/east' of"],
])('concat refuses rows that are not stored, also where chunks are %s', async (_, counts, problem) => {
  // The filters that h5py gives the dataset when it makes it again.
  const [first, second] = (await shardsOf(counts, { compression: { level: 4, shuffle: false } })) as [string, string]
  await dropRows(second, 'tracking/bboxes/east', 10, 20)
  const out = scratch()
  const error = await failure(() => concat([first, second], out))
  expect([error.code, error.message]).toEqual(['ERR_FORMAT', expect.stringContaining(problem)])
  expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false])
})

test('concat refuses no files, and options that do not exist', async () => {
  for (const action of [
    () => concat([], scratch()),
    () => concat('a.h5' as never, scratch()),
    () => concat(['a.h5'], scratch(), { over: true } as never),
    () => concat(['a.h5'], scratch(), { metadata: 'last' as never }),
  ]) {
    expect((await failure(action)).code).toBe('ERR_INVALID_ARGUMENT')
  }
})
