import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { FrameReader, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { columnsByH5py } from '../support/frames/columns.js'
import { writtenFrames } from '../support/frames/every-type.js'
import { scratch } from '../support/scratch.js'
import { h5tracks, MAIN } from './command.js'
import { posesFile, sensorFile } from './layouts.js'

// `h5tracks import` of what has no reader of its own: tables of any columns, JSON lines of any layout, files of other programs.

async function imported(text: string | Buffer, args: string[] = [], name = 'in.csv') {
  const [from, to] = [scratch(name), scratch('out.h5')]
  writeFileSync(from, text)
  const { code, stdout, stderr } = await h5tracks(['import', from, to, ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return { to, stdout }
}

describe('import of tables', () => {
  test('takes positions in two dimensions, and prints what was guessed', async () => {
    const { to, stdout } = await imported('Frame;particle;X;Y\n1;2;1,5;2\n')
    using reader = new FrameReader(to)
    expect(reader.layout.root).toBe('/tracks')
    expect((await reader.read()).x).toMatchObject({ data: Float32Array.of(1.5) })
    expect(stdout).toMatch(/guessed: column of id: 'particle'\n(.*\n)*guessed: decimal mark: comma/)
  })

  test('makes a tracking file of positions in space under other names, with as many slots as the frames need', async () => {
    const rows = Array.from({ length: 12 }, (_, id) => `7,${id},${id},2,3`)
    for (const [text, args] of [
      [`FRAME,TRACK_ID,POS_X,POS_Y,POS_Z\n${rows.join('\n')}\n`, []],
      [`a,b,c,d,e\n${rows.join('\n')}\n`, ['--columns', 'frame=a,id=b,x=c,y=d,z=e']],
      [`${rows.join('\n')}\n`, ['--columns', 'frame,id,x,y,z']],
      [gzipSync(`frame,id,x,y,z\n${rows.join('\n')}\n`), []],
    ] as const) {
      const { to } = await imported(text, [...args])
      using reader = new TrackingReader(to)
      expect(reader.maxFish).toBe(12)
      for await (const { tracks } of reader.frames()) {
        expect(tracks[11]).toMatchObject({ fishId: 11, centroid3d: [11, 2, 3], nCameras: 0 })
      }
    }
  })

  test('refuses options that only tracking files have', async () => {
    const from = scratch('in.csv')
    writeFileSync(from, 'frame,id,x,y\n1,2,3,4\n')
    const { code, stderr } = await h5tracks(['import', from, scratch('out.h5'), '--frame-offset', '3'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/--frame-offset is only for CSV with the columns frame, id, x, y and z/)
  })

  test('leaves no output if a row is wrong, and names its line', async () => {
    const [from, to] = [scratch('in.csv'), scratch('out.h5')]
    writeFileSync(from, 'frame,id,x,y\n1,2,3,4\n1,3,left,4\n')
    const { code, stderr } = await h5tracks(['import', from, to])
    expect(code).toBe(1)
    expect(stderr).toMatch(/in\.csv: line 3, column 'x': "left" is not a number/)
    expect(readdirSync(dirname(to))).toEqual([])
  })
})

describe('a pipe of tail --json and import', () => {
  test.each([
    ['a field of every type', writtenFrames, 'animals'],
    ['poses', async () => posesFile(), 'poses'],
    ['one record a frame', async () => sensorFile(), 'rig/sensor'],
  ])('keeps every bit of a file with %s, its units, labels and attributes', async (_, make, group) => {
    const [from, to] = [await make(), scratch('again.h5')]
    const shell = `"${process.execPath}" "${MAIN}" tail --json -n 1000000 "${from}" | "${process.execPath}" "${MAIN}" import - "${to}"`
    const { status, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${shell}`], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(await columnsByH5py(to, group)).toEqual(await columnsByH5py(from, group))
    using before = new FrameReader(from)
    using after = new FrameReader(to)
    const facts = ({ layout, cameraNames, metadata, slots }: FrameReader) => [
      layout.fields,
      layout.axes,
      cameraNames,
      { ...metadata },
      slots,
    ]
    expect(facts(after)).toEqual(facts(before))
  })

  test.each([
    [
      'a field is not known',
      (line: string) => line.replace('"keypoints"', '"keypoint"'),
      /line 3, records\[0\]\.keypoint: is not a field/,
    ],
    ['a line is cut', (line: string) => line.slice(0, 30), /line 3, column \d+: /],
    [
      'a list is short',
      (line: string) => line.replace(/"score":\[[^\]]*\]/, '"score":[1]'),
      /line 3, records\[0\]\.score: must be a list of 5/,
    ],
  ])('ends in an error with the line if %s', async (_, damage, expected) => {
    const { stdout } = await h5tracks(['tail', '--json', '-n', '3', posesFile()])
    const lines = stdout.split('\n')
    lines[2] = damage(lines[2]!)
    const [from, to] = [scratch('in.jsonl'), scratch('out.h5')]
    writeFileSync(from, lines.join('\n'))
    const { code, stderr } = await h5tracks(['import', from, to])
    expect(code).toBe(1)
    expect(stderr).toMatch(expected)
    expect(readdirSync(dirname(to))).toEqual([])
    expect(readFileSync(from, 'utf8')).toContain('"spec"')
  })
})
