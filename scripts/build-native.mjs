// Builds the addon through cmake-js: configures, since a switch may have changed, then builds.
//   node scripts/build-native.mjs [--out DIR] [-DNAME=value ...]
// The addon is then DIR/Release/h5tracks.node; DIR is build/ by default.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'build' },
    define: { type: 'string', short: 'D', multiple: true, default: [] },
  },
})

const manifest = createRequire(import.meta.url).resolve('cmake-js/package.json')
const cmakeJs = join(dirname(manifest), 'bin', 'cmake-js')
const common = ['--directory', root, '--out', resolve(root, values.out)]
const defines = values.define.map((define) => `--CD${define}`)
const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(availableParallelism())
for (const step of [
  ['configure', ...common, ...defines],
  ['build', ...common, '--parallel', jobs],
]) {
  const { status, signal, error } = spawnSync(process.execPath, [cmakeJs, ...step], { stdio: 'inherit', cwd: root })
  if (error) throw error
  if (status !== 0) {
    console.error(`h5tracks: the native build failed at cmake-js ${step[0]} (${signal ?? `exit code ${status}`}).`)
    process.exit(1)
  }
}
