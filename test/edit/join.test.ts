import { existsSync } from 'node:fs'
import { check, TrackingReader } from 'h5tracks'
import { cut, join } from 'h5tracks/edit'
import { expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { differences, miceFile, trackingFile } from './recordings.js'

// `join` makes one recording of several, also if each counts from the start or has other sizes; numpy says what it must hold.

const sizes = { first: 0, frames: 90 }

test('parts of a recording that were cut out are joined again, and nothing differs from the recording', async () => {
  const file = trackingFile()
  const parts = [scratch(), scratch(), scratch()]
  await cut(file, parts[0]!, { stop: 150 })
  await cut(file, parts[1]!, { start: 150, stop: 217 })
  await cut(file, parts[2]!, { start: 217 })
  const out = scratch()
  const { layouts } = await join(parts, out)
  expect(layouts).toMatchObject([{ name: 'tracking', frames: 250, slots: 6, copied: 100 }])
  expect(await differences('cut', { file, out })).toEqual([])
})

test.each([
  ["'auto': each file counts from 0", 'auto' as const, [0, 90, 180]],
  ['a number: it is added once for each file before', 1000, [0, 1000, 2000]],
  ['a list: one number for each file', [5, 500, 900], [5, 500, 900]],
])('join moves frame indices by offset %s', async (_what, offset, offsets) => {
  const files = [trackingFile(sizes), trackingFile(sizes), trackingFile(sizes)]
  const out = scratch()
  const report = await join(files, out, { offset })
  expect(report.files.map((file) => file.offsets.tracking)).toEqual(offsets)
  expect(await differences('join', { files, out, offsets })).toEqual([])
  expect((await check(out)).findings).toEqual([])
})

test("offset 'auto' keeps frames missing at the start of a file, and leaves a file that goes on as it is", async () => {
  const late = { ...sizes, first: 4 }
  const files = [trackingFile(sizes), trackingFile(late), trackingFile({ ...sizes, first: 2000 })]
  const out = scratch()
  await join(files, out, { offset: 'auto' })
  expect(await differences('join', { files, out, offsets: [0, 90, 0] })).toEqual([])
})

test.each([
  ['fewer slots first', [5, 9]],
  ['more slots first', [9, 5]],
])('join takes files with other numbers of slots and other chunks: %s', async (_what, slots) => {
  const files = slots.map((max, i) => trackingFile({ ...sizes, slots: max, chunkFrames: 20 + 13 * i }))
  const out = scratch()
  const { layouts } = await join(files, out, { offset: 'auto' })
  expect(layouts).toMatchObject([{ slots: 9, frames: 180 }])
  expect(await differences('join', { files, out, offsets: [0, 90] })).toEqual([])
  expect((await check(out)).findings).toEqual([])
})

test('join takes files of a layout with every kind of field, and notes that their time begins again', async () => {
  const files = [miceFile({ slots: 3 }), miceFile({ slots: 4, chunkFrames: 10 })]
  const out = scratch()
  const { notes } = await join(files, out, { offset: 'auto' })
  expect(notes).toEqual([`${files[1]}: the field time of /lab/mice begins again at 0; its values are kept as they are`])
  expect(await differences('join', { files, out, offsets: [0, 120] })).toEqual([])
  expect((await check(out)).findings).toEqual([])
})

test('join takes files that list the same cameras in another order', async () => {
  const files = [
    trackingFile({ ...sizes, cameras: ['a', 'top', 'left'] }),
    trackingFile({ ...sizes, cameras: ['left', 'a', 'top'] }),
  ]
  const out = scratch()
  await join(files, out, { offset: 'auto' })
  expect(await differences('join', { files, out, offsets: [0, 90] })).toEqual([])
})

test("metadata 'first' keeps the metadata of the first file, also where another has more slots", async () => {
  const one = {
    fps: 25,
    note: 'first',
    list: ['x', 'y'],
    matrix: [
      [1, 2],
      [3, 4],
    ],
    on: true,
  }
  const files = [
    trackingFile({ ...sizes, slots: 5, metadata: one }),
    trackingFile({ ...sizes, slots: 8, metadata: { fps: 30, other: 'gone', note: 'second' } }),
  ]
  await expect(join(files, scratch(), { offset: 'auto' })).rejects.toMatchObject({
    code: 'ERR_FORMAT',
    message: expect.stringContaining("metadata: 'first'"),
  })
  const out = scratch()
  await join(files, out, { offset: 'auto', metadata: 'first' })
  expect(await differences('join', { files, out, offsets: [0, 90] })).toEqual([])
  using reader = new TrackingReader(out)
  expect(reader.metadata).toMatchObject({ fps: 25, note: 'first', list: ['x', 'y'] })
  expect(reader.metadata).not.toHaveProperty('other')
})

test('join refuses frames that do not go on, other cameras and other layouts, and leaves no file behind', async () => {
  const [file, out] = [trackingFile(sizes), scratch()]
  await expect(join([file, trackingFile(sizes)], out)).rejects.toMatchObject({
    ...{ code: 'ERR_FRAME_ORDER', message: expect.stringContaining('--offset auto') },
  })
  await expect(join([file, trackingFile(sizes)], out, { offset: 50 })).rejects.toMatchObject({
    code: 'ERR_FRAME_ORDER',
  })
  await expect(
    join([file, trackingFile({ ...sizes, cameras: ['top', 'left'] })], out, { offset: 'auto' }),
  ).rejects.toThrow('the cameras of /tracking')
  await expect(join([file, miceFile()], out, { offset: 'auto' })).rejects.toMatchObject({ code: 'ERR_FORMAT' })
  for (const offset of ['x', 1.5, [1], [1, 2, 3]]) {
    await expect(join([file, file], out, { offset: offset as number })).rejects.toMatchObject({ field: 'offset' })
  }
  expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false])
})

test('h5tracks join says what it added to frame indices', async () => {
  const files = [trackingFile(sizes), trackingFile(sizes)]
  const out = scratch()
  const { code, stdout, stderr } = await h5tracks(['join', out, ...files, '--offset', 'auto'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    `${out}: 2 files joined: 180 frames, 130 of them encoded again\n${files[1]}: frame indices + 90\n`,
  )
  const [first, last] = JSON.parse(
    await h5py(out, 'r', 'i = f["tracking/frame_index"]; print([int(i[0]), int(i[-1])])'),
  )
  expect([first, last]).toEqual([0, 179])
  expect(await h5tracks(['join', out, ...files, '--offset', 'some'])).toMatchObject({ code: 2 })
})
