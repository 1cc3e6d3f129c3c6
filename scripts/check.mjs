// `npm run check`: the loop of a change. Builds, checks format, lint and types, and runs the tests of the library against the
// bundled HDF5. Installs nothing. What it leaves out (the command line, crashes, hostile files, other programs, the system's
// HDF5, the package) `npm test` runs.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compilerCache } from './compiler-cache.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const env = { ...process.env, ...compilerCache(process.cwd()) }
const TESTED = ['identity', 'tracking', 'hdf5', 'h5wasm', 'docs'].map((folder) => `test/${folder}/`)

for (const [command, ...args] of [
  ['npm', 'run', 'build:lib'],
  ['npm', 'run', 'build:command'],
  ['npm', 'run', 'build:native'],
  ['npm', 'run', 'lint'],
  ['npm', 'run', 'types'],
  ['npx', 'vitest', 'run', '--project', 'bundled', ...TESTED],
]) {
  console.log(`\n> ${[command, ...args].join(' ')}`)
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env })
  if (status !== 0) {
    console.error(`\ncheck: ${[command, ...args].join(' ')} failed`)
    process.exit(1)
  }
}
