import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { FrameWriter, midlineLayoutWith } from 'h5tracks'
import { openRun, readRun, writeParquet } from 'h5tracks/batch'
import { afterAll, describe, expect, test } from 'vitest'
import { options, tracks } from '../batch/shards.js'
import { h5tracks } from '../cli/command.js'
import { failure } from '../support/errors.js'
import { cameras, frames as everyFrame, everyType } from '../support/frames/every-type.js'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, type Frame, fish, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { shardsOf } from './shards.js'

// DuckDB reads every table, and must find what was written.

const database = await DuckDBInstance.create()
const connection = await database.connect()
afterAll(() => connection.closeSync())

async function query(sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as Record<string, unknown>[]
}

const all = (folder: string, table: string) =>
  `read_parquet('${join(folder, table)}/*/*.parquet', hive_partitioning = true)`
const rowsOf = (folder: string, table: string, order: string) =>
  query(`SELECT * FROM ${all(folder, table)} ORDER BY recording, ${order}`)

/** The rows of tracking files, from the frames as they were written. */
function expectedTracks(recording: string, frames: readonly Frame[]) {
  return frames.flatMap(({ frameIndex, tracks }) =>
    tracks.map(({ fishId, centroid3d, ...track }) => ({
      ...{ frame: BigInt(frameIndex), fish_id: fishId },
      ...{ x: centroid3d?.[0] ?? null, y: centroid3d?.[1] ?? null, z: centroid3d?.[2] ?? null },
      ...{ confidence: track.confidence, reprojection_residual: track.reprojectionResidual },
      ...{ n_cameras: track.nCameras, is_confirmed: track.isConfirmed, recording },
    })),
  )
}

function expectedDetections(recording: string, frames: readonly Frame[], names = CAMERAS) {
  return frames.flatMap(({ frameIndex, tracks }) =>
    tracks.flatMap(({ fishId, cameraDetections, bboxes }) =>
      names.flatMap((camera) => {
        const detection = (cameraDetections as Record<string, number>)[camera] ?? null
        const box = (bboxes as Record<string, number[]>)[camera]
        if (detection === null && !box) return []
        const [x = null, y = null, width = null, height = null] = box ?? []
        return [{ frame: BigInt(frameIndex), fish_id: fishId, camera, detection, x, y, width, height, recording }]
      }),
    ),
  )
}

const byCamera = (rows: Record<string, unknown>[]) =>
  [...rows].sort((a, b) => `${a.frame} ${a.fish_id} ${a.camera}`.localeCompare(`${b.frame} ${b.fish_id} ${b.camera}`))

