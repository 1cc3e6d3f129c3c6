// Builds the addon for other platforms and runs smoke.mjs there: npm run test:platforms [-- [--tests [--file TEST]...] [--kills COUNT] NAME...]
// --tests: also runs tests there, those of the writer, of recovery and of the binding, or those named, or the native ones; --kills: kills
// writers at random moments.
// --addon PATH: runs that addon, for instance a prebuilt one, instead of building one.
// It needs Debian and root for what it installs, and a checkout that is built (npm run build:lib). It is not part of npm test, because
// HDF5 is built anew for each platform.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
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
    file: { type: 'string', multiple: true },
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

/** Whether the kills of test/faults, whose oracle is Python, run there. @param {import('./targets.mjs').Target} target */
const runsFaults = ({ packages, bridge }) => packages !== undefined && !bridge

/**
 * Runs smoke.mjs and, if wanted, kills.mjs.
 *
 * @type {(target: import('./targets.mjs').Target, command: readonly string[], addon: string) => void}
 */
function smoke(target, command, addon) {
  const { environment, path = (same) => same, module = (same) => same } = target
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-platform-'))
  const env = { ...process.env, ...environment?.(CACHE), H5TRACKS_ADDON: path(addon) }
  const run = (/** @type {string} */ program, /** @type {string[]} */ ...args) => {
    const entry = module(join(ROOT, 'dist/library/index.js'))
    const [first = '', ...rest] = [...command, path(join(ROOT, program)), path(directory), entry, ...args]
    succeed(first, rest, { env })
  }
  run('test/platforms/smoke.mjs')
  expectInH5py(join(directory, 'written.h5'))
  if (values.kills !== '0' && !runsFaults(target)) run('test/platforms/kills.mjs', values.kills)
  rmSync(directory, { recursive: true })
}

/**
 * Starts the server of Python behind a port, and returns what the tests need to know, and what ends it.
 *
 * @returns {Promise<{ env: Record<string, string>, end: () => void }>}
 */
async function startBridge() {
  const bridge = spawn(process.execPath, [join(ROOT, 'test/platforms/python-bridge.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = await once(bridge.stdout, 'data')
  const env = { H5TRACKS_TEST_PYTHON: '/usr/bin/python3', H5TRACKS_TEST_PYTHON_SERVER: String(port).trim() }
  return { env, end: () => bridge.stdin.end() }
}

/** @type {(name: string, target: import('./targets.mjs').Target, command: readonly string[], addon: string) => Promise<void>} */
async function tests(name, target, command, addon) {
  const { environment, path = (same) => same, packages = [], bridge } = target
  const cwd = checkout(join(CACHE, `${name}-checkout`), packages)
  const python = bridge ? await startBridge() : undefined
  // An emulated processor is slow.
  const patience = { H5TRACKS_TEST_HANG_MS: '600000' }
  const env = { ...process.env, ...environment?.(CACHE), ...python?.env, ...patience, H5TRACKS_ADDON: path(addon) }
  const run = (/** @type {string[]} */ ...args) => {
    const [first = '', ...rest] = [...command, ...args]
    succeed(first, rest, { cwd, env })
  }
  try {
    if (values.kills !== '0' && runsFaults(target))
      run('test/faults/kills.mjs', '--count', values.kills, '--delay', '20000')
    const files = values.file ?? TESTS
    if (values.tests) run('node_modules/vitest/vitest.mjs', 'run', '--project', 'bundled', ...files)
  } finally {
    python?.end()
  }
}

/** @type {(name: string, target: import('./targets.mjs').Target) => Promise<void>} */
async function buildAndRun(name, target) {
  install(target.debian)
  target.prepare?.(CACHE)
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
  smoke(target, command, addon)
  if (values.tests ? target.packages : values.kills !== '0' && runsFaults(target))
    await tests(name, target, command, addon)
}

const failed = []
for (const name of all.filter((name) => wanted.includes(name))) {
  const target = targets[name]
  console.log(`== ${name}: ${target?.title ?? 'compiled only, for arm64 and x64'}`)
  try {
    if (target) await buildAndRun(name, target)
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
