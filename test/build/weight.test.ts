import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownTarget } from '../../scripts/targets.mjs'
import { packed } from './packed.js'
import { type Ended, plainEnvironment, run, temporary } from './support.js'

// A plain `npm install` of the tarball brings few packages, and the command line works with them.

/** Two run with the library, one is the addon, two are headers for a build from source. better-sqlite3 12 brings 38 packages. */
const PACKAGES = [
  `@h5tracks/${ownTarget()}`,
  'h5tracks',
  'munkres',
  'node-addon-api',
  'node-api-headers',
  'node-gyp-build',
]
/** Measured: 14.9 million. better-sqlite3 12 brings 11.6 million without its addon. */
const BYTES = 15_000_000

const installation = () => join(packed().project, 'node_modules')

function bytes(path: string): number {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + bytes(join(path, name)), 0)
}

test('an install brings the library, its assignment solver, the loader of the addon and the headers of Node-API', () => {
  const lock = JSON.parse(readFileSync(join(installation(), '.package-lock.json'), 'utf8'))
  const names = Object.keys(lock.packages).map((path) => path.replace(/^node_modules\//, ''))
  expect(names.sort()).toEqual(PACKAGES)
})

test(`an install takes less than ${BYTES} bytes, the prebuilt addon included`, () => {
  expect(bytes(installation())).toBeLessThan(BYTES)
})

describe('after a plain install', () => {
  let directory: string
  beforeAll(async () => {
    directory = temporary('command')
    cpSync(packed().project, directory, { recursive: true, verbatimSymlinks: true })
    const track = { fishId: 1, centroid3d: [1, 2, 3], confidence: 1, reprojectionResidual: 0.5, nCameras: 1 }
    const frame = { frame: 0, tracks: [{ ...track, isConfirmed: true, cameraDetections: {}, bboxes: {} }] }
    writeFileSync(join(directory, 'frames.jsonl'), `{"cameras":["top"]}\n${JSON.stringify(frame)}\n`)
    writeFileSync(join(directory, 'tracks.csv'), 'frame,id,x,y,z\n0,1,1,2,3\n1,1,1,2,4\n')
    // No command makes a run.
    const program = `import { openRun } from 'h5tracks/batch'
      const run = await openRun('runs/tank', { cameras: [] })
      run.writeFrame(0, [])
      await run.seal()`
    const { code, all } = await inDirectory(process.execPath, ['--input-type=module', '-e', program])
    expect({ code, all }).toEqual({ code: 0, all: '' })
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  const inDirectory = (program: string, args: string[]): Promise<Ended> =>
    run(program, args, { cwd: directory, env: plainEnvironment() })
  const h5tracks = (...args: string[]) => inDirectory(join(directory, 'node_modules/.bin/h5tracks'), args)

  // In this order: each reads what one before it wrote.
  const commands: [command: string, args: string[], expected: RegExp][] = [
    ['demo', ['demo.h5', '--frames', '30'], /demo\.h5/],
    ['import', ['tracks.csv', 'csv.h5', '--max-fish', '2'], /csv\.h5/],
    ['import', ['frames.jsonl', 'json.h5'], /json\.h5/],
    ['info', ['csv.h5', '--json'], /"frames": 2/],
    ['plot', ['csv.h5', 'csv.svg'], /^$/],
    ['tail', ['csv.h5', '--json'], /"frame":1/],
    ['check', ['csv.h5'], /./],
    ['recover', ['csv.h5'], /./],
    ['concat', ['whole.h5', 'csv.h5'], /./],
    ['cut', ['csv.h5', 'first.h5', '--stop', '1'], /1 of 2 frames/],
    ['cut', ['csv.h5', 'second.h5', '--start', '1'], /1 of 2 frames/],
    ['join', ['joined.h5', 'first.h5', 'second.h5'], /2 frames/],
    ['swap-ids', ['csv.h5', 'swapped.h5', '1', '2'], /2 records of 1 became 2/],
    ['stats', ['csv.h5', '--csv'], /1,fish 1,2,/],
    ['convert', ['csv.h5', 'converted.csv'], /csv/],
    ['export', ['tables', 'csv.h5'], /./],
    ['references', ['csv.json', 'csv.h5'], /./],
    ['virtual', ['virtual.h5', 'first.h5', 'second.h5'], /./],
    ['publish', ['csv.h5', 'published.h5'], /./],
    // It ends with Ctrl-C only; a test below opens its page.
    ['view', ['--help'], /loopback/],
    ['runs', ['runs'], /tank +1 +.* sealed/],
  ]
  test.each(commands)('h5tracks %s %j succeeds', async (command, args, expected) => {
    const { code, all } = await h5tracks(command, ...args)
    expect({ code, all }).toEqual({ code: 0, all: expect.stringMatching(expected) })
  })

  test('h5tracks view serves the page of the package, and ends with SIGINT', async () => {
    const child = spawn(join(directory, 'node_modules/.bin/h5tracks'), ['view', 'csv.h5'], {
      cwd: directory,
      env: plainEnvironment(),
    })
    const ended = once(child, 'close')
    const [url] = await once(child.stdout, 'data')
    for (const path of ['', 'page.js', 'page.css', 'icon.svg', 'file']) {
      expect((await fetch(new URL(path, String(url).trim()))).status).toBe(200)
    }
    child.kill('SIGINT')
    expect((await ended)[0]).toBe(130)
  })

  test('npx h5tracks runs the installed command', async () => {
    const { stdout } = await inDirectory('npx', ['--no-install', 'h5tracks', 'info', 'csv.h5', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ frames: 2 })
  })

  test('the tests above run every command that --help names', async () => {
    const { stdout } = await h5tracks('--help')
    const [, list] = stdout.split('Commands:\n')
    const named = [...list!.matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name)
    expect(named).toEqual([...new Set(commands.map(([command]) => command))].sort())
  })

  test('plot has written a complete SVG file', () => {
    expect(readFileSync(join(directory, 'csv.svg'), 'utf8')).toMatch(/<svg [\s\S]*<title>csv\.h5[\s\S]*<\/svg>\s*$/)
  })

  test('a command that draws nothing loads no drawing package', async () => {
    const bin = JSON.parse(readFileSync(join(directory, 'node_modules/h5tracks/package.json'), 'utf8')).bin.h5tracks
    const bundle = join(directory, 'node_modules/h5tracks', dirname(bin))
    const large = readdirSync(bundle).filter((name) => statSync(join(bundle, name)).size > 300_000)
    expect(large).toHaveLength(1)
    rmSync(join(bundle, large[0]!))
    expect(await h5tracks('info', 'csv.h5')).toMatchObject({ code: 0 })
    expect(await h5tracks('plot', 'csv.h5', 'other.svg')).toMatchObject({
      code: 1,
      all: expect.stringContaining(large[0]!),
    })
  })
})
