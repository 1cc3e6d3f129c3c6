import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTrackingResults, readTrackingResultsSync, recover } from 'h5tracks'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { run } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, fish, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { example, line, type RigClient, startServer } from './server.js'

// The example server as an operator runs it: a separate process, rigs over sockets, one file each.

const header = (rig: string, more: object = {}) => ({ rig, cameras: CAMERAS, maxFish: 4, ...more })
const rows = async (path: string) => columnsRead(await readTrackingResults(path))

/** A clean end: exit code 0 and nothing on standard error, so no message of HDF5 either. */
const inOrder = { code: 0, signal: null, stderr: '' }

test('the example server writes a complete file with metadata for each of 12 concurrent rigs', async () => {
  await using server = await startServer('--chunk-frames', '16')
  const rigs = Array.from({ length: 12 }, (_, i) => ({
    name: `rig-${i}`,
    client: server.rig(header(`rig-${i}`, { metadata: { fps: 10 + i } })),
    frames: school(40 + i, 1 + (i % 4), CAMERAS, 1000 * i),
  }))
  // One frame of each rig in turn, so that all files are open and grow together.
  for (let at = 0; at < 52; at++) {
    for (const { client, frames } of rigs) client.send(...frames.slice(at, at + 1).map(line))
  }
  for (const { name, client, frames } of rigs) {
    expect(await client.end()).toEqual({ frames: frames.length })
    expect(await rows(server.file(name))).toEqual(columnsOf(frames, CAMERAS, 4))
  }
  expect(readTrackingResultsSync(server.file('rig-3')).metadata).toMatchObject({ fps: 13 })
  expect(await server.stop()).toMatchObject(inOrder)
})

test('the example server takes lines in pieces of any size, over a Unix socket', async () => {
  const path = scratch('server.sock')
  await using server = await startServer('--socket', path)
  expect(server.address).toBe(path)
  const frames = school(3, 2, ['naïve-cam'])
  const client = server.rig()
  client.socket.setNoDelay()
  const bytes = Buffer.from(
    [header('a', { cameras: ['naïve-cam'] }), ...frames.map(line)].map((l) => `${JSON.stringify(l)}\n`).join(''),
  )
  for (let at = 0; at < bytes.length; at += 7) {
    client.socket.write(bytes.subarray(at, at + 7))
    await new Promise(setImmediate)
  }
  expect(await client.end()).toEqual({ frames: 3 })
  expect(await rows(server.file('a'))).toEqual(columnsOf(frames, ['naïve-cam'], 4))
})

