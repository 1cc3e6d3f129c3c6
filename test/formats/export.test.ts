import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { FrameReader, FrameWriter, poseLayout, TrackingReader } from 'h5tracks'
import { convert } from 'h5tracks/formats'
import { afterAll, describe, expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { failure } from '../support/errors.js'
import { scratch } from '../support/scratch.js'
import { said, table } from './csv.js'

const database = await DuckDBInstance.create()
const connection = await database.connect()
afterAll(() => connection.closeSync())

test('DuckDB reads the Parquet file of a recording: its ids, names, times and keypoints, and null for what is not known', async () => {
  const from = scratch('poses.h5')
  const writer = new FrameWriter(from, poseLayout({ nodes: ['nose', 'tail'], dimensions: 2, max: 2 }), {
    metadata: { names: ['ann', 'bob'] },
  })
  for (let frame = 0; frame < 3000; frame++) {
    writer.writeFrame(
      2 * frame,
      [
        {
          individual: 1,
          keypoints: [
            [frame / 3, 1],
            [NaN, NaN],
          ],
          score: 0.5,
        },
      ],
      { time: frame / 30 },
    )
  }
  await writer.close()
  const to = scratch('poses.parquet')
  const done = await convert(from, to)
  expect(done.to).toBe('parquet')
  const rows = (await connection.runAndReadAll(`SELECT * FROM '${to}' WHERE frame IN (0, 14)`)).getRowObjectsJS()
  expect(rows).toEqual(
    [0, 7].map((frame) => ({
      ...{
        frame: BigInt(2 * frame),
        time: frame / 30,
        id: 1,
        name: 'bob',
        nose_x: Math.fround(frame / 3),
        nose_y: 1,
        tail_x: null,
        tail_y: null,
      },
      ...{ nose_confidence: null, tail_confidence: null, score: 0.5 },
    })),
  )
  const [count] = (await connection.runAndReadAll(`SELECT count(*) AS n FROM '${to}'`)).getRowObjectsJS()
  expect(count).toEqual({ n: 3000n })
})

describe('h5tracks export', () => {
  test('writes what the name of the output says, and does not replace a file without --overwrite', async () => {
    const { to: from } = await table('frame,id,x,y\n1,2,3,4\n')
    const out = scratch('run.csv')
    const { code, stdout } = await h5tracks(['export', out, from])
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 0,
      first: `${from} (h5tracks) -> ${out} (csv): tracks 1 frame`,
    })
    expect(readFileSync(out, 'utf8')).toBe('frame,id,x,y\n1,2,3,4\n')
    expect(await h5tracks(['export', out, from])).toMatchObject({ code: 1, stderr: expect.stringMatching(/EEXIST/) })
    expect(await h5tracks(['export', from, scratch('wide.tsv'), '--shape', 'wide'])).toMatchObject({ code: 0 })
    expect(await h5tracks(['export', out, from, from, '--overwrite'])).toMatchObject({ code: 2 })
  })

  test('makes a folder of Parquet tables of any other name', async () => {
    const { to: from } = await table('frame,id,x,y\n1,2,3,4\n')
    const folder = scratch('tables')
    expect(await h5tracks(['export', folder, from])).toMatchObject({ code: 0 })
    expect(existsSync(`${folder}/tracks`)).toBe(true)
  })
})

describe('AquaPose’s tracking files', () => {
  const rows =
    'frame,id,x,y,z,speed,top_left,top_top,top_width,top_height,side_det_index\n3,1,1.5,2,3,7,10.75,20,30,40,2\n4,1,1,2,,,,,,,\n'

  test('hold positions in space, boxes and detections of cameras; fractions and other columns are counted', async () => {
    const { to: from } = await table(rows)
    const to = scratch('run.h5')
    const done = await convert(from, to, { to: 'aquapose' })
    expect(said(done)).toEqual(
      [
        'guessed confirmation: animals in 2 or more cameras (2 records)',
        'lost fractions of boxes 1',
        'lost positions with only some coordinates 1',
        'lost values of speed 1',
      ].sort((a, b) => said(done).indexOf(a) - said(done).indexOf(b)),
    )
    using reader = new TrackingReader(to)
    const frames = []
    for await (const { frameIndex, tracks } of reader.frames()) frames.push({ frameIndex, ...tracks[0] })
    expect(frames).toMatchObject([
      {
        frameIndex: 3,
        fishId: 1,
        centroid3d: [1.5, 2, 3],
        nCameras: 1,
        isConfirmed: false,
        bboxes: { top: [10, 20, 30, 40] },
        cameraDetections: { side: 2 },
      },
      { frameIndex: 4, centroid3d: null },
    ])
  })

  test('are read as they are by every program of AquaPose after a way through CSV', async () => {
    const { to: tracking } = await table(
      rows.replace(',speed', '').replace(',7,', ',').replace('1,1,2,,,,', '1,1,2,3,,,'),
      { tracking: true },
    )
    using reader = new FrameReader(tracking)
    expect(reader.layout.root).toBe('/tracking')
  })

  test('are refused for positions in a plane', async () => {
    const { to: from } = await table('frame,id,x,y\n1,2,3,4\n')
    const error = await failure(() => convert(from, scratch('run.h5'), { to: 'aquapose' }))
    expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED' })
    expect(error.message).toMatch(/neither positions in space nor boxes of cameras/)
    writeFileSync(scratch('x'), '')
  })
})
