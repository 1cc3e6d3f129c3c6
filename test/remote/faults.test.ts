import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { readTrackingResults, TrackingReader } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { ObjectServer, type Served } from '../support/remote/server.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'

// Each failure of a server or of the network ends in an error with a code of its own, or in the right data after another attempt.

// Larger than what is fetched when it is opened.
const path = written(school(8000, 9), CAMERAS, { chunkFrames: 100, compression: 'none' })

/** Answers with a status and nothing else. */
const status =
  (code: number, headers: Record<string, string> = {}) =>
  ({ response }: Served) => {
    response.writeHead(code, headers).end()
    return true
  }

/** Answers with these headers and this body. */
const body =
  (make: (served: Served, bytes: Buffer) => { range?: string; send: Buffer; length?: number; more?: object }) =>
  (server: ObjectServer) =>
  (served: Served) => {
    const { begin, end, response } = served
    const made = make(served, server.bytes.subarray(begin, end))
    response.writeHead(206, {
      etag: server.etag ?? '',
      'content-range': made.range ?? `bytes ${begin}-${end - 1}/${server.bytes.length}`,
      ...(made.length !== undefined && { 'content-length': made.length }),
      ...made.more,
    })
    response.write(made.send, () => (made.length === made.send.length ? response.end() : response.destroy()))
    return true
  }

const always = (fault: (served: Served) => boolean) => () => fault

const failures: [string, string, (server: ObjectServer) => (served: Served) => boolean][] = [
  [
    'a 200 with the whole object instead of a range',
    'ERR_HTTP_NO_RANGES',
    (server) =>
      ({ response }) => {
        response.writeHead(200, { 'content-length': server.bytes.length }).end(server.bytes)
        return true
      },
  ],
  ['an expired URL (403)', 'ERR_HTTP_FORBIDDEN', always(status(403))],
  ['missing credentials (401)', 'ERR_HTTP_FORBIDDEN', always(status(401))],
  ['a missing object (404)', 'ERR_HTTP_NOT_FOUND', always(status(404))],
  ['a removed object (410)', 'ERR_HTTP_NOT_FOUND', always(status(410))],
  ['another status (400)', 'ERR_HTTP_STATUS', always(status(400))],
  ['a server that stays unavailable (503)', 'ERR_HTTP_UNAVAILABLE', always(status(503))],
  ['a server that stays busy (429)', 'ERR_HTTP_UNAVAILABLE', always(status(429))],
  ['connections that are always closed', 'ERR_HTTP_UNAVAILABLE', always(({ response }) => !!response.destroy())],
  [
    'bodies that always end early',
    'ERR_HTTP_TRUNCATED',
    body((_, bytes) => ({ send: bytes.subarray(1), length: bytes.length })),
  ],
  [
    'a body of more bytes than its range',
    'ERR_HTTP_RANGE',
    body((_, bytes) => {
      return { send: Buffer.concat([bytes, bytes]), length: 2 * bytes.length }
    }),
  ],
  [
    'a body without a length and of more bytes than its range',
    'ERR_HTTP_RANGE',
    body((_, bytes) => {
      return { send: Buffer.concat([bytes, Buffer.alloc(2 ** 20)]) }
    }),
  ],
  [
    'another range',
    'ERR_HTTP_RANGE',
    body(({ begin, end }, bytes) => {
      return { send: bytes, length: bytes.length, range: `bytes ${begin + 1}-${end}/${2 ** 30}` }
    }),
  ],
  [
    'a range without the size of the object',
    'ERR_HTTP_RANGE',
    body(({ begin, end }, bytes) => {
      return { send: bytes, length: bytes.length, range: `bytes ${begin}-${end - 1}/*` }
    }),
  ],
  [
    'an answer without a range',
    'ERR_HTTP_RANGE',
    body((_, bytes) => ({ send: bytes, length: bytes.length, range: 'none' })),
  ],
  [
    'a body that is compressed',
    'ERR_HTTP_RANGE',
    body((_, bytes) => {
      return { send: bytes, length: bytes.length, more: { 'content-encoding': 'gzip' } }
    }),
  ],
]

