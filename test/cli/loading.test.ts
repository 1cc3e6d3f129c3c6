import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, run } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Which packages are loaded when. Each test copies the compiled library into a directory that contains only the given
// packages; loading any other package fails.

function install(...packages: string[]) {
  const directory = dirname(scratch())
  cpSync(join(ROOT, 'dist'), join(directory, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(directory, 'package.json'))
  mkdirSync(join(directory, 'node_modules'))
  // The library itself needs munkres, the tracker's assignment solver.
  for (const name of ['munkres', ...packages])
    symlinkSync(join(ROOT, 'node_modules', name), join(directory, 'node_modules', name))
  const addon = process.env.H5TRACKS_ADDON ?? join(ROOT, 'build/Release/h5tracks.node')
  return (...args: string[]) => run(process.execPath, args, { cwd: directory, env: { H5TRACKS_ADDON: addon } })
}

test('importing the library loads no package of the command line or of the pictures', async () => {
  const node = install()
  const script = `import { TrackingWriter, readTrackingResults } from 'h5tracks'
    new TrackingWriter('fish.h5', ['top']).closeSync()
    console.log((await readTrackingResults('fish.h5')).cameraNames)`
  expect(await node('--input-type=module', '--eval', script)).toEqual({
    code: 0,
    signal: null,
    stdout: "[ 'top' ]\n",
    stderr: '',
  })
})

describe('packages that a command loads', () => {
  test('--version, --help, info and check load only the argument parser', async () => {
    const node = install('commander')
    const write = `new (await import('h5tracks')).TrackingWriter('fish.h5', []).closeSync()`
    expect(await node('--input-type=module', '--eval', write)).toMatchObject({ code: 0 })
    for (const args of [
      ['--version'],
      ['--help'],
      ['info', 'fish.h5'],
      ['info', 'fish.h5', '--json'],
      ['check', 'fish.h5'],
    ]) {
      expect(await node('dist/cli/main.js', ...args)).toMatchObject({ code: 0, stderr: '' })
    }
  })

  test('import of JSON lines loads no CSV parser and no plotting package', async () => {
    const node = install(
      'commander',
      'cli-progress',
      'string-width',
      'strip-ansi',
      'ansi-regex',
      'emoji-regex',
      'is-fullwidth-code-point',
    )
    const header = `require('node:fs').writeFileSync('frames', '{"cameras":["top"]}\\n{"frame":0,"tracks":[]}\\n')`
    expect(await node('--eval', header)).toMatchObject({ code: 0 })
    expect(await node('dist/cli/main.js', 'import', 'frames', 'fish.h5')).toMatchObject({ code: 0, stderr: '' })
  })

  test('demo fails without the plotting package, which shows that these tests can fail', async () => {
    const { code, stderr } = await install('commander')('dist/cli/main.js', 'demo')
    expect(code).toBe(1)
    expect(stderr).toMatch(/Cannot find package '(linkedom|@observablehq\/plot)'/)
  })
})
