import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TrackingWriter } from 'h5tracks'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/ports.js'
import { scratch } from '../support/scratch.js'
import { h5tracks, start } from './command.js'

// The command `h5tracks view`: its options, its errors and its end. What it serves: test/view.

let file: string
beforeAll(async () => {
  file = scratch()
  const writer = new TrackingWriter(file, ['top', 'side'])
  writer.writeFrame(0, [])
  await writer.close()
})

async function serving(args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { child, ended } = start(['view', file, ...args], env)
  onTestFinished(() => void child.kill('SIGKILL'))
  const [printed] = await Promise.race([once(child.stdout, 'data'), ended.then(({ stderr }) => [stderr])])
  return { child, ended, url: String(printed).trim() }
}

test.each(['SIGINT', 'SIGTERM'] as const)('view prints one address, serves it and ends with %s', async (signal) => {
  const { child, ended, url } = await serving()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{16}\/$/)
  expect(await (await fetch(`${url}file`)).json()).toEqual({
    name: 'tracks.h5',
    layouts: ['tracking'],
    first: 'tracking',
  })
  // A viewer that stays connected keeps nothing open.
  const events = await fetch(`${url}events`)
  child.kill(signal)
  expect(await ended).toEqual({ code: signal === 'SIGINT' ? 130 : 143, signal: null, stderr: '' })
  await events.text().catch(() => {})
})

test('view takes a port, a layout, and reads untrusted files', async () => {
  const port = await freePort()
  const { url } = await serving(['--port', String(port), '--layout', 'tracking', '--untrusted'])
  expect(new URL(url).port).toBe(String(port))
  expect(await (await fetch(`${url}layout`)).json()).toMatchObject({ name: 'tracking', frames: 1 })
  const second = await h5tracks(['view', file, '--port', String(port)])
  expect(second).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `h5tracks: port ${port} of 127.0.0.1 is taken; choose another port, or none for any free one [EADDRINUSE]\n`,
  })
})

test.skipIf(process.platform !== 'linux')(
  'view --open starts the browser of the desktop, and says so where there is none',
  async () => {
    const desktop = dirname(scratch())
    const opened = join(desktop, 'opened')
    writeFileSync(join(desktop, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`, { mode: 0o755 })
    const { url } = await serving(['--open'], { PATH: `${desktop}:${process.env.PATH}` })
    await expect.poll(() => existsSync(opened) && readFileSync(opened, 'utf8').trim(), { timeout: 30_000 }).toBe(url)
    const without = await serving(['--open'], { PATH: '/nowhere' })
    await once(without.child.stderr, 'data')
    without.child.kill('SIGINT')
    expect((await without.ended).stderr).toBe(`h5tracks: xdg-open does not start a browser here; open ${without.url}\n`)
  },
)

describe('view refuses', () => {
  test.each([
    ['a missing file', ['/nowhere.h5'], 1, /ENOENT.*nowhere\.h5/],
    ['a file that is not HDF5', [import.meta.filename], 1, /\[ERR_NOT_HDF5\]/],
    [
      'a video of an unknown camera',
      [':file', '--video', `front=${import.meta.dirname}/../view/levels.webm`],
      1,
      /no camera front|has not camera front.*top, side.*\[ERR_INVALID_ARGUMENT\]/,
    ],
    [
      'a video without a camera if there are two',
      [':file', '--video', `${import.meta.dirname}/../view/levels.webm`],
      1,
      /has not one plane for a video; it has top, side/,
    ],
    ['a missing video', [':file', '--video', 'top=/nowhere.mp4'], 1, /ENOENT.*nowhere\.mp4/],
    [
      'two videos of a camera',
      [':file', '--video', 'top=a.mp4', '--video', 'top=b.mp4'],
      2,
      /There is a video of top already/,
    ],
    ['an empty name of a video', [':file', '--video', 'top='], 2, /Not of the form camera=file/],
    ['a port that is no number', [':file', '--port', 'x'], 2, /Not an integer of 0 or more/],
    ['a port that is too high', [':file', '--port', '70000'], 1, /port must be an integer from 0 to 65535/],
    ['an unknown layout', [':file', '--layout', 'poses'], 1, /no layout 'poses'; it has 'tracking'/],
  ])('%s', async (_what, args, code, message) => {
    const ended = await h5tracks(['view', ...args.map((arg) => (arg === ':file' ? file : arg))])
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
  })
})
