import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ownTarget } from '../../scripts/targets.mjs'
import { packed, prebuilt } from './packed.js'
import { buildEnvironment, type Ended, plainEnvironment, ROOT, run, succeed, temporary } from './support.js'

// The install script uses a prebuilt addon, builds one, or says in one sentence what to do.

const project = temporary('install')
const installed = join(project, 'node_modules/h5tracks')
beforeAll(() => cpSync(packed().project, project, { recursive: true, verbatimSymlinks: true }))
afterAll(() => rmSync(project, { recursive: true }))

// What the tests change is as it was installed.
beforeEach(() => {
  for (const made of [
    'bin',
    'node_modules/@h5tracks',
    'node_modules/h5tracks/build',
    'node_modules/h5tracks/prebuilds',
  ]) {
    rmSync(join(project, made), { recursive: true, force: true })
  }
  for (const name of ['@h5tracks', 'h5tracks/package.json']) {
    cpSync(join(packed().project, 'node_modules', name), join(project, 'node_modules', name), { recursive: true })
  }
})

/** A PATH that contains only node: no compiler, no CMake. */
function onlyNode(): string {
  const bin = join(project, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  return bin
}

const install = (env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, ['scripts/install.mjs'], { cwd: installed, env: buildEnvironment(installed, env) })

const spoilPrebuilt = () => writeFileSync(prebuilt(project), 'not a shared object')
const removePrebuilt = () => rmSync(join(project, 'node_modules/@h5tracks'), { recursive: true })

/** As the package is where no addon is published for. */
function removeTarget() {
  removePrebuilt()
  const file = join(installed, 'package.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), optionalDependencies: {} }))
}

/** The message of a program that failed with one line. */
function sentenceOf({ code, all }: Ended, pattern = /^h5tracks: (.*)\n$/): string {
  expect({ code, all }).toEqual({ code: 1, all: expect.stringMatching(pattern) })
  return pattern.exec(all)![1]!
}

const script = () => JSON.stringify(join(installed, 'scripts/install.mjs'))
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const title = `Linux ${process.arch} with glibc`
const wanted = `@h5tracks/${ownTarget()}@${version}`

/** What `import 'h5tracks'` says, and the command line. */
async function sentenceOfImport(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const use = { cwd: project, env: plainEnvironment(env) }
  const { code, all } = await run(process.execPath, ['-e', `import('h5tracks')`], use)
  expect(code).toBe(1)
  expect(all).toContain("code: 'ERR_NO_ADDON'")
  const [, message] = /^(?:Uncaught )?H5TracksError: (.*)$/m.exec(all)!
  const cli = await run(process.execPath, [join(project, 'node_modules/.bin/h5tracks'), 'info', 'x.h5'], use)
  expect(sentenceOf(cli)).toBe(`${message} [ERR_NO_ADDON]`)
  return message!
}

test('the install script does nothing and prints nothing when the prebuilt addon loads', async () => {
  expect(await install({ PATH: onlyNode() })).toMatchObject({ code: 0, all: '' })
})

test('without the package of the addon, install and import say in one sentence which command installs it', async () => {
  removePrebuilt()
  const reason = `the package of the addon for ${title}, ${wanted}, is not installed`
  const remedy = `run npm install --no-save ${wanted}`
  const needs = 'CMake, a C compiler, a C++17 compiler, make or ninja'
  expect(sentenceOf(await install({ PATH: onlyNode() }))).toBe(`${reason}, and a build needs ${needs}: ${remedy}`)
  expect(await sentenceOfImport()).toBe(`h5tracks cannot start, because ${reason}: ${remedy}`)
})

test('the package of the addon of another version of h5tracks is not used', async () => {
  const file = join(project, 'node_modules/@h5tracks', ownTarget(), 'package.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version: '0.0.1' }))
  expect(await sentenceOfImport()).toContain(`${wanted}, is not installed: run npm install --no-save ${wanted}`)
})

test('where no addon is published for, install and import say in one sentence what to install and run', async () => {
  removeTarget()
  const reason = `there is no prebuilt addon for ${title}`
  const needs = 'CMake, a C compiler, a C++17 compiler, make or ninja'
  expect(sentenceOf(await install({ PATH: onlyNode() }))).toBe(
    `${reason}, and a build needs ${needs}: run apt-get install cmake g++ make, then node ${script()}`,
  )
  expect(await sentenceOfImport()).toBe(`h5tracks cannot start, because ${reason}: run node ${script()}`)
})

test.each([
  [
    'darwin',
    'arm64',
    'macOS arm64',
    'run xcode-select --install && brew install cmake, then node SCRIPT',
    'run node SCRIPT',
  ],
  ['win32', 'x64', 'Windows x64', 'make one on Linux with npm run prebuild -- win32-x64', undefined],
  ['win32', 'arm64', 'Windows arm64', 'run it in the x64 version of Node.js', undefined],
  [
    'linux',
    'riscv64',
    'Linux riscv64 with glibc',
    'run apt-get install cmake g++ make, then node SCRIPT',
    'run node SCRIPT',
  ],
  ['freebsd', 'x64', 'freebsd x64', 'run apt-get install cmake g++ make, then node SCRIPT', 'run node SCRIPT'],
] as const)(
  'install and import say in one sentence what to do on %s %s',
  async (platform, arch, name, toInstall, toImport) => {
    removeTarget()
    const pretend = join(project, 'pretend.cjs')
    const values = { platform: { value: platform }, arch: { value: arch } }
    writeFileSync(pretend, `Object.defineProperties(process, ${JSON.stringify(values)})`)
    const env = { NODE_OPTIONS: `--require=${pretend}` }
    const reason = `there is no prebuilt addon for ${name}`
    const said = sentenceOf(await install({ ...env, PATH: onlyNode() }))
    expect(said).toMatch(new RegExp(`^${reason}, and a build needs `))
    expect(said).toContain(`: ${toInstall.replace('SCRIPT', script())}`)
    const remedy = (toImport ?? toInstall).replace('SCRIPT', script())
    expect(await sentenceOfImport(env)).toBe(`h5tracks cannot start, because ${reason}: ${remedy}`)
  },
)

test('install and import say in one sentence why an addon does not load, and how to build one that does', async () => {
  spoilPrebuilt()
  const reason = /the addon does not load on Linux \w+ with glibc \(.*(file too short|invalid ELF header)\)/
  expect(sentenceOf(await install({ PATH: onlyNode() }))).toMatch(reason)
  const message = await sentenceOfImport()
  expect(message).toMatch(reason)
  expect(message).toContain(`: run node ${script()} --build-from-source`)
})

test('the install script says that an addon crashes when it is loaded', async () => {
  const source = join(project, 'crash.c')
  writeFileSync(source, '__attribute__((constructor)) static void crash(void) { __builtin_trap(); }')
  await succeed('gcc', ['-shared', '-o', prebuilt(project), source])
  expect(sentenceOf(await install({ PATH: onlyNode() }))).toMatch(
    /^the prebuilt addon crashes when it is loaded \(SIG\w+\), and a build needs /,
  )
})

test('the install script never builds with PREBUILDS_ONLY=1', async () => {
  spoilPrebuilt()
  expect(sentenceOf(await install({ PREBUILDS_ONLY: '1' }))).toMatch(
    /, and PREBUILDS_ONLY forbids to build one: unset it and run node /,
  )
  expect(readdirSync(installed)).not.toContain('build')
})

test('an addon in prebuilds/ of the package itself is used, as of a tarball that was packed with it', async () => {
  cpSync(join(project, 'node_modules/@h5tracks'), join(installed, 'prebuilds'), { recursive: true })
  removePrebuilt()
  expect(await install({ PATH: onlyNode() })).toMatchObject({ code: 0, all: '' })
  await succeed(process.execPath, ['-e', `import('h5tracks')`], { cwd: project, env: plainEnvironment() })
})

test.each([{ npm_config_build_from_source: 'true' }, { H5TRACKS_HDF5: 'system' }])(
  'the install script builds from the package with %j',
  async (env) => {
    const { code, all } = await install(env)
    expect(code, all).toBe(0)
    expect(all).toContain('a build from source was asked for')
    expect(readdirSync(join(installed, 'build/Release'))).toContain('h5tracks.node')
    const linked = `import('h5tracks').then(({ versions }) => console.log(JSON.stringify(versions)))`
    const { stdout } = await run(process.execPath, ['-e', linked], { cwd: project, env: plainEnvironment() })
    expect(stdout).toContain('H5TRACKS_HDF5' in env ? 'shared' : 'static')
  },
)