describe('invalid input of the example server', () => {
  const frames = school(5, 2)
  const track = fish(1)
  test.each<[string, unknown[], { code: string; message?: string }]>([
    ['not JSON', ['{"frame": 9, oops\n'], { code: 'ERR_INVALID_LINE' }],
    ['an empty line', ['\n'], { code: 'ERR_INVALID_LINE' }],
    ['not UTF-8', [], { code: 'ERR_INVALID_LINE', message: 'UTF-8' }],
    ['no frame', [{ tracks: [] }], { code: 'ERR_INVALID_TRACK', message: 'frameIndex' }],
    ['null', [null], { code: 'ERR_INVALID_TRACK' }],
    ['no tracks', [{ frame: 9 }], { code: 'ERR_INVALID_TRACK', message: 'frame 9: tracks' }],
    ['a frame again', [{ frame: 4, tracks: [] }], { code: 'ERR_FRAME_ORDER', message: 'frame 4' }],
    ['a fish twice', [{ frame: 9, tracks: [track, track] }], { code: 'ERR_DUPLICATE_FISH', message: 'fish 1' }],
    [
      'an unknown camera',
      [{ frame: 9, tracks: [{ ...track, cameraDetections: { west: 1 } }] }],
      { code: 'ERR_UNKNOWN_CAMERA', message: "camera 'west'" },
    ],
    ['a second header', [header('b')], { code: 'ERR_INVALID_TRACK' }],
  ])(
    'the example server answers a bad line (%s) with its number, and other rigs continue',
    async (_what, bad, { code, message = '' }) => {
      await using server = await startServer()
      const other = server.rig(header('other'), line(frames[0]!))
      const client = server.rig(header('wrong'), ...frames.map(line), ...bad)
      if (bad.length === 0) client.socket.write(Buffer.from([0x22, 0xff, 0x22, 0x0a]))
      // The answer arrives while the sender is still sending.
      client.send({ frame: 50, tracks: [] })
      const answer = await client.answer
      expect(answer).toMatchObject({ frames: 5, error: { code, line: 7 } })
      expect(answer.error!.message).toContain(message)
      expect(await rows(server.file('wrong'))).toEqual(columnsOf(frames, CAMERAS, 4))

      expect(await other.send(...frames.slice(1).map(line)).end()).toEqual({ frames: 5 })
      expect(await rows(server.file('other'))).toEqual(columnsOf(frames, CAMERAS, 4))
      expect(await server.stop()).toMatchObject(inOrder)
    },
  )

  test.each<[string, unknown, string, string]>([
    ['a name that climbs', header('../up'), 'ERR_INVALID_HEADER', '../up'],
    ['an absolute name', header('/tmp/a'), 'ERR_INVALID_HEADER', '/tmp/a'],
    ['a hidden name', header('.a'), 'ERR_INVALID_HEADER', '.a'],
    ['a name with a NUL', header('a\0b'), 'ERR_INVALID_HEADER', 'letters'],
    ['a name that is too long', header('a'.repeat(65)), 'ERR_INVALID_HEADER', '64'],
    ['an empty name', header(''), 'ERR_INVALID_HEADER', 'letters'],
    ['no name', { cameras: [] }, 'ERR_INVALID_HEADER', 'rig'],
    ['no cameras', { rig: 'a' }, 'ERR_INVALID_HEADER', 'cameras'],
    ['a misspelt field', { ...header('a'), max_fish: 3 }, 'ERR_INVALID_HEADER', 'max_fish'],
    ['a wrong type', header('a', { maxFish: '4' }), 'ERR_INVALID_ARGUMENT', 'maxFish'],
    ['a camera twice', header('a', { cameras: ['x', 'x'] }), 'ERR_INVALID_ARGUMENT', 'x'],
    ['metadata that cannot be stored', header('a', { metadata: { a: { b: 1 } } }), 'ERR_INVALID_ARGUMENT', 'metadata'],
    ['more memory than a rig may take', header('a', { maxFish: 2 ** 30 }), 'ERR_INVALID_HEADER', '4096'],
    ['much memory without cameras', header('a', { cameras: [], maxFish: 2 ** 20 }), 'ERR_INVALID_HEADER', '4096'],
    ['a frame for a header', { frame: 0, tracks: [] }, 'ERR_INVALID_HEADER', 'frame'],
    ['a list', [], 'ERR_INVALID_HEADER', 'rig'],
    ['null', null, 'ERR_INVALID_HEADER', 'object'],
  ])('the example server refuses a header with %s and creates no file', async (_what, bad, code, message) => {
    await using server = await startServer()
    const answer = await server.rig(bad).answer
    expect(answer).toMatchObject({ frames: 0, error: { code, line: 1 } })
    expect(answer.error!.message).toContain(message)
    expect(readdirSync(server.directory)).toEqual([])
    expect(await server.stop()).toMatchObject(inOrder)
  })

  test('the example server refuses a connection without a header', async () => {
    await using server = await startServer()
    expect(await server.rig().end()).toMatchObject({ frames: 0, error: { code: 'ERR_INVALID_HEADER', line: 1 } })
  })

  test('the example server refuses a line that is too long before it fills the memory', async () => {
    await using server = await startServer()
    const client = server.rig(header('a'), line(frames[0]!), '"')
    for (let i = 0; i < 9; i++) client.send('x'.repeat(2 ** 20))
    expect(await client.answer).toMatchObject({ frames: 1, error: { code: 'ERR_LINE_TOO_LONG', line: 3 } })
    expect(await server.stop()).toMatchObject(inOrder)
  })

  test('the example server leaves an existing file unchanged, also that of a connected rig', async () => {
    await using server = await startServer()
    writeFileSync(server.file('old'), 'precious')
    const first = server.rig(header('new'), line(frames[0]!))
    await server.said(/new\.h5: open/)
    for (const rig of ['old', 'new']) {
      const { error, frames: kept } = await server.rig(header(rig), line(frames[0]!)).answer
      expect({ kept, ...error }).toMatchObject({
        kept: 0,
        code: 'EEXIST',
        line: 1,
        message: expect.stringContaining(rig),
      })
    }
    expect(readFileSync(server.file('old'), 'utf8')).toBe('precious')
    expect(await first.send(line(frames[1]!)).end()).toEqual({ frames: 2 })
    expect(await rows(server.file('new'))).toEqual(columnsOf(frames.slice(0, 2), CAMERAS, 4))
  })
})

