import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { fish, h5tracks, lines } from './served.js'

// JSON lines: one frame per line, from a file or from standard input.

const header = { cameras: ['top', 'front'], maxFish: 3, metadata: { fps: 60, place: 'tank 4' } }

async function frames(path: string) {
  using reader = new TrackingReader(path)
  const all = []
  for await (const frame of reader.frames()) all.push(JSON.parse(JSON.stringify(frame)))
  return all
}

test('import of JSON lines writes every frame as its line gives it', async () => {
  const out = scratch()
  const other = fish(2, { centroid3d: null, confidence: -1, cameraDetections: {}, bboxes: {}, isConfirmed: false })
  const input = lines(
    header,
    { frame: 5, tracks: [fish(1), other] },
    { frame: 6, tracks: [] },
    { frame: 9, tracks: [fish(2)] },
  )
  const { code, stdout, stderr } = await h5tracks(['import', '-', out], { input })

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^standard input -> .*: 3 frames \(5 to 9\), 2 cameras\n.* frames\/s\n$/)
  expect(await frames(out)).toEqual([
    { frameIndex: 5, tracks: [fish(1), other] },
    { frameIndex: 6, tracks: [] },
    { frameIndex: 9, tracks: [fish(2)] },
  ])
})

test('import takes cameras, slots and metadata from the header line, unless command-line options give them', async () => {
  const [asHeader, asOptions] = [scratch(), scratch()]
  const input = lines(header, { frame: 0, tracks: [fish(1)] })
  await h5tracks(['import', '-', asHeader], { input })
  const options = [
    '--cameras',
    'front,top,left',
    '--max-fish',
    '7',
    '--chunk-frames',
    '10',
    '--metadata',
    'fps=30',
    '--metadata',
    'night=true',
  ]
  expect(await h5tracks(['import', '-', asOptions, ...options], { input })).toMatchObject({ code: 0 })

  using first = new TrackingReader(asHeader)
  expect(first).toMatchObject({ cameraNames: ['top', 'front'], maxFish: 3, chunkFrames: 1000 })
  expect(first.metadata).toMatchObject({ fps: 60, place: 'tank 4' })
  using second = new TrackingReader(asOptions)
  expect(second).toMatchObject({ cameraNames: ['front', 'top', 'left'], maxFish: 7, chunkFrames: 10 })
  expect(second.metadata).toMatchObject({ fps: 30, place: 'tank 4', night: true })
})

test.each([
  ['CRLF line ends', (text: string) => text.replaceAll('\n', '\r\n')],
  ['a byte order mark', (text: string) => `\ufeff${text}`],
  ['a last line without a line end', (text: string) => text.trimEnd()],
  ['blank lines', (text: string) => `\n${text.replaceAll('\n', '\n\n')}`],
])('import of JSON lines gives the same file with %s', async (_name, change) => {
  const [source, out] = [scratch('frames.jsonl'), scratch()]
  writeFileSync(source, change(lines(header, { frame: 0, tracks: [fish(1)] }, { frame: 1, tracks: [fish(1)] })))
  expect(await h5tracks(['import', source, out])).toMatchObject({ code: 0, stderr: '' })
  expect(readTrackingResultsSync(out).fishId.data).toEqual(Int32Array.of(1, -1, -1, 1, -1, -1))
})

test('import of JSON lines keeps lines and characters that span several reads', async () => {
  const [source, out] = [scratch('frames.jsonl'), scratch()]
  const cameras = Array.from({ length: 200 }, (_, i) => `caméra-🐟-${i}`)
  const bboxes = Object.fromEntries(cameras.map((name, i) => [name, [i, i, i, i]]))
  const track = fish(1, { bboxes, cameraDetections: {} })
  writeFileSync(source, lines({ cameras }, ...Array.from({ length: 60 }, (_, frame) => ({ frame, tracks: [track] }))))
  expect(await h5tracks(['import', source, out])).toMatchObject({ code: 0 })
  const read = await frames(out)
  expect(read).toHaveLength(60)
  for (const frame of read) expect(frame.tracks[0].bboxes).toEqual(bboxes)
})

test('import of JSON lines adds --frame-offset and takes frame numbers beyond 2^53 only as strings', async () => {
  const [shifted, long] = [scratch(), scratch()]
  const input = lines(header, { frame: 1, tracks: [] }, { frame: 2, tracks: [] })
  await h5tracks(['import', '-', shifted, '--frame-offset=-1'], { input })
  expect(readTrackingResultsSync(shifted).frameIndex.data).toEqual(BigInt64Array.of(0n, 1n))

  await h5tracks(['import', '-', long], { input: lines(header, { frame: '9007199254740993', tracks: [] }) })
  expect(readTrackingResultsSync(long).frameIndex.data).toEqual(BigInt64Array.of(9007199254740993n))
  // JSON.parse would silently round it to 9007199254740992.
  const { code, stderr } = await h5tracks(['import', '-', scratch()], {
    input: lines(header, '{"frame": 9007199254740993, "tracks": []}'),
  })
  expect(code).toBe(1)
  expect(stderr).toContain(
    'standard input:2:11: frame: expected an integer (beyond 2^53 as a string), found 9007199254740992',
  )
})