describe.each(failures)('%s', (_, code, fault) => {
  test(`fails with ${code} when a file is opened, and names the URL without its signature`, async () => {
    await using server = await ObjectServer.of(await path)
    server.fault = fault(server)
    const error = await failure(() => TrackingReader.open(server.url))
    expect(error).toMatchObject({ code, path: server.url.replace(/\?.*/, '') })
    expect(error.message).not.toContain('secret')
    expect(error.message).toContain(error.path)
  })

  test(`fails with ${code} when frames are read, and the reader works again after it`, async () => {
    await using server = await ObjectServer.of(await path)
    await using reader = await TrackingReader.open(server.url)
    server.fault = fault(server)
    expect((await failure(() => reader.read({ start: 7000, stop: 7100 }))).code).toBe(code)
    server.fault = undefined
    using local = new TrackingReader(await path)
    const again = await reader.read({ start: 7000, stop: 7100 })
    expect(isDeepStrictEqual(again, await local.read({ start: 7000, stop: 7100 }))).toBe(true)
  })
})

describe('failures that pass', () => {
  test.each([
    ['a 503', always(status(503, { 'retry-after': '0' }))],
    ['a 429', always(status(429))],
    ['a 500', always(status(500))],
    ['a closed connection', always(({ response }) => !!response.destroy())],
    ['a truncated body', body((_, bytes) => ({ send: bytes.subarray(5), length: bytes.length }))],
  ])('%s for every second request changes nothing', async (_, fault) => {
    await using server = await ObjectServer.of(await path)
    server.fault = (served, count) => count % 2 === 1 && fault(server)(served)
    await using reader = await TrackingReader.open(server.url)
    using local = new TrackingReader(await path)
    const window = { start: 3000, stop: 3900 }
    expect(isDeepStrictEqual(await reader.read(window), await local.read(window))).toBe(true)
  })

  test('a request that takes too long is made again', async () => {
    await using server = await ObjectServer.of(await path)
    server.fault = (_, count) => count === 1
    await using reader = await TrackingReader.open(server.url, { timeout: 1000 })
    expect(reader.length).toBe(8000)
    expect(server.ranges.length).toBeGreaterThanOrEqual(2)
  })

  test('a server that never answers is asked five times', async () => {
    await using server = await ObjectServer.of(await path)
    server.fault = () => true
    const error = await failure(() => TrackingReader.open(server.url, { timeout: 50 }))
    expect(error.code).toBe('ERR_HTTP_UNAVAILABLE')
    expect(error.message).toMatch(/took too long.*asked 5 times/)
    // On a busy machine a request may end before it reaches the server.
    expect(server.ranges.length).toBeLessThanOrEqual(5)
  })

  test('a host that does not exist gives an error with its cause', async () => {
    const error = await failure(() => TrackingReader.open('http://127.0.0.1:9/x.h5'))
    expect(error.code).toBe('ERR_HTTP_UNAVAILABLE')
    expect(error.cause).toBeInstanceOf(Error)
  })
})

describe('an object that is replaced while it is open', () => {
  const change = (server: ObjectServer) => {
    server.bytes = Buffer.from(server.bytes)
    server.bytes.fill(1, 300_000)
  }
  const replacements: [string, string | null, (server: ObjectServer) => void][] = [
    [
      'another ETag',
      '"first"',
      (server) => {
        server.etag = '"second"'
      },
    ],
    [
      'another weak ETag',
      'W/"first"',
      (server) => {
        server.etag = 'W/"second"'
      },
    ],
    [
      'no ETag any more',
      '"first"',
      (server) => {
        server.etag = null
      },
    ],
    [
      'another size',
      null,
      (server) => {
        server.bytes = Buffer.concat([server.bytes, server.bytes])
      },
    ],
    [
      'fewer bytes',
      '"first"',
      (server) => {
        server.bytes = server.bytes.subarray(0, 300_000)
      },
    ],
    [
      'another date',
      null,
      (server) => {
        server.fault = ({ response, answer }) => {
          response.setHeader('last-modified', 'Mon, 30 Nov 2026 10:00:00 GMT')
          answer()
          return true
        }
      },
    ],
  ]

  test.each(replacements)('with %s is refused with ERR_REPLACED', async (_, etag, replace) => {
    await using server = await ObjectServer.of(await path)
    server.etag = etag
    await using reader = await TrackingReader.open(server.url)
    change(server)
    replace(server)
    expect((await failure(() => reader.read({ start: 7000, stop: 7100 }))).code).toBe('ERR_REPLACED')
  })
})

