// Builds the programs of the benchmark from this tree into build-bench/: the addon as it ships, and the C++ programs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const ADDON = `${ROOT}build-bench/Release/h5tracks.node`
export const FLOOR = `${ROOT}build-bench/Release/floor`
export const DECODER = `${ROOT}build-bench/Release/decoder`
export const LIMITS = `${ROOT}build-bench/Release/limits`
export const CLI = `${ROOT}dist/command/h5tracks.js`

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status === 0) return
  console.error(stdout, stderr)
  throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `exit code ${status}`}`)
}

export function build() {
  if (!existsSync(`${ROOT}node_modules`)) run('npm', ['ci'])
  run('npm', ['run', 'build:lib'])
  run('npm', ['run', 'build:command'])
  run(process.execPath, ['scripts/build-native.mjs', '--out', 'build-bench', '-DH5TRACKS_BENCH=ON'])
}
