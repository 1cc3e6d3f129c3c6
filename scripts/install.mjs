// The install script of the package: does nothing if the prebuilt addon of this platform loads, and otherwise builds the addon
// from the sources in the package, or says in one sentence what to install. docs/building.md lists the switches.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const again = `node ${JSON.stringify(fileURLToPath(import.meta.url))}`
const { env, platform } = process

function fail(message) {
  console.error(`h5tracks: ${message}`)
  process.exit(1)
}

/** Why no prebuilt addon loads, and what to do if nothing is to be built, or undefined. Another process tries it, because it may crash. */
function problemOfPrebuilt() {
  const library = new URL('../dist/library/addon.js', import.meta.url)
  if (!existsSync(library)) return { reason: 'a checkout has no prebuilt addon' }
  const code = `import { problemOfPrebuilt } from '${library}'; console.log(JSON.stringify(problemOfPrebuilt() ?? null))`
  const { status, signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  })
  if (status === 0) return JSON.parse(stdout) ?? undefined
  return { reason: `the prebuilt addon crashes when it is loaded (${signal ?? `exit code ${status}`})` }
}

// A switch that changes the build requires a build.
const asked = ['H5TRACKS_HDF5', 'H5TRACKS_HDF5_SOURCE', 'H5TRACKS_SANITIZE'].some((name) => env[name])
const flagged = process.argv.includes('--build-from-source')
const fromSource = flagged || asked || ['true', 'h5tracks'].includes(env.npm_config_build_from_source)
const problem =
  fromSource && !env.PREBUILDS_ONLY ? { reason: 'a build from source was asked for' } : problemOfPrebuilt()
if (problem === undefined) process.exit(0)
const { reason, remedy } = problem
if (env.PREBUILDS_ONLY)
  fail(`${reason}, and PREBUILDS_ONLY forbids to build one: ${remedy ?? `unset it and run ${again}`}`)

const runs = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0
const firstWord = (command) => command.trim().split(/\s+/)[0]
const missing = [
  ['CMake', 'cmake'],
  ['a C compiler', firstWord(env.CC ?? 'cc')],
  ['a C++17 compiler', firstWord(env.CXX ?? 'c++')],
  ['make or ninja', 'make', 'ninja'],
].filter(([, ...commands]) => !commands.some(runs))

/** The command that installs what a build needs. */
function installingTools() {
  if (platform === 'darwin') return 'xcode-select --install && brew install cmake'
  const managers = {
    '/usr/bin/apt-get': 'apt-get install cmake g++ make',
    '/sbin/apk': 'apk add cmake g++ make linux-headers',
    '/usr/bin/dnf': 'dnf install cmake gcc-c++ make',
    '/usr/bin/zypper': 'zypper install cmake gcc-c++ make',
    '/usr/bin/pacman': 'pacman -S cmake gcc make',
    '/usr/bin/xbps-install': 'xbps-install cmake gcc make',
  }
  const [, command] = Object.entries(managers).find(([path]) => existsSync(path)) ?? []
  return command
}

if (missing.length > 0) {
  const tools = installingTools()
  const build = `${tools ? `run ${tools}` : 'install that'}, then ${again}`
  fail(`${reason}, and a build needs ${missing.map(([what]) => what).join(', ')}: ${remedy ?? build}`)
}

console.error(`h5tracks: ${reason}; building it, which takes minutes.`)
const { status } = spawnSync(process.execPath, ['scripts/build-native.mjs'], { cwd: root, stdio: 'inherit' })
if (status !== 0)
  fail('the addon could not be built; the reason stands above, and docs/building.md lists the switches.')