test('an aborted signal ends opening and later reads with its reason', async () => {
  await using server = await ObjectServer.of(await path)
  const reason = new Error('enough')
  await expect(TrackingReader.open(server.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const abort = new AbortController()
  await using reader = await TrackingReader.open(server.url, { signal: abort.signal })
  server.latency = 10_000
  const reading = reader.read({ start: 7000, stop: 7100 })
  void setTimeout(50).then(() => abort.abort(reason))
  await expect(reading).rejects.toBe(reason)
})

test('closing a reader ends a read that waits for the server', async () => {
  await using server = await ObjectServer.of(await path)
  const reader = await TrackingReader.open(server.url)
  server.latency = 10_000
  const reading = failure(() => reader.read({ start: 7000, stop: 7100 }))
  void setTimeout(50).then(() => reader.close())
  expect((await reading).code).toBe('ERR_CLOSED')
  expect((await failure(() => reader.read({ start: 0, stop: 1 }))).code).toBe('ERR_CLOSED')
})

test('an empty object, a page of HTML and a truncated file are no HDF5 files', async () => {
  await using server = await ObjectServer.of(await path)
  const whole = server.bytes
  const page = Buffer.from('<!doctype html>'.repeat(1000))
  for (const bytes of [Buffer.alloc(0), page, whole.subarray(0, 200_000)]) {
    server.bytes = bytes
    expect((await failure(() => File.open(server.url))).code).toBe('ERR_NOT_HDF5')
  }
})

test('concurrent reads of one file each get their values', async () => {
  await using server = await ObjectServer.of(await path)
  server.latency = 5
  await using reader = await TrackingReader.open(server.url, { cache: 2 ** 20 })
  using local = new TrackingReader(await path)
  const windows = Array.from({ length: 12 }, (_, i) => ({
    start: ((i * 2711) % 70) * 100,
    stop: ((i * 2711) % 70) * 100 + 950,
  }))
  const read = await Promise.all(windows.map((window) => reader.read(window)))
  for (const [i, window] of windows.entries()) {
    expect(isDeepStrictEqual(read[i], await local.read(window))).toBe(true)
  }
})

test('a server that does not answer holds up neither local writers nor local readers', async () => {
  await using server = await ObjectServer.of(await path)
  await using reader = await TrackingReader.open(server.url)
  const held: Served[] = []
  server.fault = (served) => held.push(served) > 0
  const window = { start: 7000, stop: 7100 }
  const reading = reader.read(window)
  while (held.length === 0) await setTimeout(1)
  // All of this happens while the request is open.
  const frames = school(2000, 3)
  const local = await readTrackingResults(await written(frames))
  expect(local.frameIndex.data).toHaveLength(2000)
  await using other = await File.open(await path)
  expect((await (await other.dataset('tracking/fish_id')).read()).shape).toEqual([8000, 9])
  server.fault = undefined
  for (const { answer } of held) answer()
  using same = new TrackingReader(await path)
  expect(isDeepStrictEqual(await reader.read(window), await same.read(window))).toBe(true)
  await reading
})

test('sixteen requests that fail at the same time print no warning', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  await using server = await ObjectServer.of(await path)
  await using reader = await TrackingReader.open(server.url, { cache: 2 ** 25, signal: new AbortController().signal })
  const asked = new Set<number>()
  server.fault = (served) => asked.size !== asked.add(served.begin).size && status(503)(served)
  await reader.read({ fields: ['bboxes'], cameras: CAMERAS.slice(0, 1) })
  await setTimeout(10)
  process.off('warning', note)
  expect(warnings).toEqual([])
})

test('two readers of the same URL do not share what they fetched', async () => {
  await using server = await ObjectServer.of(await path)
  await using one = await File.open(server.url)
  await using other = await File.open(server.url)
  const hash = async (file: File) => {
    const { data } = await (await file.dataset('tracking/fish_id')).read()
    return createHash('sha256')
      .update(data as Int32Array)
      .digest('hex')
  }
  expect(await hash(one)).toBe(await hash(other))
})
