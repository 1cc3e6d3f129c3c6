// The install script of the package: uses the prebuilt addon for this platform if there is one that loads, and otherwise builds
// the addon from the sources in the package. docs/building.md lists the switches.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { env } = process

function fail(message) {
  console.error(`h5tracks: ${message}`)
  process.exit(1)
}

/** Loads the prebuilt addon in a separate process; returns the reason why it does not load, or null. */
function prebuiltProblem() {
  const { status, stderr } = spawnSync(process.execPath, ['-e', "require('node-gyp-build')(process.cwd())"], {
    cwd: root,
    env: { ...env, PREBUILDS_ONLY: '1' },
    encoding: 'utf8',
  })
  if (status === 0) return null
  if (/No native build was found/.test(stderr)) return `no prebuilt addon for ${process.platform}-${process.arch}`
  return `the prebuilt addon does not load (${/Error: .*/.exec(stderr)?.[0] ?? `status ${status}`})`
}

// A switch that changes the build requires a build.
const asked = ['H5TRACKS_HDF5', 'H5TRACKS_HDF5_SOURCE', 'H5TRACKS_SANITIZE'].find((name) => env[name])
const fromSource = ['true', 'h5tracks'].includes(env.npm_config_build_from_source) || asked !== undefined
const reason = fromSource && !env.PREBUILDS_ONLY ? 'a build from source was asked for' : prebuiltProblem()
if (reason === null) process.exit(0)
if (env.PREBUILDS_ONLY) fail(`${reason}, and PREBUILDS_ONLY forbids building one.`)

const runs = (command) => spawnSync(command.split(' ')[0], ['--version'], { stdio: 'ignore' }).status === 0
const missing = [
  ['CMake (cmake)', 'cmake'],
  [`a C compiler (${env.CC ?? 'cc'})`, env.CC ?? 'cc'],
  [`a C++17 compiler (${env.CXX ?? 'c++'})`, env.CXX ?? 'c++'],
  ['make or ninja', 'make', 'ninja'],
].filter(([, ...commands]) => !commands.some(runs))
if (missing.length > 0) {
  fail(`${reason}; to build it, this is missing: ${missing.map(([what]) => what).join(', ')}.
  Debian, Ubuntu:  apt-get install cmake g++ make
  Fedora, RHEL:    dnf install cmake gcc-c++ make
  macOS:           xcode-select --install; brew install cmake`)
}

console.error(`h5tracks: ${reason}; building it.`)
const { status } = spawnSync(process.execPath, ['scripts/build-native.mjs'], { cwd: root, stdio: 'inherit' })
if (status !== 0) fail('the addon could not be built; the reason stands above. docs/building.md tells the switches.')
