import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { h5tracks } from './served.js'

// Tidy CSV: one row per fish per frame, from a file or from standard input.

const HEADER =
  'frame,id,x_cm,y_cm,z_cm,top_left,top_top,top_width,top_height,top_det_index,front_left,front_top,front_width,front_height,front_det_index,residual_px,confidence,n_cameras'
const ROW = ',1.5,2.5,3.5,10.9,-0.9,30,40,0,50,60,70,80,3,0.25,0.75,2'
const csv = (...rows: string[]) => [HEADER, ...rows, ''].join('\n')

async function tracks(path: string) {
  using reader = new TrackingReader(path)
  const all = []
  for await (const { frameIndex, tracks } of reader.frames()) all.push([frameIndex, JSON.parse(JSON.stringify(tracks))])
  return all
}

test('import of CSV takes fields from columns, cameras from the header and metadata from units', async () => {
  const [source, out] = [scratch('fish.csv'), scratch()]
  writeFileSync(source, csv(`7,1${ROW}`, `7,4${ROW}`, `8,1${ROW}`))
  const { code, stdout, stderr } = await h5tracks(['import', source, out, '--metadata', 'fps=60'])

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/: 2 frames \(7 to 8\), 2 cameras\n(.*\n)*.* frames\/s\n$/)
  expect(stdout).toContain('slots for fish: 2, as many as a frame has (--max-fish)\n')
  const track = {
    centroid3d: [1.5, 2.5, 3.5],
    confidence: 0.75,
    reprojectionResidual: 0.25,
    nCameras: 2,
    isConfirmed: true,
    cameraDetections: { top: 0, front: 3 },
    bboxes: { top: [10, 0, 30, 40], front: [50, 60, 70, 80] },
  }
  expect(await tracks(out)).toEqual([
    [
      7,
      [
        { fishId: 1, ...track },
        { fishId: 4, ...track },
      ],
    ],
    [8, [{ fishId: 1, ...track }]],
  ])
  using reader = new TrackingReader(out)
  expect(reader).toMatchObject({ cameraNames: ['top', 'front'], maxFish: 2, chunkFrames: 1000 })
  expect(reader.metadata).toMatchObject({ position_units: 'cm', residual_units: 'px', fps: 60 })
})

test('import of CSV reads empty cells, NaN, NA and, for detections and qualities, -1 as unknown', async () => {
  const out = scratch()
  const input = csv('0,1,,,,,,,,-1,,,,,,,,1', '0,2,NaN,nan,NA,NA,NA,NA,NA,NA,1,2,3,4,-1,-1,-1,1')
  expect(await h5tracks(['import', '-', out], { input })).toMatchObject({ code: 0 })
  const unknown = {
    centroid3d: null,
    confidence: -1,
    reprojectionResidual: -1,
    nCameras: 1,
    isConfirmed: false,
    cameraDetections: {},
  }
  expect(await tracks(out)).toEqual([
    [
      0,
      [
        { fishId: 1, ...unknown, bboxes: {} },
        { fishId: 2, ...unknown, bboxes: { front: [1, 2, 3, 4] } },
      ],
    ],
  ])
})

test('import of CSV needs only frame, id, x, y and z, and has defaults for other columns', async () => {
  const out = scratch()
  const input =
    'z,y,x,fish_id,frame,a_det_index,b_det_index,confirmed\n3,2,1,5,0,4,6,\n3,2,1,6,0,4,-1,\n3,2,1,7,0,-1,-1,True\n3,2,1,8,0,1,1,0\n'
  expect(await h5tracks(['import', '-', out], { input })).toMatchObject({ code: 0, stderr: '' })
  const { centroid3d, nCameras, isConfirmed, confidence, reprojectionResidual, metadata } = readTrackingResultsSync(out)
  expect(centroid3d.data.slice(0, 3)).toEqual(Float32Array.of(1, 2, 3))
  expect(nCameras.data.slice(0, 4)).toEqual(Int32Array.of(2, 1, 0, 2))
  expect(isConfirmed.data.slice(0, 4)).toEqual(Uint8Array.of(1, 0, 1, 0))
  expect([confidence.data[0], reprojectionResidual.data[0]]).toEqual([-1, -1])
  expect(metadata).not.toHaveProperty('position_units')
})

test('import of CSV ignores and lists unknown columns and cameras that --cameras leaves out', async () => {
  const out = scratch()
  const input = 'frame,id,x,y,z,top_det_index,top_det_conf,side_left\n0,1,1,2,3,0,0.5,9\n'
  const { code, stdout } = await h5tracks(['import', '-', out, '--cameras', 'top'], { input })
  expect(code).toBe(0)
  expect(stdout).toContain('columns ignored: top_det_conf, side_left\n')
})