test('import of JSON lines ignores and lists unknown keys', async () => {
  const input = lines(header, { frame: 0, time: 12, tracks: [fish(1, { colour: 'red' })] })
  const { stdout } = await h5tracks(['import', '-', scratch()], { input })
  expect(stdout).toContain('keys ignored: time, colour\n')
})

describe('a bad line of JSON lines', () => {
  const good = [header, { frame: 0, tracks: [fish(1)] }, { frame: 1, tracks: [fish(1)] }]
  const large = { top: [1, 2, 3, 2 ** 31] }
  // `at` is the text that the reported column points to.
  test.each([
    { line: '{"frame": 2, "tracks": [}', at: '}', says: ': not JSON: expected a value, found "}"' },
    {
      line: '{"frame": 2, "tracks": []}]',
      at: ']',
      last: true,
      says: ': not JSON: expected the end of the line, found "]"',
    },
    {
      line: '{"é🐟": 2, frame: 3}',
      at: 'rame',
      shift: -2,
      says: ': not JSON: expected a name in double quotes, found "f"',
    },
    { line: '[]', at: '[', says: ': expected one frame as an object, found an array' },
    { line: '{"tracks": []}', says: ': frame: expected an integer (beyond 2^53 as a string), found none' },
    {
      line: '{"frame": 2.5, "tracks": []}',
      at: '2.5',
      says: ': frame: expected an integer (beyond 2^53 as a string), found 2.5',
    },
    { line: '{"frame": 2}', says: ': tracks: expected an array, found none' },
    { line: '{"frame": 2, "tracks": {}}', at: '{}', says: ': tracks: expected an array, found an object' },
    {
      line: '{"frame": 1, "tracks": []}',
      at: '1',
      says: ': frame: frame 1',
      more: ['[ERR_FRAME_ORDER]', '--any-frame-order'],
    },
    {
      line: { frame: 2, tracks: [fish(1, { confidence: 'high' })] },
      at: '"high"',
      says: ': tracks[0].confidence: ',
      more: ["'high'", '[ERR_INVALID_TRACK]'],
    },
    {
      line: { frame: 2, tracks: [fish(1), fish(2, { bboxes: large })] },
      at: '[1,2,3,2147483648]',
      says: ': tracks[1].bboxes.top: ',
      more: ['2147483648', '[ERR_OUT_OF_RANGE]'],
    },
    {
      line: { frame: 2, tracks: [fish(1), fish(1)] },
      at: '1,"centroid3d"',
      last: true,
      says: ': tracks[1].fishId: ',
      more: ['[ERR_DUPLICATE_FISH]'],
    },
    {
      line: { frame: 2, tracks: [fish(1), fish(2), fish(3), fish(4)] },
      at: '[{"fishId"',
      says: ': tracks: ',
      more: ['[ERR_TOO_MANY_FISH]', '--max-fish', '--drop-excess-fish'],
    },
    {
      line: { frame: 2, tracks: [fish(1, { cameraDetections: { side: 17 } })] },
      at: '17',
      says: ': tracks[0].cameraDetections.side: ',
      more: ['[ERR_UNKNOWN_CAMERA]', '--ignore-unknown-cameras'],
    },
  ])(
    'import stops at the bad line $line with the error "$says" and keeps the frames before it',
    async ({ line, at, last, shift = 0, says, more = [] }) => {
      const [source, out] = [scratch('frames.jsonl'), scratch()]
      const text = typeof line === 'string' ? line : JSON.stringify(line)
      writeFileSync(source, lines(...good, text, { frame: 3, tracks: [] }))
      const { code, stdout, stderr } = await h5tracks(['import', source, out])

      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      // The emoji is two UTF-16 units but one character, hence the shift.
      const column = at === undefined ? '' : `:${(last ? text.lastIndexOf(at) : text.indexOf(at)) + 1 + shift}`
      expect(stderr).toMatch(/^h5tracks: [^\n]*\n$/)
      expect(stderr).toContain(`${source}:4${column}${says}`)
      for (const part of more) expect(stderr).toContain(part)
      expect(stderr).toContain(`2 frames before it are in ${out}`)
      expect(readTrackingResultsSync(out).frameIndex.data).toEqual(BigInt64Array.of(0n, 1n))
    },
  )

  test('import stops at a line that is not UTF-8 and keeps the frames before it', async () => {
    const [source, out] = [scratch('frames.jsonl'), scratch()]
    writeFileSync(source, Buffer.concat([Buffer.from(lines(...good)), Buffer.from([0x7b, 0xff, 0x7d, 0x0a])]))
    expect((await h5tracks(['import', source, out])).stderr).toContain(`${source}:4: is not valid UTF-8`)
    expect(readTrackingResultsSync(out).frameIndex.shape).toEqual([2])
  })
})

