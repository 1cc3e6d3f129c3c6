import { once } from 'node:events'
import { defineLayout, FrameWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { h5tracks, start } from './command.js'
import { bothFile, poses, posesFile, posesIn, sensor, sensorFile } from './layouts.js'

// `h5tracks tail` prints the frames of files of any layout.

const tail = async (...args: string[]) => {
  const { code, stdout, stderr } = await h5tracks(['tail', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trimEnd().split('\n')
}

test('tail prints the values of a frame and of its records, of long values the first numbers', async () => {
  expect(await tail(posesFile(), '-n', '4')).toEqual([
    '      41  time 1.125  0 records',
    expect.stringMatching(
      /^ {6}42 {2}time 1\.156 {2}1 record {2}0: keypoints \(37\.000, 128\.000, 38\.000, 129\.000, \.\.\. 10 values\) score \(1\.000, 1\.000, 0\.500, 0\.500, \.\.\. 5 values\) label idle$/,
    ),
    expect.stringMatching(/2 records {2}0: .* label idle {2}1: .* label idle bbox\.top \(1, 2, 3, 38\)$/),
    expect.stringMatching(/3 records/),
  ])
  expect(await tail(sensorFile(), '-n', '1')).toEqual([
    `      44  volts (0.609, 1.000, NaN, 4.000) on false name é39 count ${2n ** 60n + 39n}`,
  ])
})

test('tail --json prints frames with nested values, null for NaN and strings for large integers', async () => {
  const [head, frame, ...rest] = (await tail(posesFile(), '-n', '1', '--json')).map((line) => JSON.parse(line))
  expect(rest).toEqual([])
  expect(head).toMatchObject({
    layout: 'poses',
    cameras: ['top', 'side'],
    slots: 3,
    chunkFrames: 10,
    metadata: { fps: 30 },
  })
  expect(head.spec.fields.keypoints).toMatchObject({ type: 'float32', shape: [5, 2], unit: 'px' })
  const records = posesIn(39).map(({ bbox, ...record }) => ({ ...record, bbox: { ...bbox } }))
  expect(frame).toEqual({ frame: 44, perFrame: { time: 39 / 32, dropped: [] }, records })
  const [, one] = (await tail(sensorFile(), '-n', '1', '--json')).map((line) => JSON.parse(line))
  expect(one).toEqual({
    frame: 44,
    record: { volts: [39 / 64, 1, null, 4], on: false, name: 'é39', count: String(2n ** 60n + 39n) },
  })
})

test('tail --json writes infinite values as numbers that JSON parsers read as infinite', async () => {
  const path = scratch()
  const writer = new FrameWriter(path, defineLayout({ group: 'g', fields: { v: { type: 'float64', shape: [2] } } }))
  writer.writeFrame(0, { v: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] })
  writer.closeSync()
  expect((await tail(path, '--json'))[1]).toBe('{"frame":0,"record":{"v":[1e999,-1e999]}}')
})

test('tail needs --layout for a file with several layouts', async () => {
  const path = bothFile()
  expect(await h5tracks(['tail', path])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `h5tracks: ${path} has several layouts: poses, rig/sensor; choose one with --layout\n`,
  })
  expect(await tail(path, '--layout', 'rig/sensor', '-n', '1')).toEqual([expect.stringContaining('name é39')])
  expect((await h5tracks(['tail', path, '--layout', 'x'])).stderr).toBe(
    `h5tracks: ${path} has no layout x; it has poses, rig/sensor\n`,
  )
})

test('tail -f prints new frames of one of two layouts while they are written, and ends when the writer closes the file', async () => {
  const path = scratch()
  const writer = new FrameWriter(path, { poses, sensor }, { cameras: ['top', 'side'], chunkFrames: 10 })
  const write = (n: number) =>
    writer.writeFrame(n, { poses: posesIn(n), sensor: { volts: [0, 0, 0, 0], on: true, name: '', count: n } })
  for (let n = 0; n < 15; n++) write(n)
  const { child, ended } = start(['tail', '-f', '-n', '2', path, '--layout', 'poses'])
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  while (!stdout.includes('\n      14')) await once(child.stdout, 'data')
  for (let n = 15; n < 40; n++) write(n)
  await writer.close()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
  const numbers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
  expect(numbers).toEqual(Array.from({ length: 27 }, (_, i) => 13 + i))
})