test.each([
  ['CRLF line ends', (text: string) => text.replaceAll('\n', '\r\n')],
  ['a byte order mark', (text: string) => `\ufeff${text}`],
  ['a last line without a line end', (text: string) => text.trimEnd()],
  ['blank lines', (text: string) => text.replaceAll('\n', '\n\n')],
  ['quotes', (text: string) => text.replaceAll(/[^,\n]+/g, '"$&"')],
  ['semicolons', (text: string) => text.replaceAll(',', ';')],
  ['tabs', (text: string) => text.replaceAll(',', '\t')],
  [
    'numbers with .0, as pandas writes integers in a column with gaps',
    (text: string) => text.replaceAll(/,(\d+)(?=,)/g, ',$1.0'),
  ],
])('import of CSV gives the same file with %s', async (_name, change) => {
  const [source, plain, changed] = [scratch('fish.csv'), scratch(), scratch()]
  const text = csv(`0,1${ROW}`, `1,1${ROW}`)
  await h5tracks(['import', '-', plain], { input: text })
  writeFileSync(source, change(text))
  expect(await h5tracks(['import', source, changed])).toMatchObject({ code: 0, stderr: '' })
  expect(await tracks(changed)).toEqual(await tracks(plain))
})

describe('frames without a row in CSV', () => {
  const input = csv(`3,1${ROW}`, `6,1${ROW}`)

  test('import of CSV fills missing frames with empty rows', async () => {
    const out = scratch()
    const { stdout } = await h5tracks(['import', '-', out, '--frame-offset=-3'], { input })
    expect(stdout).toContain('4 frames (0 to 3)')
    expect(stdout).toContain('2 missing frames written as empty rows\n')
    const { frameIndex, fishId } = readTrackingResultsSync(out)
    expect(frameIndex.data).toEqual(BigInt64Array.of(0n, 1n, 2n, 3n))
    expect([...fishId.data]).toEqual([1, -1, -1, 1])
  })

  test('import --skip-missing leaves missing frames out', async () => {
    const out = scratch()
    await h5tracks(['import', '-', out, '--skip-missing'], { input })
    expect(readTrackingResultsSync(out).frameIndex.data).toEqual(BigInt64Array.of(3n, 6n))
  })

  test('import of CSV refuses a gap so large that the frame number must be a time stamp', async () => {
    const out = scratch()
    const { code, stderr } = await h5tracks(['import', '-', out], {
      input: csv(`0,1${ROW}`, `1732286834000000000,1${ROW}`),
    })
    expect(code).toBe(1)
    expect(stderr).toContain('frame 0 is followed by frame 1732286834000000000')
    expect(stderr).toContain(`; ${out} was not written`)
    expect(readdirSync(dirname(out))).toEqual([])
  })
})

describe('a bad row of CSV', () => {
  const bad = (column: string, cell: string) =>
    `2,1${ROW}`
      .split(',')
      .map((value, i) => (HEADER.split(',')[i] === column ? cell : value))
      .join(',')
  test.each([
    [bad('x_cm', 'abc'), ':4: column 3 (x_cm): "abc" is not a number'],
    [bad('y_cm', ''), ':4: column 4 (y_cm): is empty, but the columns that belong to it are not'],
    [bad('top_width', ''), ':4: column 8 (top_width): is empty, but the columns that belong to it are not'],
    [bad('confidence', 'Infinity'), ':4: column 17 (confidence): "Infinity" is not a number'],
    [bad('id', ''), ':4: column 2 (id): is empty'],
    [bad('id', '1.5'), ':4: column 2 (id): frame 2', 'ERR_OUT_OF_RANGE', '1.5'],
    [bad('front_det_index', '-2'), ':4: column 15 (front_det_index): frame 2', 'ERR_OUT_OF_RANGE', '-2'],
    [bad('top_left', '3e9'), ':4: column 6 (top_left): frame 2', 'ERR_OUT_OF_RANGE', '3000000000'],
    [bad('frame', '1,5'), ':4: 19 columns, where the header has 18'],
    ['2,1,1.5', ':4: 3 columns, where the header has 18'],
    [bad('frame', 'two'), ':4: column 1 (frame): "two" is not an integer'],
    [bad('frame', '0'), ':4: column 2 (id): frame 0', 'ERR_DUPLICATE_FISH'],
    [`2,1${ROW}\n2,1${ROW}`, ':5: column 2 (id): frame 2', 'ERR_DUPLICATE_FISH'],
    [`2,1,"1.5"x,2`, ':4: not CSV: Invalid Closing Quote'],
  ])('import of CSV stops at the bad row %j, says where, and leaves nothing', async (row, ...says) => {
    const [source, out] = [scratch('fish.csv'), scratch()]
    writeFileSync(source, csv(`0,1${ROW}`, `1,1${ROW}`, row, `3,1${ROW}`))
    const { code, stdout, stderr } = await h5tracks(['import', source, out])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^h5tracks: [^\n]*\n$/)
    expect(stderr).toContain(`${source}${says[0]}`)
    for (const part of says.slice(1)) expect(stderr).toContain(part)
    expect(stderr).toContain(`; ${out} was not written\n`)
    expect(readdirSync(dirname(out))).toEqual([])
  })

  test('import --overwrite leaves the old file as it was', async () => {
    const [source, out] = [scratch('fish.csv'), scratch()]
    writeFileSync(source, csv(`0,1${ROW}`))
    await h5tracks(['import', source, out])
    writeFileSync(source, csv(`0,2${ROW}`, bad('x_cm', 'abc')))
    const { code, stderr } = await h5tracks(['import', source, out, '--overwrite'])
    expect(code).toBe(1)
    expect(stderr).toContain(`; ${out} is as it was\n`)
    expect(readdirSync(dirname(out))).toEqual([basename(out)])
    expect(readTrackingResultsSync(out).fishId.data).toEqual(Int32Array.of(1))
  })
})

