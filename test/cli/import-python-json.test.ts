import { existsSync } from 'node:fs'
import { readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { h5tracks, lines } from './served.js'

// JSON lines as Python's json module writes them, with NaN and Infinity and without unknown values; and lines that
// JSON.parse would accept although they are wrong.

const header = { cameras: ['top', '__proto__', 'frönt'] }

async function imported(input: string, ...args: string[]) {
  const out = scratch()
  return { out, ...(await h5tracks(['import', '-', out, ...args], { input })) }
}

test('import reads frames written by Python’s json module as they were meant', async () => {
  const written = (await runPython('json_lines.py', ['300', '29'])).trimEnd().split('\n')
  const given = written.filter((_, i) => i % 2 === 0)
  const meant = written.filter((_, i) => i % 2 === 1).map((line) => JSON.parse(line))
  const { code, stderr, out } = await imported(`{"cameras":["top","__proto__","frönt"]}\n${given.join('\n')}\n`)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const frames = meant.map(({ frame, tracks }) => ({ frameIndex: frame, tracks }))
  expect(columnsRead(readTrackingResultsSync(out))).toEqual(columnsOf(frames, header.cameras, 9))
})

describe('JSON lines without optional keys', () => {
  test('import gives a fish without optional keys no position and no detections, and reports it as unconfirmed by default', async () => {
    const { out, stdout, stderr } = await imported(lines(header, { frame: 3, tracks: [{ fishId: 4 }] }))
    expect(stderr).toBe('')
    expect(stdout).toContain('1 record for which the input does not say whether the fish is confirmed')
    using reader = new TrackingReader(out)
    const frame = await reader.frames().next()
    expect(JSON.parse(JSON.stringify(frame.value))).toEqual({
      frameIndex: 3,
      tracks: [
        {
          fishId: 4,
          centroid3d: null,
          confidence: -1,
          reprojectionResidual: -1,
          nCameras: 0,
          isConfirmed: false,
          cameraDetections: {},
          bboxes: {},
        },
      ],
    })
  })

  test('import of JSON lines without a header and without cameras makes a file without cameras', async () => {
    const frames = [0, 1, 2].map((frame) => ({
      frame,
      tracks: frame === 0 ? [] : [{ fishId: 1, centroid3d: [1, 2, frame] }],
    }))
    const { code, out } = await imported(lines(...frames))
    expect(code).toBe(0)
    using reader = new TrackingReader(out)
    expect(reader).toMatchObject({ length: 3, cameraNames: [] })
  })

  test('import of JSON lines without a header refuses any camera', async () => {
    const seen = { fishId: 1, cameraDetections: { top: 1 } }
    const later = await imported(lines({ frame: 0, tracks: [{ fishId: 1 }] }, { frame: 1, tracks: [seen] }))
    expect(later.stderr).toContain('standard input:2:')
    expect(later.stderr).toContain('[ERR_UNKNOWN_CAMERA]; --cameras names the cameras')
    const first = await imported(lines({ frame: 0, tracks: [] }, { frame: 1, tracks: [seen] }))
    expect(first.stderr).toContain('standard input:2: the cameras are not known')
    expect(existsSync(first.out)).toBe(false)
  })

  test('import --confirmed all confirms the fish whose line does not say', async () => {
    const tracks = [{ fishId: 1 }, { fishId: 2, isConfirmed: false }]
    const { out } = await imported(lines(header, { frame: 3, tracks }), '--confirmed', 'all')
    expect([...readTrackingResultsSync(out).isConfirmed.data.subarray(0, 2)]).toEqual([1, 0])
  })
})

describe('JSON lines that JSON.parse would accept or misread', () => {
  const frame = (fish: string) => `{"frame": 0, "tracks": [{"fishId": 1, ${fish}}]}`
  test.each([
    [
      'a repeated key in a fish',
      frame('"confidence": 0.5, "confidence": 0.6'),
      ':58: the key "confidence" occurs twice',
    ],
    ['a repeated key in a frame', '{"frame": 0, "tracks": [], "frame": 1}', ':28: the key "frame" occurs twice'],
    [
      'a repeated key, once escaped',
      '{"frame": 0, "tracks": [], "\\u0066rame": 1}',
      ':28: the key "frame" occurs twice',
    ],
    ['a repeated camera', frame('"bboxes": {"top": [1,2,3,4], "top": [1,2,3,4]}'), 'the key "top" occurs twice'],
    [
      'a repeated camera named __proto__',
      frame('"cameraDetections": {"__proto__": 1, "__proto__": 2}'),
      'the key "__proto__" occurs twice',
    ],
    [
      'a repeated key in an ignored value',
      '{"frame": 0, "tracks": [], "more": {"a": [{"b": 1, "b": 1}]}}',
      'the key "b" occurs twice',
    ],
    ['a repeated key in a line with NaN', frame('"confidence": NaN, "fishId": 2'), 'the key "fishId" occurs twice'],
    ['a position with one NaN', frame('"centroid3d": [NaN, 1, 2]'), ':53: tracks[0].centroid3d: frame 0, fish 1: '],
    ['a position with one None', frame('"centroid3d": [1, null, 2]'), 'centroid3d[1] must be a number; got null'],
    ['an infinite position', frame('"centroid3d": [1, -Infinity, 2]'), '[ERR_OUT_OF_RANGE]'],
    ['a position beyond all numbers', frame('"centroid3d": [1, 1e400, 2]'), '[ERR_OUT_OF_RANGE]'],
    ['an infinite id', '{"frame": 0, "tracks": [{"fishId": Infinity}]}', '[ERR_OUT_OF_RANGE]'],
    [
      'an id that is NaN',
      '{"frame": 0, "tracks": [{"fishId": NaN}]}',
      ':24: tracks: frame 0: tracks[0].fishId must be a number',
    ],
    ['a box with one NaN', frame('"bboxes": {"top": [1, 2, NaN, 4]}'), 'bboxes[2] must be a number'],
    ['a frame number that is NaN', '{"frame": NaN, "tracks": []}', ':11: frame: expected an integer'],
    ['a frame number as a hexadecimal text', '{"frame": "0x1F", "tracks": []}', 'found "0x1F"'],
    ['-NaN', frame('"confidence": -NaN'), ':53: not JSON: expected a value, found "-"'],
    ['nan', frame('"confidence": nan'), 'not JSON: expected a value, found "n"'],
    ['NaN for a key', '{NaN: 0}', 'not JSON: expected a name in double quotes'],
    [
      'excessive nesting',
      `{"frame": 0, "tracks": [], "more": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      'fewer levels of nesting',
    ],
  ])('import of JSON lines refuses %s and names the place', async (_what, line, says) => {
    const { code, stderr } = await imported(lines(header, line))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^h5tracks: standard input:2:/)
    expect(stderr).toContain(says)
  })

  test('import of JSON lines leaves NaN and Infinity inside strings unchanged', async () => {
    const input = lines(
      { ...header, metadata: { note: 'NaN, "Infinity": -Infinity\\' } },
      frame('"note": "a: NaN", "confidence": NaN'),
    )
    const { code, out } = await imported(input)
    expect(code).toBe(0)
    expect(readTrackingResultsSync(out).metadata.note).toBe('NaN, "Infinity": -Infinity\\')
  })
})

test('import of JSON lines keeps NaN, infinite numbers and integers beyond 2^53 in metadata', async () => {
  const metadata =
    '{"t0": 1732286834000000001, "gain": NaN, "far": -Infinity, "times": [1732286834000000001, 2], "number:": "number:1"}'
  const { code, out } = await imported(`{"cameras": [], "maxFish": null, "metadata": ${metadata}}\n`)
  expect(code).toBe(0)
  expect(readTrackingResultsSync(out).metadata).toMatchObject({
    t0: 1732286834000000001n,
    gain: Number.NaN,
    far: Number.NEGATIVE_INFINITY,
    times: [1732286834000000001n, 2n],
    'number:': 'number:1',
  })
})
