import { existsSync } from 'node:fs'
import { FrameReader, TrackingReader, TrackingWriter, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { scratch } from '../../support/scratch.js'

// The constructor of a writer refuses invalid arguments before it creates a file: the error names the argument, its value
// and the allowed values.

async function refused(create: (path: string) => unknown) {
  const path = scratch()
  const error = await failure(() => create(path))
  expect(existsSync(path)).toBe(false)
  return error
}

describe.each(['maxFish', 'chunkFrames'])('invalid %s', (option) => {
  test.each([0, -1, 2.5, 2 ** 31, NaN, Infinity, '9', 9n, true, {}])(
    `the writer refuses ${option} of %s`,
    async (value) => {
      const error = await refused((path) => new TrackingWriter(path, ['a'], { [option]: value }))
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
      expect(error.message).toContain(option)
      expect(error.message).toContain(typeof value === 'object' && value ? '{}' : String(value))
      expect(error.message).toMatch(/\b1\b.*\b2147483647\b/)
    },
  )
})

describe('the smallest and the largest sizes', () => {
  test('the writer accepts maxFish of 1 and chunkFrames of 1', () => {
    using writer = new TrackingWriter(scratch(), [], { maxFish: 1, chunkFrames: 1 })
    expect(writer).toMatchObject({ maxFish: 1, chunkFrames: 1 })
  })

  test.each<[string[], number, number, string, number]>([
    [['a'], 2 ** 16, 2 ** 12, 'bboxes/a', 2 ** 16 * 2 ** 12 * 4 * 4],
    [[], 2 ** 20, 342, 'centroid_3d', 2 ** 20 * 342 * 3 * 4],
    [['a'], 1, 2 ** 31 - 1, 'fish_id', (2 ** 31 - 1) * 4],
    [['a'], 2 ** 31 - 1, 1, 'frame_index', (2 ** 31 - 1) * 8],
    [[], 2 ** 31 - 1, 2 ** 31 - 1, 'frame_index', (2 ** 31 - 1) * 8],
  ])(
    'sizes with a chunk of 4 GiB (cameras %o, chunkFrames %i, maxFish %i) are refused, naming dataset and bytes',
    async (...given) => {
      const [cameras, chunkFrames, maxFish, dataset, bytes] = given
      const error = await refused((path) => new TrackingWriter(path, cameras, { maxFish, chunkFrames }))
      expect(error.code).toBe('ERR_TOO_LARGE')
      expect(error.message).toContain(`/tracking/${dataset}`)
      expect(error.message).toContain(`${bytes} bytes`)
    },
  )
})

describe('camera names', () => {
  test.each<[string, unknown, RegExp]>([
    ['an empty one', ['a', ''], /cameraNames\[1\]/],
    ['one twice', ['a', 'b', 'a'], /cameraNames\[2\].*'a'/],
    ["one with '/'", ['a/b'], /cameraNames\[0\].*'a\/b'/],
    ['one with NUL', ['a\0b'], /cameraNames\[0\].*NUL/],
    ["'.'", ['.'], /cameraNames\[0\]/],
    ['a lone high surrogate', ['a\ud800'], /cameraNames\[0\].*Unicode|well-formed/],
    ['a lone low surrogate', ['\udc00b'], /cameraNames\[0\].*Unicode|well-formed/],
    ['a number', ['a', 1], /cameraNames\[1\].*1/],
    ['null', [null], /cameraNames\[0\].*null/],
    ['none at all', undefined, /cameraNames.*undefined/],
    ['null instead of a list', null, /cameraNames.*null/],
    ['a string instead of a list', 'ab', /cameraNames.*'ab'/],
    ['a number instead of a list', 3, /cameraNames.*3/],
    ['an object instead of a list', { a: 1 }, /cameraNames/],
  ])('the writer refuses camera names: %s', async (_, names, says) => {
    const error = await refused((path) => new TrackingWriter(path, names as string[]))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toMatch(says)
  })
})

describe('options', () => {
  test.each<[string, unknown]>([
    ['overwrite', 1],
    ['overwrite', 'yes'],
    ['excessFish', 'ignore'],
    ['excessFish', true],
    ['unknownCameras', 'drop'],
    ['frameOrder', 'decreasing'],
    ['compression', 'gzip'],
    ['compression', 4],
    ['compression', { level: 10 }],
    ['compression', { level: -1 }],
    ['compression', { level: 1.5 }],
    ['compression', { level: '4' }],
    ['compression', { shuffle: 1 }],
    ['compression', { method: 'lzf' }],
    ['blocksInFlight', 0],
    ['blocksInFlight', 1.5],
    ['metadata', 'fps=60'],
    ['metadata', 7],
    ['chunkframes', 3],
  ])('the writer refuses the option %s of %o', async (option, value) => {
    const error = await refused((path) => new TrackingWriter(path, ['a'], { [option]: value } as WriterOptions))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain(option)
  })

  test('the writer refuses options that are not an object', async () => {
    for (const options of [null, 3, 'x']) {
      const error = await refused((path) => new TrackingWriter(path, ['a'], options as WriterOptions))
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    }
  })
})

describe('a path', () => {
  test.each([undefined, null, 3, '', {}, 'a\0b', ['x']])('writer and readers refuse the path %o', async (path) => {
    const calls = [
      () => new TrackingWriter(path as string, []),
      () => new TrackingReader(path as string),
      () => new FrameReader(path as string),
    ]
    for (const open of calls) {
      const error = await failure(open)
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
      expect(error.message).toMatch(/path/)
    }
  })
})
