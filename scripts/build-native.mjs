// Builds the addon: configures, since a switch may have changed, then builds.
//   node scripts/build-native.mjs [--out DIR] [-DNAME=value ...]
// The addon is then DIR/Release/h5tracks.node; DIR is build/ by default. A checkout builds with cmake-js. An
// installed package does not bring cmake-js and calls CMake itself, with the same directories and generator.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, parse, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'build' },
    define: { type: 'string', short: 'D', multiple: true, default: [] },
  },
})
// Each toolchain has a directory of its own.
const toolchain = process.env.H5TRACKS_TOOLCHAIN
if (toolchain) values.define.push(`CMAKE_TOOLCHAIN_FILE=${resolve(toolchain)}`)
const out = resolve(root, toolchain ? `${values.out}-${parse(toolchain).name}` : values.out)
const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(availableParallelism())

// cmake-js of this checkout, not one that another package of the user's project brought.
const cmakeJs = join(root, 'node_modules/cmake-js/bin/cmake-js')
for (const [command, ...args] of existsSync(cmakeJs) ? withCmakeJs() : withCmake()) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root })
  if (status === 0) continue
  const step = args.find((arg) => !arg.startsWith('/')) ?? ''
  console.error(`h5tracks: the native build failed at ${step} (${error?.message ?? signal ?? `exit code ${status}`}).`)
  process.exit(1)
}

function withCmakeJs() {
  const common = ['--directory', root, '--out', out]
  return [
    [process.execPath, cmakeJs, 'configure', ...common, ...values.define.map((define) => `--CD${define}`)],
    [process.execPath, cmakeJs, 'build', ...common, '--parallel', jobs],
  ]
}

function withCmake() {
  const defines = [
    'CMAKE_BUILD_TYPE=Release',
    `CMAKE_LIBRARY_OUTPUT_DIRECTORY=${join(out, 'Release')}`,
    // As cmake-js defines it: with equal flags a compiler cache serves both ways.
    `CMAKE_CXX_FLAGS=${`${process.env.CXXFLAGS ?? ''} -DBUILDING_NODE_EXTENSION`.trim()}`,
  ]
  if (process.platform === 'darwin') {
    defines.push(`CMAKE_OSX_ARCHITECTURES=${process.arch === 'x64' ? 'x86_64' : process.arch}`)
  }
  const all = [...defines, ...values.define].map((define) => `-D${define}`)
  return [
    ['cmake', '-S', root, '-B', out, '--no-warn-unused-cli', ...generator(), ...all],
    ['cmake', '--build', out, '--parallel', jobs],
  ]
}

/** A directory that is configured already keeps its generator. */
function generator() {
  if (process.env.CMAKE_GENERATOR || existsSync(join(out, 'CMakeCache.txt'))) return []
  const ninja = spawnSync('ninja', ['--version'], { stdio: 'ignore' }).status === 0
  return ['-G', ninja ? 'Ninja' : 'Unix Makefiles']
}