describe('slots for fish', () => {
  const frame = (index: number, fish: number) => Array.from({ length: fish }, (_, id) => `${index},${id}${ROW}`)

  test('import of CSV makes as many as the fullest frame has, wherever it is', async () => {
    // The fullest frame comes after the first MiB, which is looked at beforehand.
    const rows = Array.from({ length: 25_000 }, (_, index) => frame(index, index === 24_000 ? 11 : 1)).flat()
    const [source, out] = [scratch('fish.csv'), scratch()]
    writeFileSync(source, csv(...rows))
    expect(readFileSync(source).length).toBeGreaterThan(2 ** 20)
    const { code, stdout } = await h5tracks(['import', source, out])
    expect(code).toBe(0)
    expect(stdout).toContain('slots for fish: 11,')
    const { fishId } = readTrackingResultsSync(out)
    expect(fishId.shape).toEqual([25_000, 11])
    expect([...fishId.data.subarray(24_000 * 11, 24_001 * 11)]).toEqual([...Array(11).keys()])
    expect(fishId.data[24_001 * 11]).toBe(0)
  })

  test('import of CSV refuses more fish than --max-fish, and names what helps', async () => {
    const [source, out] = [scratch('fish.csv'), scratch()]
    writeFileSync(source, csv(...frame(0, 1), ...frame(1, 3)))
    const { stderr } = await h5tracks(['import', source, out, '--max-fish', '2'])
    expect(stderr).toContain(`${source}:3: frame 1`)
    expect(stderr).toMatch(/\[ERR_TOO_MANY_FISH\]; --max-fish makes room, --drop-excess-fish drops the highest ids;/)
    const { stdout } = await h5tracks(['import', source, out, '--max-fish', '2', '--drop-excess-fish'])
    expect(stdout).toContain('1 fish dropped from frames with more than 2\n')
    expect([...readTrackingResultsSync(out).fishId.data]).toEqual([0, -1, 0, 1])
  })
})

describe('an ambiguous header of CSV', () => {
  test.each([
    ['frame,id,x_cm,y_cm,z_mm', 'the header lacks x, y, z'],
    ['frame,id,x,y,z,x_cm,y_cm,z_cm', 'the header has more than one x, y, z: x, x_cm'],
    ['frame,id,x,y,z,frame', 'the header has two columns "frame"'],
    ['frame,id,x,y,z,top_left,top_top,top_height', 'camera "top" lacks the column top_width'],
  ])('import of CSV refuses the header %s and writes nothing', async (header, says) => {
    const out = scratch()
    const { code, stderr } = await h5tracks(['import', '-', out], { input: `${header}\n` })
    expect(code).toBe(1)
    expect(stderr).toContain(`standard input:1: ${says}`)
    expect(existsSync(out)).toBe(false)
  })

  test('import of CSV names the columns of a header without frames', async () => {
    const { code, stderr } = await h5tracks(['import', '-', scratch()], { input: 'id,x,y,z\n1,2,3,4\n' })
    expect(code).toBe(1)
    expect(stderr).toContain("standard input: header: no column holds the frame; there are 'id', 'x', 'y', 'z'")
  })
})