describe('a rig that is disconnected', () => {
  const frames = school(30, 2)
  test('the example server keeps every frame before an incomplete last line', async () => {
    await using server = await startServer()
    const all = [header('cut'), ...frames.map(line)].map((one) => `${JSON.stringify(one)}\n`).join('')
    const answer = await server.rig(`${all}{"frame": 30, "tra`).end()
    expect(answer).toMatchObject({ frames: 30, error: { code: 'ERR_CUT_OFF', line: 32 } })
    expect(await rows(server.file('cut'))).toEqual(columnsOf(frames, CAMERAS, 4))
  })

  test.each<[string, (client: RigClient) => unknown]>([
    ['by a reset of the connection', ({ socket }) => socket.resetAndDestroy()],
    ['in the middle of a line', (client) => client.send('{"frame": 30, "tra').socket.destroySoon()],
    [
      'after a complete frame without a line end',
      (client) => client.send('{"frame": 30, "tracks": []}').socket.destroySoon(),
    ],
  ])('the example server keeps the frames of a rig disconnected %s in a closed file', async (_how, cut) => {
    await using server = await startServer('--chunk-frames', '8', '--stats', '0.02')
    const client = server.rig(header('cut'), ...frames.map(line))
    // The server has read every frame by now; a reset discards unread data.
    await server.said(/"frames":30/)
    cut(client)
    expect(await server.said(/cut\.h5: closed/)).toMatch(/closed, 30 frames; line 32: (ECONNRESET|ERR_CUT_OFF)/)
    expect(await rows(server.file('cut'))).toEqual(columnsOf(frames, CAMERAS, 4))
    expect(await server.rig(header('next')).end()).toEqual({ frames: 0 })
    expect(await server.stop()).toMatchObject(inOrder)
  })
})

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s makes the example server close every file with its accepted frames and exit with 0',
    async (signal) => {
      await using server = await startServer('--chunk-frames', '8', '--stats', '0.02')
      const quiet = server.rig(header('quiet'), ...school(21, 2).map(line))
      await server.said(/quiet.*"frames":21/)
      const mute = server.rig()
      const done = await server.rig(header('done'), line(school(1, 1)[0]!)).end()
      // Two rigs that never stop sending.
      const busy = ['one', 'two'].map((rig) => {
        const client = server.rig(header(rig))
        let frame = 0
        const sending = (async () => {
          while (client.socket.writable && !client.socket.readableEnded) {
            const free = client.socket.write(`${JSON.stringify({ frame, tracks: [fish(frame % 9)] })}\n`)
            frame++
            await new Promise(setImmediate)
            if (!free) await vi.waitUntil(() => !client.socket.writableNeedDrain || client.socket.destroyed)
          }
          client.socket.end()
        })()
        return { rig, client, sending, sent: () => frame }
      })
      for (const { rig } of busy) await server.said(new RegExp(`${rig}\\.h5.*"frames":\\d\\d`))

      expect(await server.stop(signal)).toMatchObject(inOrder)
      expect(done).toEqual({ frames: 1 })
      expect(await mute.answer).toMatchObject({ frames: 0, error: { code: 'ERR_STOPPED' } })
      expect(await quiet.answer).toMatchObject({ frames: 21, error: { code: 'ERR_STOPPED', line: 23 } })
      expect(await rows(server.file('quiet'))).toEqual(columnsOf(school(21, 2), CAMERAS, 4))
      for (const { rig, client, sending, sent } of busy) {
        const { frames, error } = await client.answer
        expect(error).toMatchObject({ code: 'ERR_STOPPED', line: frames + 2 })
        await sending
        expect(frames).toBeGreaterThanOrEqual(10)
        expect(frames).toBeLessThanOrEqual(sent())
        const expected = Array.from({ length: frames }, (_, frameIndex) => ({
          frameIndex,
          tracks: [fish(frameIndex % 9)],
        }))
        expect(await rows(server.file(rig))).toEqual(columnsOf(expected, CAMERAS, 4))
      }
      expect(readdirSync(server.directory).sort()).toEqual(['done.h5', 'one.h5', 'quiet.h5', 'two.h5'])
    },
  )
})

