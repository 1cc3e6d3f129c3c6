import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { packed } from './packed.js'
import { bun, deno, here } from './runtimes.js'
import { plainEnvironment, run } from './support.js'

// musl is told apart from glibc by the loader that the program names, without another process and without /etc/alpine-release.

const GLIBC = '/lib64/ld-linux-x86-64.so.2'
// A name for glibc's loader that is musl's and not longer.
const directory = mkdtempSync('/tmp/')
const MUSL = join(directory, 'ld-musl-x.so.1')
if (here) symlinkSync(GLIBC, MUSL)
afterAll(() => rmSync(directory, { recursive: true }))

/** The program with the loader of musl in place of glibc's, so that it is a program for musl to everyone who reads it. */
function forMusl(binary: string): string {
  const program = readFileSync(binary)
  const at = program.indexOf(`${GLIBC}\0`)
  expect(at).toBeGreaterThan(0)
  program.write(MUSL.padEnd(GLIBC.length, '\0'), at, 'latin1')
  const path = join(directory, 'program')
  writeFileSync(path, program)
  chmodSync(path, 0o755)
  return path
}

const script = join(packed().project, 'c-library.mjs')
writeFileSync(
  script,
  `import('h5tracks').then(({ versions }) => console.log('HDF5', versions.hdf5.running), ({ message }) => console.log(message))`,
)
const load = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(command, [...args, script], { env: plainEnvironment({ PREBUILDS_ONLY: '1', ...env }) })

const loaded = { code: 0, all: expect.stringMatching(/^HDF5 1\.14\.\d+\n$/) }
const forMuslWanted = {
  code: 0,
  all: expect.stringMatching(/^h5tracks cannot start, because .* Linux x64 with musl: .*\n$/),
}

describe.skipIf(!here)('the C library', () => {
  test.each([
    ['Node', async () => process.execPath, []],
    ['Bun', bun, []],
    ['Deno', deno, ['run', '--allow-all']],
  ] as const)('%s for glibc loads the addon for glibc, and for musl asks for that of musl', async (_, binary, args) => {
    expect(existsSync('/etc/alpine-release')).toBe(false)
    const program = await binary()
    expect(await load(program, args)).toMatchObject(loaded)
    expect(await load(forMusl(program), args)).toMatchObject(forMuslWanted)
  })

  test('Node that is started through the loader, which names no other, loads the addon for glibc', async () => {
    expect(await load(GLIBC, [process.execPath])).toMatchObject(loaded)
  })

  test('the variable LIBC decides, as for node-gyp-build', async () => {
    expect(await load(process.execPath, [], { LIBC: 'musl' })).toMatchObject(forMuslWanted)
    expect(await load(forMusl(process.execPath), [], { LIBC: 'glibc' })).toMatchObject(loaded)
  })
})
