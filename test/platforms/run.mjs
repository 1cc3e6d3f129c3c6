// Builds the addon for other platforms and runs smoke.mjs there: npm run test:platforms [-- NAME...]
// It needs Debian and root for what it installs, and a checkout that is built (npm run build:lib). It is not part of npm test, because
// HDF5 is built anew for each platform.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, isInstalled } from '../../scripts/debian.mjs'
import { targets } from './targets.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = join(process.env.H5TRACKS_CACHE ?? join(homedir(), '.cache', 'h5tracks'), 'platforms')

const all = Object.keys(targets)
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no platform ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exit(2)
}

/** @type {(command: string, args: readonly string[], options?: import('node:child_process').SpawnSyncOptions) => void} */
function succeed(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ').slice(0, 200)}: ${error?.message ?? `exit code ${status}`}`)
}

/** @param {readonly string[]} packages */
function install(packages) {
  const missing = packages.filter((name) => !isInstalled(name))
  const run = (/** @type {string} */ command, /** @type {string[]} */ args, /** @type {object} */ env) =>
    succeed(command, args, { env: { ...process.env, ...env } })
  if (missing.length > 0) installPackages(run, missing)
}

/**
 * The program in a package of npm, which may be for another processor or C library.
 *
 * @param {readonly [wanted: string, file: string]} given
 */
function program([wanted, file]) {
  const name = wanted.replace(/@[^@/]+$/, '')
  const directory = join(CACHE, 'npm', name)
  const path = join(directory, 'node_modules', name, file)
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true })
    succeed('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--force', '--prefix', directory, wanted])
  }
  return path
}

/**
 * Builds the addon and returns its path.
 *
 * @param {string} name
 * @param {import('./targets.mjs').Target} target
 */
function build(name, { toolchain }) {
  const directory = join(CACHE, name)
  const include = ['node-api-headers/include', 'node-addon-api']
    .map((path) => join(ROOT, 'node_modules', path))
    .join(';')
  const settings = {
    CMAKE_TOOLCHAIN_FILE: join(ROOT, 'cmake/toolchains', toolchain),
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_LIBRARY_OUTPUT_DIRECTORY: join(directory, 'Release'),
    CMAKE_JS_INC: include,
  }
  const all = Object.entries(settings).map(([key, value]) => `-D${key}=${value}`)
  succeed('cmake', ['-S', ROOT, '-B', directory, '--no-warn-unused-cli', ...all])
  succeed('cmake', ['--build', directory, '--parallel', process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? '2'])
  return join(directory, 'Release', 'h5tracks.node')
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
  const addon = build(name, target)
  smoke(target.command({ ...programs, cache: CACHE }), addon)
}

const failed = []
for (const [name, target] of Object.entries(targets).filter(([name]) => wanted.includes(name))) {
  console.log(`== ${name}: ${target.title}`)
  try {
    buildAndRun(name, target)
  } catch (error) {
    failed.push(name)
    console.error(`${name}: ${error instanceof Error ? error.message : error}`)
  }
}
console.log(
  `${wanted.length - failed.length} passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`,
)
process.exitCode = failed.length > 0 ? 1 : 0
