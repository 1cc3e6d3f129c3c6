import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { view } from 'h5tracks/view'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/ports.js'
import { scratch } from '../support/scratch.js'
import { ask, json, layoutOf } from './client.js'
import { poses, tracking } from './recordings.js'

// The server of `h5tracks view`: who is answered, with what, and how it ends.

let file: string
beforeAll(() => {
  file = tracking({ frames: 200, fish: 3, cameras: ['top'] })
})

async function served(path = file, options = {}) {
  const page = await view(path, options)
  onTestFinished(() => page.close())
  return page
}

describe('who is answered', () => {
  test('the address is on the loopback, with a free port and a secret path that differs each time', async () => {
    const [one, two] = [await served(), await served()]
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{16}\/$/)
    expect(new URL(two.url).pathname).not.toBe(new URL(one.url).pathname)
    expect((await ask(one.url)).status).toBe(200)
    for (const path of ['/', '/page.js', '/file', new URL(two.url).pathname]) {
      expect(await ask(one.url, path)).toMatchObject({ status: 404 })
    }
  })

  test('other addresses of the machine are not listened on', async () => {
    const { url } = await served()
    const others = spawnSync('hostname', ['-I'], { encoding: 'utf8' })
      .stdout.split(/\s+/)
      .filter((one) => /^\d+\./.test(one))
    for (const host of others) {
      const refused = await new Promise((resolve) => {
        const socket = connect(Number(new URL(url).port), host)
        socket.on('error', ({ message }) => resolve(message))
        socket.on('connect', () => resolve('connected'))
      })
      expect(refused).toMatch(/ECONNREFUSED/)
    }
  })

  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.2',
    '10.0.0.1',
    '[::2]',
    'localhost:99x',
  ])('a request for the host %j is refused: a name may have been made to lead here', async (host) => {
    const { url } = await served()
    for (const path of ['', 'file', 'window?view=0&start=0']) {
      expect(await ask(url, path, { Host: host })).toMatchObject({ status: 403 })
    }
  })

  test('requests for localhost and through a forwarded port are answered', async () => {
    const { url } = await served()
    const { port } = new URL(url)
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      'localhost:8000',
      'LOCALHOST:8000',
    ]) {
      expect(await ask(url, 'file', { Host: host })).toMatchObject({ status: 200 })
    }
  })

  test('requests from pages of other sites are refused', async () => {
    const { url } = await served()
    const { origin, port } = new URL(url)
    for (const other of [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${Number(port) + 1}`,
      `https://127.0.0.1:${port}`,
    ]) {
      expect(await ask(url, 'file', { Origin: other })).toMatchObject({ status: 403 })
    }
    for (const site of ['cross-site', 'same-site']) {
      expect(await ask(url, 'file', { 'Sec-Fetch-Site': site })).toMatchObject({ status: 403 })
    }
    expect(await ask(url, 'file', { Origin: origin, 'Sec-Fetch-Site': 'same-origin' })).toMatchObject({ status: 200 })
  })

  test('a link to the page can be followed from another site, but no other request can be made from there', async () => {
    const { url } = await served()
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
    expect(await ask(url, '', link)).toMatchObject({ status: 200 })
    for (const other of [{ 'Sec-Fetch-Dest': 'iframe' }, { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' }]) {
      expect(await ask(url, '', { ...link, ...other })).toMatchObject({ status: 403 })
    }
  })

  test.each(['//[', '//evil.example/', 'http://[', '*', '/%', '/?', '\\\\', '/#/'])(
    'the address %j is not found, and the server goes on',
    async (target) => {
      const { url } = await served()
      const { port } = new URL(url)
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`)
        })
        let text = ''
        socket.on('data', (part) => {
          text += part
        })
        socket.on('end', () => resolve(text))
        socket.on('error', reject)
      })
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /)
      expect(await ask(url)).toMatchObject({ status: 200 })
    },
  )

  test('a request without a host is refused', async () => {
    const { url } = await served()
    const { port, pathname } = new URL(url)
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(`GET ${pathname} HTTP/1.0\r\n\r\n`))
      socket.on('data', (part) => resolve(String(part)))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('methods that change something are refused', async () => {
    const { url } = await served()
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await ask(url, 'file', {}, method)).toMatchObject({ status: 405 })
    }
    expect(await ask(url, '', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  })
})

test('every answer forbids the page to load from elsewhere, and others to use it', async () => {
  const { url } = await served()
  for (const path of ['', 'page.js', 'page.css', 'file', 'window?view=0&start=0', 'coverage', 'nothing']) {
    const { headers } = await ask(url, path)
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('no path leads out of what was named', async () => {
  const { url } = await served()
  const name = new URL(url).pathname
  for (const path of [
    '../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    'video/0',
    'video/..%2f0',
    'page.js/../../../package.json',
    '%00',
    'page.js%00',
    '.',
    './/etc/passwd',
    'THIRD-PARTY-NOTICES',
  ]) {
    const { status, body } = await ask(url, `${name}${path}`)
    expect(body.toString()).not.toMatch(/root:|"version"/)
    if (path !== '.') expect(status).toBe(404)
  }
})

test.each([
  'window?view=9&start=0',
  'window?view=0&start=-1',
  'window?view=0&start=1.5',
  'window?view=0',
  'window?view=0&start=1e99',
  'bounds?view=x',
  'layout?layout=__proto__',
  'gap?from=NaN',
  'gap?from=0&id=-2',
])('the request %j is answered with what is wrong', async (path) => {
  const { url } = await served()
  const { status, body } = await ask(url, path)
  expect({ status, ...JSON.parse(body.toString()) }).toMatchObject({
    status: 400,
    message: expect.stringMatching(/must be an integer|no such layout/),
  })
})

test('a window beyond the end of the file is empty', async () => {
  const { url } = await served()
  expect((await ask(url, 'window?view=0&start=1000000')).body.length).toBe(16)
})

describe('a video', () => {
  const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251))
  const video = () => {
    const path = scratch('top.mp4')
    writeFileSync(path, content)
    return path
  }

  test.each([
    [undefined, 200, 0, 4999, undefined],
    ['bytes=0-', 206, 0, 4999, 'bytes 0-4999/5000'],
    ['bytes=100-199', 206, 100, 199, 'bytes 100-199/5000'],
    ['bytes=4990-9999', 206, 4990, 4999, 'bytes 4990-4999/5000'],
    ['bytes=-10', 206, 4990, 4999, 'bytes 4990-4999/5000'],
    ['bytes=0-0,5-9', 200, 0, 4999, undefined],
    ['lines=1-2', 200, 0, 4999, undefined],
  ])('is sent as the header Range %j asks', async (range, status, from, to, contentRange) => {
    const { url } = await served(file, { videos: { top: video() } })
    const answer = await ask(url, 'video/0', range ? { Range: range } : {})
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({ 'content-type': 'video/mp4', 'accept-ranges': 'bytes' })
    expect(answer.headers['content-range']).toBe(contentRange)
    expect(answer.body.equals(content.subarray(from, to + 1))).toBe(true)
  })

  test.each(['bytes=5000-', 'bytes=9-3', 'bytes=-0'])('has no range %j', async (range) => {
    const { url } = await served(file, { videos: { top: video() } })
    expect(await ask(url, 'video/0', { Range: range })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */5000' },
    })
  })

  test('without a name belongs to the only plane', async () => {
    const { url } = await served(file, { videos: video() })
    expect((await layoutOf(url, 'tracking')).views.map(({ title, video }) => [title, video])).toEqual([
      ['3D', null],
      ['top', 'video/0'],
    ])
  })

  test.each([
    [
      'of a camera that the file does not have',
      { videos: { side: 'x' } },
      'ERR_INVALID_ARGUMENT',
      /has not camera side.*it has top/,
    ],
    ['that does not exist', { videos: { top: '/nowhere/top.mp4' } }, 'ENOENT', /nowhere/],
    [
      'in a format that browsers do not play',
      { videos: { top: 'top.avi' } },
      'ERR_INVALID_ARGUMENT',
      /browsers play .*ffmpeg/,
    ],
  ])('%s is refused', async (_what, options, code, message) => {
    const videos = Object.fromEntries(
      Object.entries(options.videos).map(([name, path]) => [name, path === 'x' ? video() : path]),
    )
    await expect(view(file, { videos })).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('view rejects', () => {
  test.each([
    ['a file that does not exist', '/nowhere.h5', 'ENOENT'],
    ['a file that is not HDF5', __filename, 'ERR_NOT_HDF5'],
  ])('%s', async (_what, path, code) => {
    await expect(view(path)).rejects.toMatchObject({ name: 'H5TracksError', code })
  })

  test('an HDF5 file without frames', async () => {
    const { File } = await import('h5tracks/hdf5')
    const path = scratch()
    using other = new File(path, 'w')
    other.createGroupSync('images')
    other.closeSync()
    await expect(view(path)).rejects.toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringContaining('holds no frames'),
    })
  })

  test('a layout that the file does not have', async () => {
    await expect(view(file, { layout: 'poses' })).rejects.toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringContaining('tracking'),
    })
  })

  test('a port that is taken, and closes the file', async () => {
    const { url } = await served()
    const port = Number(new URL(url).port)
    await expect(view(file, { port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining(`port ${port}`),
    })
  })

  test.each([
    { port: -1 },
    { port: 70_000 },
    { port: '80' },
    { video: {} },
    { untrusted: 'yes' },
    { videos: 3 },
    { layout: 1 },
  ])('the options %j', async (options) => {
    await expect(view(file, options as object)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  })
})

test('several viewers see the same file at once, on the port that was named', async () => {
  const port = await freePort()
  const { url } = await served(poses(50, 2), { port })
  expect(new URL(url).port).toBe(String(port))
  const all = await Promise.all(Array.from({ length: 20 }, () => layoutOf(url, 'poses')))
  expect(new Set(all.map(({ frames }) => frames))).toEqual(new Set([50]))
})

test('close ends the connections of viewers, releases the port and can be called twice', async () => {
  const page = await view(file)
  const events = ask(page.url, 'events').catch(({ code }) => code)
  await json(page.url, 'file')
  await Promise.all([page.close(), page.close()])
  expect(await events).toSatisfy((answer) => answer === 'ECONNRESET' || (answer as { status: number }).status === 200)
  await expect(ask(page.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a file of a test is what it is served from, unchanged', async () => {
  const before = readFileSync(file)
  const { url } = await served()
  await ask(url, 'window?view=0&start=0')
  expect(readFileSync(file).equals(before)).toBe(true)
})