test('import applies the options that its errors suggest', async () => {
  const out = scratch()
  const other = fish(1, { bboxes: { side: [1, 2, 3, 4] }, cameraDetections: { side: 1, top: 2 } })
  const input = lines(header, { frame: 4, tracks: [fish(4), fish(3), fish(2), fish(1)] }, { frame: 2, tracks: [other] })
  const remedies = ['--drop-excess-fish', '--ignore-unknown-cameras', '--any-frame-order']
  const { code, stdout } = await h5tracks(['import', '-', out, ...remedies], { input })
  expect(code).toBe(0)
  expect(stdout).toContain('1 fish dropped from frames with more than 3\n')
  expect(stdout).toContain('2 detections of unknown cameras ignored\n')
  const { fishId, frameIndex } = readTrackingResultsSync(out)
  expect(frameIndex.data).toEqual(BigInt64Array.of(4n, 2n))
  expect(fishId.data).toEqual(Int32Array.of(1, 2, 3, 1, -1, -1))
})

test('import --any-frame-order takes JSON lines sorted by fish, with a warning that each line is a frame', async () => {
  const one = (frame: number, id: number) => ({ frame, tracks: [fish(id)] })
  const input = lines(header, one(0, 1), one(1, 1), one(0, 2), one(1, 2))
  const refused = await h5tracks(['import', '-', scratch()], { input })
  expect(refused.stderr).toContain('--any-frame-order accepts it; a repeated number then makes another frame')
  const { stdout } = await h5tracks(['import', '-', scratch(), '--any-frame-order'], { input })
  expect(stdout).toContain('1 frame with a number that is not above the one before\n')
  expect(stdout).toContain('2 frames with the number of an earlier frame: each line makes a frame\n')
})

describe('an import without a frame', () => {
  test.each([
    ['an empty input', '', 'standard input is empty: there is nothing to import'],
    ['blank lines alone', '\n \n', 'standard input is empty: there is nothing to import'],
    [
      'unknown cameras',
      lines({ frame: 0, tracks: [] }),
      'the cameras are not known: a first line {"cameras": ["cam01", ...]} or --cameras names them',
    ],
    [
      'a bad header',
      lines({ cameras: 'top' }),
      'standard input:1:12: cameras: expected an array of names, found "top"',
    ],
    ['a bad first frame', lines(header, '{"frame": 0, "tracks": [7]}'), 'standard input:2:25: tracks[0]: '],
    [
      'a file that is not text',
      '\x89HDF\r\n\x1a\n\0\0',
      'standard input is not text: JSON lines or CSV in UTF-8 is expected',
    ],
  ])('import of %s fails and leaves no file', async (_name, input, says) => {
    const out = scratch()
    const { code, stderr } = await h5tracks(['import', '-', out], { input })
    expect(code).toBe(1)
    expect(stderr).toContain(says)
    expect(existsSync(out)).toBe(false)
  })
})

test('import of a header line alone makes a file without frames', async () => {
  const out = scratch()
  expect(await h5tracks(['import', '-', out], { input: lines(header) })).toMatchObject({ code: 0 })
  expect(readTrackingResultsSync(out).fishId.shape).toEqual([0, 3])
})

describe('the output of import', () => {
  test('import replaces an existing file only with --overwrite', async () => {
    const out = scratch()
    writeFileSync(out, 'dear to me')
    const input = lines(header, { frame: 0, tracks: [] })
    const { code, stderr } = await h5tracks(['import', '-', out], { input })
    expect({ code, stderr }).toEqual({ code: 1, stderr: `h5tracks: ${out} exists already; --overwrite replaces it\n` })
    expect(readFileSync(out, 'utf8')).toBe('dear to me')
    expect(await h5tracks(['import', '-', out, '--overwrite'], { input })).toMatchObject({ code: 0 })
    expect(readTrackingResultsSync(out).frameIndex.shape).toEqual([1])
  })

  test('import refuses its input as output, even with --overwrite', async () => {
    const source = scratch('frames.jsonl')
    writeFileSync(source, lines(header))
    const { code, stderr } = await h5tracks(['import', source, source, '--overwrite'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is also the input') })
    expect(readFileSync(source, 'utf8')).toBe(lines(header))
  })
})
