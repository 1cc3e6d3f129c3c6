// Builds the addon for other platforms and runs smoke.mjs there: npm run test:platforms [-- [--tests] [--kills COUNT] NAME...]
// --tests: also runs tests there, those of the writer, of recovery and of the binding, or the native ones; --kills: kills writers at
// random moments.
// --addon PATH: runs that addon, for instance a prebuilt one, instead of building one.
// It needs Debian and root for what it installs, and a checkout that is built (npm run build:lib). It is not part of npm test, because
// HDF5 is built anew for each platform.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, CACHE, install, program, ROOT, succeed } from './build.mjs'
import { checkout } from './checkout.mjs'
import { compileForMac } from './macos.mjs'
import { expectGlibc } from './symbols.mjs'
import { targets, zig } from './targets.mjs'

const TESTS = ['test/tracking', 'test/recovery', 'test/hdf5', 'test/frames/recovery']

const { values, positionals } = parseArgs({
  options: {
    tests: { type: 'boolean', default: false },
    kills: { type: 'string', default: '0' },
    addon: { type: 'string' },
  },
  allowPositionals: true,
})
const all = [...Object.keys(targets), 'macos']
const wanted = positionals.length > 0 ? positionals : all
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no platform ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exit(2)
}

/**
 * Reads the file that the platform wrote with h5py on this machine.
 *
 * @param {string} path
 */
function expectInH5py(path) {
  const code = `import h5py, numpy
with h5py.File('${path}') as f:
    g = f['tracking']
    assert (g['frame_index'][:] == numpy.arange(25)).all()
    assert (g['centroid_3d'][:, 0, 0] == numpy.arange(25)).all()
    assert (g['bboxes/a'][:, 0, 3] == numpy.arange(25)).all()
print('smoke: h5py reads the file')`
  succeed('/usr/bin/python3', ['-c', code])
}

/** @type {(command: readonly string[], addon: string) => void} */
function smoke(command, addon) {
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-platform-'))
  const program = join(ROOT, 'test/platforms/smoke.mjs')
  const [first = '', ...rest] = [...command, program, directory, join(ROOT, 'dist/library/index.js')]
  succeed(first, rest, { env: { ...process.env, H5TRACKS_ADDON: addon } })
  expectInH5py(join(directory, 'written.h5'))
  rmSync(directory, { recursive: true })
}

/** @type {(name: string, target: import('./targets.mjs').Target) => void} */
function buildAndRun(name, target) {
  install(target.debian)
  const programs = Object.fromEntries(Object.entries(target.npm).map(([key, one]) => [key, program(one)]))
  const nativeTests = values.tests && target.nativeTests === true
  const directory = values.addon ? '' : build(name, target, { zig: programs.zig, nativeTests })
  const addon = values.addon ? resolve(values.addon) : join(directory, 'h5tracks.node')
  if (target.newestGlibc) expectGlibc(addon, target.newestGlibc)
  if (nativeTests && !values.addon) {
    for (const test of readdirSync(directory).filter((file) => file.endsWith('_test'))) {
      succeed(join(directory, test), [])
      console.log(`native test: ${test} passed`)
    }
  }
  const command = target.command({ ...programs, cache: CACHE })
  smoke(command, addon)
  if (target.cpu && (values.tests || values.kills !== '0')) {
    const cwd = checkout(join(CACHE, `${name}-checkout`), target.cpu)
    const run = (/** @type {string[]} */ ...args) => {
      const [first = '', ...rest] = [...command, ...args]
      succeed(first, rest, { cwd, env: { ...process.env, H5TRACKS_ADDON: addon } })
    }
    if (values.kills !== '0') run('test/faults/kills.mjs', '--count', values.kills)
    if (values.tests) run('node_modules/vitest/vitest.mjs', 'run', '--project', 'bundled', ...TESTS)
  }
}

const failed = []
for (const name of all.filter((name) => wanted.includes(name))) {
  const target = targets[name]
  console.log(`== ${name}: ${target?.title ?? 'compiled only, for arm64 and x64'}`)
  try {
    if (target) buildAndRun(name, target)
    else compileForMac(zig)
  } catch (error) {
    failed.push(name)
    console.error(`${name}: ${error instanceof Error ? error.message : error}`)
  }
}
console.log(
  `${wanted.length - failed.length} passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`,
)
process.exitCode = failed.length > 0 ? 1 : 0
