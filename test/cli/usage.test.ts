import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTrackingResultsSync, TrackingWriter, versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { output, ROOT, run } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { fish, h5tracks, lines, MAIN, start } from './command.js'

// Behaviour that all commands share: help, versions, exit codes, messages, pipes.

test('--version prints the package, the running HDF5 and its linkage, the filters and the codec', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const { code, stdout, stderr } = await h5tracks(['--version'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(new RegExp(`^h5tracks +${version}\n`))
  const { built, running, linked, filters, writableFilters } = versions.hdf5
  expect(stdout).toMatch(new RegExp(`^HDF5 +${running} \\(built against ${built}\\), linked ${linked}$`, 'm'))
  const line = /^filters +(.*)$/m.exec(stdout)![1]!.split(', ')
  expect(line).toEqual(filters.map((name) => (writableFilters.includes(name) ? name : `${name} (read only)`)))
  expect(line).toContain('lzf (read only)')
  expect(stdout).toContain(versions.codec)
  expect(filters).toEqual(expect.arrayContaining(['deflate', 'shuffle']))
})

test.each([
  [[]],
  [['check']],
  [['demo']],
  [['import']],
  [['info']],
  [['plot']],
  [['publish']],
  [['recover']],
  [['runs']],
  [['tail']],
])('h5tracks %j --help prints its usage on standard output', async (command) => {
  const { code, stdout, stderr } = await h5tracks([...command, '--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`Usage: ${['h5tracks', ...command].join(' ')}`)
})

describe('wrong arguments on the command line', () => {
  test.each([
    [[], 'Usage: h5tracks'],
    [['imprt', 'a', 'b'], "unknown command 'imprt'\n(Did you mean import?)"],
    [['import'], "missing required argument 'input'"],
    [['import', '-'], "missing required argument 'output'"],
    [['import', '-', 'o.h5', 'more'], 'too many arguments'],
    [['import', '-', 'o.h5', '--fast'], "unknown option '--fast'"],
    [['import', '-', 'o.h5', '--format', 'xml'], '--format xml is none of h5tracks, '],
    [
      ['import', '-', 'o.h5', '--max-fish', '0'],
      "'--max-fish <n>' argument '0' is invalid. Not an integer of 1 or more.",
    ],
    [['import', '-', 'o.h5', '--fps', 'fast'], "argument 'fast' is invalid. Not a positive number."],
    [['import', '-', 'o.h5', '--chunk-frames', '2.5'], "argument '2.5' is invalid"],
    [['import', '-', 'o.h5', '--frame-offset', 'one'], "argument 'one' is invalid. Not an integer."],
    [['import', '-', 'o.h5', '--cameras', 'a,,b'], 'A name is empty.'],
    [['import', '-', 'o.h5', '--metadata', 'fps'], 'Not of the form name=value.'],
    [['demo', '--seed', '-1'], "argument '-1' is invalid"],
    [['check'], "missing required argument 'file'"],
    [['info', 'a.h5', '--yaml'], "unknown option '--yaml'"],
  ])('h5tracks exits with 2 and writes nothing for the wrong arguments %j', async (args, says) => {
    const { code, stdout, stderr } = await h5tracks(args, { input: '{}' })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('    at ')
  })
})

describe('a command that fails', () => {
  const text = scratch('not.h5')
  test.each([
    [['info', '/no/such/file.h5'], '/no/such/file.h5', 'ENOENT'],
    [['info', ROOT], ROOT, 'EISDIR'],
    [['info', MAIN], MAIN, 'ERR_NOT_HDF5'],
    [['check', '/no/such/file.h5'], '/no/such/file.h5', 'ENOENT'],
    [['check', MAIN], MAIN, 'ERR_NOT_HDF5'],
    [['plot', '/no/such/file.h5', text], '/no/such/file.h5', 'ENOENT'],
    [['import', '/no/such/file.csv', text], '/no/such/file.csv', 'ENOENT'],
    [['import', ROOT, text], ROOT, 'is a directory'],
    [['demo', '/no/such/directory/demo.h5'], '/no/such/directory/demo.h5', 'ENOENT'],
  ])('h5tracks %j exits with 1 and prints one line that names the file and the code', async (args, ...says) => {
    const { code, stderr } = await h5tracks(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^h5tracks: [^\n]*\n$/)
    for (const part of says) expect(stderr).toContain(part)
  })

  test('error messages escape control characters in file names', async () => {
    const { stderr } = await h5tracks(['info', 'no\nsuch\x1b[31mfile'])
    expect(stderr).toMatch(/^h5tracks: [^\n]*no\\nsuch\\u001b\[31mfile[^\n]*\n$/)
  })
})

describe('a closed pipe', () => {
  const tracks = scratch()
  new TrackingWriter(tracks, ['top']).closeSync()

  test('info succeeds when head closes the pipe', async () => {
    const bash = 'set -o pipefail; "$1" "$2" info "$3" | head -n 1'
    expect(await output('bash', ['-c', bash, '-', process.execPath, MAIN, tracks])).toMatch(/^File /)
  })

  test('info succeeds when its output is closed before it writes', async () => {
    const { child, ended } = start(['info', tracks])
    child.stdout.destroy()
    expect(await ended).toEqual({ code: 0, signal: null, stderr: '' })
  })

  test('import runs to its end when its output is closed', async () => {
    const out = scratch()
    const { child, ended } = start(['import', '-', out])
    child.stdout.destroy()
    child.stdin.end(lines({ cameras: ['top', 'front'] }, { frame: 0, tracks: [fish(1)] }, { frame: 1, tracks: [] }))
    expect(await ended).toEqual({ code: 0, signal: null, stderr: '' })
    expect(readTrackingResultsSync(out).frameIndex.shape).toEqual([2])
  })
})

test('import shows progress only on a terminal', async (context) => {
  const source = scratch('frames.jsonl')
  const frames = Array.from({ length: 20_000 }, (_, frame) => ({ frame, tracks: [fish(1)] }))
  const { writeFileSync } = await import('node:fs')
  writeFileSync(source, lines({ cameras: ['top', 'front'] }, ...frames))
  expect((await h5tracks(['import', source, scratch()])).stderr).toBe('')

  // script(1) of util-linux gives a program a terminal.
  if ((await run('script', ['--version']).catch(() => ({ code: 1 }))).code !== 0) context.skip('there is no script(1)')
  const command = [process.execPath, MAIN, 'import', source, scratch()].map((part) => `'${part}'`).join(' ')
  const seen = await output('script', ['-qec', command, '/dev/null'])
  expect(seen).toMatch(/[█░]{30} \d+ % {2}[\d,]+ frames {2}[\d,]+ frames\/s/)
  expect(seen).toMatch(/20,000 frames \(0 to 19999\), 2 cameras/)
})
