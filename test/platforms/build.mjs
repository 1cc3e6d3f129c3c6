// Installs what a platform needs, and builds the addon for it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, isInstalled } from '../../scripts/debian.mjs'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const CACHE = join(process.env.H5TRACKS_CACHE ?? join(homedir(), '.cache', 'h5tracks'), 'platforms')

/** @type {(command: string, args: readonly string[], options?: import('node:child_process').SpawnSyncOptions) => void} */
export function succeed(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ').slice(0, 200)}: ${error?.message ?? signal ?? `exit code ${status}`}`)
}

/** @param {readonly string[]} packages of Debian */
export function install(packages) {
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
export function program([wanted, file]) {
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
 * Builds the addon, with warnings as errors, and returns its directory.
 *
 * @param {string} name
 * @param {import('./targets.mjs').Target} target
 * @param {{ zig: string | undefined, nativeTests: boolean }} how `zig`: path of the program, where it compiles
 */
export function build(name, { toolchain, environment }, { zig, nativeTests }) {
  const directory = join(CACHE, name)
  const include = ['node-api-headers/include', 'node-addon-api']
    .map((path) => join(ROOT, 'node_modules', path))
    .join(';')
  const settings = {
    CMAKE_TOOLCHAIN_FILE: join(ROOT, 'cmake/toolchains', toolchain),
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_LIBRARY_OUTPUT_DIRECTORY: join(directory, 'Release'),
    CMAKE_JS_INC: include,
    H5TRACKS_WERROR: 'ON',
    H5TRACKS_NATIVE_TESTS: nativeTests ? 'ON' : 'OFF',
  }
  const env = { ...process.env, ...environment?.(CACHE), ...(zig && { H5TRACKS_ZIG: zig }) }
  const all = Object.entries(settings).map(([key, value]) => `-D${key}=${value}`)
  succeed('cmake', ['-S', ROOT, '-B', directory, '--no-warn-unused-cli', ...all], { env })
  succeed('cmake', ['--build', directory, '--parallel', process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? '2'], { env })
  return join(directory, 'Release')
}