// Mounting a small file system is root's privilege.
const isRoot = process.getuid?.() === 0
test.skipIf(!isRoot)(
  `the example server on a full disk answers with the number of frames in the file${isRoot ? '' : ' (skipped: only root can mount a small one)'}`,
  async () => {
    await using server = await startServer('--chunk-frames', '50')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', server.directory])
    onTestFinished(() => void execFileSync('umount', [server.directory]))
    // Positions that do not compress.
    let state = 1
    const random = () => (state = (state * 48271) % 2147483647)
    const frames = school(20_000, 4).map(({ frameIndex, tracks }) => ({
      frameIndex,
      tracks: tracks.map((track) => ({ ...track, centroid3d: [random(), random(), random()] })),
    }))
    const { error, frames: kept } = await server.rig(header('big'), ...frames.map(line)).answer
    expect(error).toMatchObject({ code: 'ENOSPC', line: expect.any(Number) })
    expect(kept).toBeGreaterThan(0)
    expect(kept % 50).toBe(0)
    expect(error!.line).toBeGreaterThan(kept + 1)
    // The other accepted frames are in the journal and can be recovered once there is room.
    execFileSync('mount', ['-o', 'remount,size=64m', server.directory])
    const { frames: recovered } = await recover(server.file('big'))
    expect(recovered).toBeGreaterThanOrEqual(kept)
    expect(await rows(server.file('big'))).toEqual(columnsOf(frames.slice(0, recovered), CAMERAS, 4))
    expect(await server.stop()).toMatchObject({ ...inOrder, code: 1 })
  },
)

test('the example server with --stats prints the counters of every open rig, and again when it closes', async () => {
  await using server = await startServer('--chunk-frames', '4', '--stats', '0.02')
  const client = server.rig(header('a'), ...school(10, 2).map(line))
  const during = JSON.parse(await server.said(/"frames":10/))
  expect(during).toMatchObject({ file: join(server.directory, 'a.h5'), frames: 10 })
  await client.end()
  await server.said(/a\.h5: closed, 10 frames$/)
  const last = JSON.parse(server.lines.filter((said) => said.startsWith('{')).at(-1)!)
  expect(last).toMatchObject({ frames: 10, blocks: 2, queueDepth: 0 })
})

test('examples/send-rig.mjs prints the answer, and exits with 1 if it is an error', async () => {
  await using server = await startServer()
  const send = (...args: string[]) => run(process.execPath, [example('send-rig.mjs'), '--port', server.port, ...args])
  const rig = ['--rig', 'north', '--frames', '2500', '--cameras', '3', '--fish', '2']
  expect(await send(...rig)).toMatchObject({ code: 0, stdout: '{"frames":2500}\n', stderr: '' })
  const { cameraNames, fishId, frameIndex } = readTrackingResultsSync(server.file('north'))
  expect(cameraNames).toEqual(['cam1', 'cam2', 'cam3'])
  expect(Array.from(frameIndex.data, Number)).toEqual([...Array(2500).keys()])
  expect(fishId.data.every((id, cell) => id === cell % 2)).toBe(true)

  const again = await send(...rig)
  expect(again).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(again.stdout)).toMatchObject({ frames: 0, error: { code: 'EEXIST' } })
})