describe('the Parquet tables of tracking files', () => {
  test('hold every fish and every detection of all files of a recording', async () => {
    const frames = school(57)
    frames[3] = { frameIndex: 3, tracks: [{ ...fish(5), centroid3d: null, bboxes: {} }] }
    frames[4] = { frameIndex: 4, tracks: [] }
    const folder = scratch('data')
    const report = await writeParquet(await shardsOf([20, 33, 4], {}, frames), folder, { recording: 'tank 7=ä/b' })
    expect(report).toMatchObject({ recording: 'tank 7=ä/b', frames: 57 })
    expect(report.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['tracks', 166],
      ['detections', expectedDetections('', frames).length],
      ['frames', 57],
    ])
    expect(await rowsOf(folder, 'tracks', 'frame, fish_id')).toEqual(expectedTracks('tank 7=ä/b', frames))
    expect(byCamera(await rowsOf(folder, 'detections', 'frame'))).toEqual(
      byCamera(expectedDetections('tank 7=ä/b', frames)),
    )
    expect(await rowsOf(folder, 'frames', 'frame')).toEqual(
      frames.map(({ frameIndex, tracks }) => ({
        frame: BigInt(frameIndex),
        fish: tracks.length,
        recording: 'tank 7=ä/b',
      })),
    )
  })

  test('of several recordings are one data set, which a query reads by recording', async () => {
    const folder = scratch('data')
    const name = scratch('tank-7')
    await using writer = await openRun(name, options)
    for (let frame = 0; frame < 47; frame++) if (!writer.writeFrame(frame, tracks(frame))) await writer.drain()
    await writer.seal()
    await writeParquet(await readRun(name), folder)
    await writeParquet([await written(school(5), CAMERAS, {}, scratch('tank-8.h5'))], folder)
    const counts = `SELECT recording, count(*)::INT AS rows, max(frame)::INT AS last FROM ${all(folder, 'tracks')} GROUP BY ALL ORDER BY ALL`
    expect(await query(counts)).toEqual([
      { recording: 'tank-7', rows: 94, last: 46 },
      { recording: 'tank-8', rows: 15, last: 4 },
    ])
  })

  test('are written in row groups, whose statistics say which frames they hold', async () => {
    const folder = scratch('data')
    const [file] = (await shardsOf([900])) as [string]
    await writeParquet([file], folder, { recording: 'a', rowGroupRows: 1000 })
    const groups = await query(
      `SELECT row_group_num_rows::INT AS rows, stats_min_value AS first FROM parquet_metadata('${join(folder, 'tracks')}/*/*.parquet')
       WHERE path_in_schema = 'frame' ORDER BY row_group_id`,
    )
    expect(groups).toEqual([
      { rows: 1000, first: '0' },
      { rows: 1000, first: '333' },
      { rows: 700, first: '666' },
    ])
    expect(
      await query(`SELECT count(*)::INT AS n FROM ${all(folder, 'tracks')} WHERE frame BETWEEN 300 AND 309`),
    ).toEqual([{ n: 30 }])
    const [about] = await query(
      `SELECT decode(value) AS value FROM parquet_kv_metadata('${join(folder, 'tracks')}/*/*.parquet')`,
    )
    expect(JSON.parse(about?.value as string)).toMatchObject({ layout: 'tracking', cameras: CAMERAS })
  })

  test('of a file without frames have their columns and no rows', async () => {
    const folder = scratch('data')
    await writeParquet(await shardsOf([0]), folder)
    expect(await query(`SELECT count(*)::INT AS n, max(x) AS x FROM ${all(folder, 'tracks')}`)).toEqual([
      { n: 0, x: null },
    ])
  })
})

describe('the Parquet tables of another layout', () => {
  test('hold values of every type', async () => {
    const path = scratch('animals.h5')
    await using writer = new FrameWriter(path, everyType, { cameras, chunkFrames: 2 })
    for (const { index, records, perFrame } of everyFrame) writer.writeFrame(index, records, perFrame)
    await writer.close()
    const folder = scratch('data')
    const { tables } = await writeParquet([path], folder)
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['animals', 6],
      ['animals_cameras', 6],
      ['animals_frames', 4],
    ])
    const [first, second] = await rowsOf(folder, 'animals', 'frame, animal_id')
    expect(first).toMatchObject({
      ...{
        frame: 5n,
        animal_id: 2,
        i8: -128,
        u8_0: 0,
        u8_1: 255,
        i16: -32768,
        u16_tail: 65535,
        i32: -5,
        u32: 4294967295n,
      },
      ...{ i64: -(2n ** 63n), u64_0: 2n ** 64n - 1n, u64_1: 7n, f16: 65504, f16s_tail: 2 ** -24, f64: Math.PI },
      ...{ f32_nose_x: 1, f32_neck_x: null, f32_neck_y: 4, f32_tail_x: Number.POSITIVE_INFINITY, f32_tail_y: -6 },
      ...{ seen: true, flags_0_0: true, flags_0_1: false, flags_1_1: true, label: 'feeding', labels_0: 'right' },
      ...{ name: 'Ångstr', names_0: '', names_1: '☃', recording: 'animals' },
    })
    expect(second).toMatchObject({
      animal_id: 9,
      i8: -7,
      f16: null,
      f32_nose_x: null,
      f64: 0.5,
      label: 'idle',
      name: '',
    })
    expect(await rowsOf(folder, 'animals_frames', 'frame')).toMatchObject([
      { frame: 5n, records: 2, time: 0.1, tick: 2n ** 60n, note: 'fünf', dropped_2: false },
      { frame: 6n, records: 0, time: 0.2, dropped_2: true, dropped_top: false, dropped_1: true },
      { frame: 9n, records: 1, time: null, tick: 3n },
      { frame: 2n ** 60n, records: 3, time: 4, dropped_top: true },
    ])
    const seen = await query(`SELECT * FROM ${all(folder, 'animals_cameras')} WHERE frame = 5 ORDER BY camera`)
    expect(seen).toMatchObject([
      { animal_id: 2, camera: '1', box_0: -1, box_2: 0, area: null, sharp: null, tag: null },
      { animal_id: 2, camera: '2', box_0: null, area: 0.25, tag: 'bcde' },
      { animal_id: 2, camera: 'top', box_0: 1, box_3: 4, area: null, sharp: true, tag: 'a' },
    ])
  })

  test('with more than 2000 values in a record are refused', async () => {
    const path = scratch()
    await using writer = new FrameWriter(path, midlineLayoutWith({ samples: 1500 }))
    await writer.close()
    const error = await failure(() => writeParquet([path], scratch()))
    expect([error.code, error.message]).toEqual(['ERR_UNSUPPORTED', expect.stringContaining('midlines')])
  })
})

