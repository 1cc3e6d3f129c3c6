import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { run } from '../support/process.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { example, line, type RigClient, startServer } from './server.js'

// A rig that reconnects after the rig or the server was interrupted continues its file.

const header = (rig: string, more: object = {}) => ({
  rig,
  cameras: CAMERAS,
  maxFish: 4,
  metadata: { fps: 60 },
  ...more,
})
const frames = school(60, 2)
const rows = async (path: string) => columnsRead(await readTrackingResults(path))

describe.each(['SIGKILL', 'SIGTERM'] as const)('a server ended by %s', (signal) => {
  test(`a rig continues its file after the example server was ended by ${signal}`, async () => {
    await using first = await startServer('--chunk-frames', '8', '--stats', '0.02')
    const before = first.rig(header('a'), ...frames.slice(0, 21).map(line))
    await first.said(/a\.h5.*"frames":21/)
    await first.stop(signal)
    await before.answer.catch(() => {})

    await using second = await startServer('--chunk-frames', '8', '--dir', first.directory)
    const client = second.rig(header('a'), ...frames.slice(21).map(line))
    expect(await client.end()).toEqual({ frames: 39, resumedAfter: 20 })
    await second.said(/a\.h5: open, going on after its 21 frames$/)
    await second.said(/a\.h5: closed, 39 frames$/)
    expect(await rows(first.file('a'))).toEqual(columnsOf(frames, CAMERAS, 4))
  })

  test(`a rig that restarts from frame 0 after ${signal} is refused with the frame to continue at`, async () => {
    await using first = await startServer('--stats', '0.02')
    const before = first.rig(header('a'), ...frames.slice(0, 21).map(line))
    await first.said(/a\.h5.*"frames":21/)
    await first.stop(signal)
    await before.answer.catch(() => {})

    await using second = await startServer('--dir', first.directory)
    const { error, ...answer } = await second.rig(header('a'), ...frames.map(line)).answer
    expect(answer).toEqual({ frames: 0, resumedAfter: 20 })
    expect(error).toMatchObject({ code: 'EEXIST', line: 2, lastFrameIndex: 20 })
    expect(error!.message).toContain('go on with frame 21')
    expect(await rows(first.file('a'))).toEqual(columnsOf(frames.slice(0, 21), CAMERAS, 4))
  })
})

test.each<[string, (client: RigClient) => unknown]>([
  ['by a reset', ({ socket }) => socket.resetAndDestroy()],
  ['within a line', (client) => client.send('{"frame": 30, "tra').socket.destroySoon()],
])('a rig that is disconnected %s several times loses no frame', async (_how, cut) => {
  await using server = await startServer('--chunk-frames', '8', '--stats', '0.02')
  for (const [from, to] of [
    [0, 19],
    [19, 24],
    [24, 25],
  ] as const) {
    const client = server.rig(header('a'), ...frames.slice(from, to).map(line))
    await server.said(new RegExp(`a\\.h5.*"frames":${to - from}`))
    cut(client)
    await server.said(new RegExp(`a\\.h5: closed, ${to - from} frames`))
  }
  const last = server.rig(header('a'), ...frames.slice(25).map(line))
  expect(await last.end()).toEqual({ frames: 35, resumedAfter: 24 })
  expect(await rows(server.file('a'))).toEqual(columnsOf(frames, CAMERAS, 4))
})

test.each([
  ['other cameras', { cameras: ['north'] }, 'cameraNames'],
  ['another maxFish', { maxFish: 5 }, 'maxFish'],
])('a rig that reconnects with %s is refused, and its file is unchanged', async (_what, other, named) => {
  await using server = await startServer()
  await server.rig(header('a'), ...frames.map(line)).end()
  const { error, frames: taken } = await server.rig(header('a', other), line(frames[0]!)).answer
  expect({ taken, ...error }).toMatchObject({
    taken: 0,
    code: 'EEXIST',
    line: 1,
    message: expect.stringContaining(named),
  })
  expect(await rows(server.file('a'))).toEqual(columnsOf(frames, CAMERAS, 4))
})

test('examples/send-rig.mjs continues after the frames of a killed server', async () => {
  const send = (port: string, frames: number) =>
    run(process.execPath, [example('send-rig.mjs'), '--port', port, '--rig', 'north', '--frames', String(frames)])
  await using first = await startServer('--stats', '0.02')
  const cut = send(first.port, 200_000)
  await first.said(/north\.h5.*"frames":\d{3}/)
  await first.stop('SIGKILL')
  expect(await cut).toMatchObject({ code: 1 })

  await using second = await startServer('--dir', first.directory)
  const { code, stdout } = await send(second.port, 15_000)
  const { frames: sent, resumedAfter } = JSON.parse(stdout)
  expect({ code, all: resumedAfter + 1 + sent }).toEqual({ code: 0, all: 15_000 })
  const { frameIndex, fishId } = await readTrackingResults(first.file('north'))
  expect(Array.from(frameIndex.data, Number)).toEqual([...Array(15_000).keys()])
  expect(fishId.data.every((id, cell) => id === cell % 3)).toBe(true)
})
