import { existsSync } from 'node:fs'
import { check, FrameReader, FrameWriter } from 'h5tracks'
import { cut } from 'h5tracks/edit'
import { expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, differences, mice, miceFile, trackingFile } from './recordings.js'

// `cut` writes a part of a recording to a new file; numpy says what it must hold.

const file = trackingFile()

test.each([
  ['a range that begins and ends within chunks', { start: 137, stop: 290 }],
  ['a range with missing frames', { start: 190, stop: 210 }],
  ['all frames from one on', { start: 320 }],
  ['the frames before one', { stop: 103 }],
  ['some animals', { animals: [1, 4] }],
  ['one animal in a range', { start: 150, stop: 260, animals: [2] }],
  ['one camera', { cameras: ['left'] }],
  ['a range, animals and cameras', { start: 120, stop: 220, animals: [0, 3], cameras: ['top', 'left'] }],
])('cut keeps %s of a tracking file, and numpy agrees', async (_what, options) => {
  const out = scratch()
  await cut(file, out, options)
  expect(await differences('cut', { file, out, ...options })).toEqual([])
  expect((await check(out)).findings).toEqual([])
})

test.each([
  ['a range', { start: 30, stop: 99 }],
  ['animals', { animals: [0, 2] }],
  ['a range, animals and one camera', { start: 11, stop: 77, animals: [1], cameras: ['b'] }],
])('cut keeps %s of a layout with every kind of field, and numpy agrees', async (_what, options) => {
  const source = miceFile()
  // What else a file holds is kept.
  await h5py(source, 'r+', 'f["notes/day"] = [1, 2, 3]; f["notes"].attrs["by"] = "me"; f.attrs["lab"] = 7')
  const out = scratch()
  await cut(source, out, options)
  expect(await differences('cut', { file: source, out, ...options })).toEqual([])
  expect((await check(out)).findings).toEqual([])
  using reader = new FrameReader(out, mice)
  expect(reader.layout.fields.map(({ name }) => name)).toEqual(mice.fields.map(({ name }) => name))
})

test('cut reports frames, records and cameras that it left out, and its progress', async () => {
  const seen: number[] = []
  const out = scratch()
  const report = await cut(file, out, {
    ...{ start: 100, stop: 110, animals: [1], cameras: ['top'] },
    onProgress: ({ frames, totalFrames }) => seen.push(frames, totalFrames),
  })
  const dropped = Number(
    await h5py(file, 'r', 'k = f["tracking/fish_id"][:10]; print(int(((k >= 0) & (k != 1)).sum()))'),
  )
  expect(report).toEqual({
    path: out,
    layouts: [{ name: 'tracking', frames: 10, framesBefore: 250 }],
    recordsLeftOut: dropped,
    camerasLeftOut: CAMERAS.slice(1),
  })
  expect(seen).toEqual([10, 10])
})

test('layouts in step are cut together; of layouts at their own pace, one is cut and the others stay', async () => {
  const other = { ...mice.spec, group: 'other' }
  const { defineLayout, FrameFileWriter } = await import('h5tracks')
  const layouts = { mice, other: defineLayout(other) }
  const record = { mouse: 1, nose: [1, 2, 3, 4], mood: 'calm', tag: 'x', half: 1, count: 1n, box: {} } as const
  const inStep = scratch()
  const writer = new FrameWriter(inStep, layouts, { cameras: ['a', 'b'] })
  const frame = { time: 1 }
  for (let f = 0; f < 30; f++) writer.writeFrame(f, { mice: [record], other: [record] }, { mice: frame, other: frame })
  writer.closeSync()
  const out = scratch()
  await cut(inStep, out, { start: 10, stop: 15 })
  expect(await differences('cut', { file: inStep, out, start: 10, stop: 15 })).toEqual([])
  await expect(cut(inStep, scratch(), { start: 10, layout: 'other' })).rejects.toThrow('written in step')

  const paced = scratch()
  const files = new FrameFileWriter(paced, layouts, { cameras: ['a', 'b'] })
  for (let f = 0; f < 40; f++) files.writers.mice.writeFrame(f, [record], frame)
  for (let f = 0; f < 20; f++) files.writers.other.writeFrame(f, [record], frame)
  await files.close()
  await expect(cut(paced, scratch(), { start: 10 })).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    field: 'layout',
  })
  const { layouts: made } = await cut(paced, scratch(), { start: 10, layout: 'other' })
  expect(made.map(({ frames }) => frames)).toEqual([40, 10])
})

test.each([
  [
    'frames that the file does not have',
    { start: 9000 },
    'ERR_INVALID_ARGUMENT',
    'has no frames of /tracking from 9000; it has frames 100 to 352',
  ],
  [
    'an animal that is not in these frames',
    { stop: 104, animals: [1, 77] },
    'ERR_INVALID_ARGUMENT',
    'has no animal 77 in these frames',
  ],
  ['an unknown camera', { cameras: ['back'] }, 'ERR_UNKNOWN_CAMERA', 'has no camera'],
  ['no camera', { cameras: [] }, 'ERR_INVALID_ARGUMENT', 'cameras'],
  ['a range that ends before it starts', { start: 5, stop: 1 }, 'ERR_INVALID_ARGUMENT', 'stop'],
  ['an unknown layout', { start: 5, layout: 'mice' }, 'ERR_INVALID_ARGUMENT', 'has no layout'],
  ['an unknown option', { from: 5 }, 'ERR_INVALID_ARGUMENT', 'from'],
])('cut refuses %s and leaves no file behind', async (_what, options, code, message) => {
  const out = scratch()
  await expect(cut(file, out, options as object)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  })
  expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false])
})

test('cut replaces a file only with overwrite, and never the file that it reads', async () => {
  const out = scratch()
  await cut(file, out, { stop: 150 })
  await expect(cut(file, out, { stop: 120 })).rejects.toMatchObject({ code: 'EEXIST' })
  await cut(file, out, { stop: 120, overwrite: true })
  using reader = new FrameReader(out)
  expect(reader.length).toBe(20)
  await expect(cut(file, file, { stop: 120, overwrite: true })).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
  })
})

test('h5tracks cut says what it kept, also as JSON', async () => {
  const out = scratch()
  const { code, stdout } = await h5tracks([
    'cut',
    file,
    out,
    '--start',
    '200',
    '--stop',
    '230',
    '--fish',
    '1,3-4',
    '--camera',
    'top',
  ])
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /: 2\d of 250 frames; \d+ records of other animals left out; cameras left out: front, left\n$/,
    ),
  })
  expect(await differences('cut', { file, out, start: 200, stop: 230, animals: [1, 3, 4], cameras: ['top'] })).toEqual(
    [],
  )
  const json = await h5tracks(['cut', file, out, '--overwrite', '--stop', '110', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ layouts: [{ name: 'tracking', frames: 10 }] })
  expect(await h5tracks(['cut', file, out])).toMatchObject({ code: 1, stderr: expect.stringContaining('--overwrite') })
})