describe('writeParquet', () => {
  test('does not replace a recording unless asked for, and leaves nothing behind when it fails', async () => {
    const folder = scratch('data')
    const files = await shardsOf([20, 10])
    await writeParquet(files, folder, { recording: 'a' })
    expect((await failure(() => writeParquet(files, folder, { recording: 'a' }))).code).toBe('EEXIST')
    await writeParquet(files.slice(0, 1), folder, { recording: 'a', overwrite: true })
    expect(await query(`SELECT count(*)::INT AS n FROM ${all(folder, 'frames')}`)).toEqual([{ n: 20 }])
    const stop = new AbortController()
    const onProgress = () => stop.abort(new Error('enough'))
    await expect(writeParquet(files, folder, { recording: 'b', signal: stop.signal, onProgress })).rejects.toThrow(
      'enough',
    )
    expect(readdirSync(folder).sort()).toEqual(['detections', 'frames', 'tracks'])
    expect(existsSync(join(folder, 'tracks', 'recording=b'))).toBe(false)
  })

  test('says what to install if hyparquet-writer is missing', async () => {
    const [file] = (await shardsOf([10])) as [string]
    const hook = `export async function resolve(name, context, next) {
      if (name === 'hyparquet-writer') throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })
      return next(name, context)
    }`
    const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)})`
    const { stdout } = await runNode(
      `import { writeParquet } from 'h5tracks/batch'
       await writeParquet([process.argv[2]], process.argv[3]).catch(({ code, message }) => console.log(code, message))`,
      [file, scratch('data')],
      { execArgv: ['--import', `data:text/javascript,${encodeURIComponent(register)}`] },
    )
    expect(stdout).toBe(
      'ERR_UNSUPPORTED writing Parquet needs the package hyparquet-writer: npm install hyparquet-writer\n',
    )
  })
})

test('a recording without cameras has no table of detections', async () => {
  const path = await written([{ frameIndex: 3, tracks: [fish(1, 3, [])] }], [], {}, scratch('alone.h5'))
  const folder = scratch('tables')
  await writeParquet([path], folder, { recording: 'alone' })
  expect(readdirSync(folder).sort()).toEqual(['frames', 'tracks'])
  expect(await query(`SELECT frame, fish_id FROM ${all(folder, 'tracks')}`)).toEqual([{ frame: 3n, fish_id: 1 }])
})

test('h5tracks export writes a recording for each file', async () => {
  const [one, two] = (await shardsOf([20, 10])) as [string, string]
  const folder = scratch('data')
  const { code, stdout } = await h5tracks(['export', folder, one, two])
  expect([code, stdout]).toEqual([
    0,
    `shard-0: 20 frames; tracks 60 rows, detections 120 rows, frames 20 rows\nshard-1: 10 frames; tracks 30 rows, detections 60 rows, frames 10 rows\n`,
  ])
  expect(await query(`SELECT DISTINCT recording FROM ${all(folder, 'tracks')} ORDER BY ALL`)).toEqual([
    { recording: 'shard-0' },
    { recording: 'shard-1' },
  ])
})
