import { check } from 'h5tracks'
import { swapIds } from 'h5tracks/edit'
import { expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { scratch } from '../support/scratch.js'
import { differences, miceFile, trackingFile } from './recordings.js'

// `swapIds` exchanges two ids in a copy; numpy says what it must hold.

const file = trackingFile()

test.each([
  ['in the whole file', 0, 4, {}],
  ['from a frame on', 1, 2, { start: 200 }],
  ['within a range', 3, 0, { start: 150, stop: 260 }],
  ['where one of them never occurs', 2, 90, { stop: 140 }],
])('swapIds exchanges ids %s, records stay sorted, and numpy agrees', async (_where, a, b, range) => {
  const out = scratch()
  await swapIds(file, out, [a, b], range)
  expect(await differences('swap', { file, out, a, b, ...range })).toEqual([])
  expect((await check(out)).findings).toEqual([])
})

test('swapIds moves every kind of field with its record', async () => {
  const [source, out] = [miceFile(), scratch()]
  const { swapped } = await swapIds(source, out, [0, 3], { start: 40 })
  expect(await differences('swap', { file: source, out, a: 0, b: 3, start: 40 })).toEqual([])
  expect(swapped).toEqual([60, 60])
})

test('swapIds twice is the file as it was', async () => {
  const [once, twice] = [scratch(), scratch()]
  await swapIds(file, once, [1, 3], { start: 180 })
  await swapIds(once, twice, [3, 1], { start: 180 })
  expect(await differences('cut', { file, out: twice })).toEqual([])
})

test('swapIds refuses ids of which neither occurs, equal ids, and layouts without keys', async () => {
  await expect(swapIds(file, scratch(), [8, 9])).rejects.toThrow('has neither 8 nor 9 in these frames')
  await expect(swapIds(file, scratch(), [1, 1])).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'ids' })
  await expect(swapIds(file, scratch(), [1, 2.5])).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
})

test('h5tracks swap-ids says how many records changed', async () => {
  const out = scratch()
  const { code, stdout } = await h5tracks(['swap-ids', file, out, '1', '2', '--start', '300'])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/: \d+ records of 1 became 2, \d+ records of 2 became 1\n$/),
  })
  expect(await h5tracks(['swap-ids', file, out, '1', '-2'])).toMatchObject({ code: 2 })
})
