import { readFileSync, writeFileSync } from 'node:fs'
import { FrameReader, readTrackingResultsSync } from 'h5tracks'
import { convert, openRecordings } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { posesFile, sensorFile } from '../cli/layouts.js'
import { fish, h5tracks, lines } from '../cli/served.js'
import { failure } from '../support/errors.js'
import { columnsByH5py } from '../support/frames/columns.js'
import { writtenFrames } from '../support/frames/every-type.js'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'

// JSON lines go in and out by `h5tracks/formats`, in the form of `h5tracks tail --json`.

describe.each([
  ['a field of every type', writtenFrames, 'animals'],
  ['poses', async () => posesFile(), 'poses'],
  ['one record a frame', async () => sensorFile(), 'rig/sensor'],
  ['tracks', async () => written(school(30)), 'tracking'],
])('a file with %s', (_, make, group) => {
  test('becomes the lines that tail --json prints, and the same file again', async () => {
    const [from, text, again] = [await make(), scratch('run.jsonl'), scratch('again.h5')]
    const { report } = await convert(from, text)
    expect(report.filter(({ kind }) => kind === 'lost')).toEqual([])
    const { stdout } = await h5tracks(['tail', '--json', '-n', '1000000', from])
    expect(readFileSync(text, 'utf8')).toBe(stdout)
    const back = await convert(text, again)
    expect(back.from).toBe('jsonl')
    if (group === 'tracking')
      expect((await convert(text, again, { to: 'aquapose', overwrite: true })).report).toEqual([])
    expect(await columnsByH5py(again, group)).toEqual(await columnsByH5py(from, group))
    using before = new FrameReader(from)
    using after = new FrameReader(again)
    expect([after.layout.fields, after.cameraNames, after.slots]).toEqual([
      before.layout.fields,
      before.cameraNames,
      before.slots,
    ])
  })
})

test('lines of tracks without a header: cameras and slots are found out, and what has no place is reported', async () => {
  const [from, to] = [scratch('run.jsonl'), scratch('run.h5')]
  const { nCameras: _, isConfirmed: __, ...bare } = fish(4, { bboxes: { top: [1.9, 2, 3, 4] }, colour: 'red' })
  writeFileSync(from, lines({ frame: 3, tracks: [] }, { frame: 5, tracks: [bare, fish(2, { centroid3d: null })] }))
  const { report } = await convert(from, to, { to: 'aquapose' })
  expect(report).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'guessed', what: 'cameras', value: 'top, front' }),
      expect.objectContaining({ kind: 'guessed', what: 'slots for animals', value: '2' }),
      expect.objectContaining({ kind: 'guessed', what: 'confirmation' }),
      expect.objectContaining({ kind: 'lost', what: 'fractions of boxes', count: 1 }),
      expect.objectContaining({ kind: 'lost', what: 'key colour', count: 1 }),
    ]),
  )
  const { frameIndex, fishId, centroid3d, bboxes, nCameras, isConfirmed } = readTrackingResultsSync(to)
  expect([...frameIndex.data]).toEqual([3n, 5n])
  expect([...fishId.data]).toEqual([-1, -1, 2, 4])
  expect([...centroid3d.data.slice(6)]).toEqual([NaN, NaN, NaN, 1.5, 2.5, 3.5])
  expect([...bboxes.top!.data.slice(12)]).toEqual([1, 2, 3, 4])
  expect([nCameras.data[3], isConfirmed.data[3]]).toEqual([2, 1])
})

test.each([
  ['a camera that the header lacks', { bboxes: { side: [1, 2, 3, 4] } }, /line 2, tracks\[0\]\.bboxes\.side: is none/],
  ['a fish without an id', { fishId: undefined }, /line 2, tracks\[0\]: has no fishId/],
  ['a position of two numbers', { centroid3d: [1, 2] }, /line 2, tracks\[0\]\.centroid3d: must be a list of 3/],
  ['a text as confidence', { confidence: 'high' }, /line 2, tracks\[0\]\.confidence: "high" is not a number/],
])('lines of tracks with %s end in an error that names the line', async (_, different, message) => {
  const from = scratch('run.jsonl')
  writeFileSync(from, lines({ cameras: ['top', 'front'], maxFish: 2 }, { frame: 0, tracks: [fish(1, different)] }))
  const error = await failure(() => convert(from, scratch('run.csv')))
  expect(error).toMatchObject({ code: 'ERR_FORMAT', message: expect.stringMatching(message) })
})

test('a header with blanks, as Python writes it, is known as one', async () => {
  const [from, spaced] = [scratch('run.jsonl'), scratch('spaced.txt')]
  await convert(await posesFile(), from)
  const [header = '', ...frames] = readFileSync(from, 'utf8').split('\n')
  const blanks = JSON.stringify(JSON.parse(header), null, 1).replaceAll('\n', '')
  writeFileSync(spaced, [blanks, ...frames].join('\n'))
  await using opened = await openRecordings(spaced)
  expect(opened.recordings[0]!.layout.root).toBe('/poses')
})

test('lines of tracks are told by their content', async () => {
  const from = scratch('notes.txt')
  writeFileSync(from, lines({ frame: 0, tracks: [fish(1)] }))
  await using opened = await openRecordings(from)
  expect(opened.recordings[0]!.layout.root).toBe('/tracking')
})
