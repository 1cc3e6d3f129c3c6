import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packed } from './packed.js'
import { buildEnvironment, plainEnvironment, run, temporary } from './support.js'

// The install script uses a prebuilt addon, builds one, or prints what is missing.

let project: string
let installed: string
beforeEach(() => {
  project = temporary('install')
  cpSync(packed().project, project, { recursive: true, verbatimSymlinks: true })
  installed = join(project, 'node_modules/h5tracks')
})
afterEach(() => rmSync(project, { recursive: true }))

/** A PATH that contains only node: no compiler, no CMake. */
function onlyNode(): string {
  const bin = join(project, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  return bin
}

const install = (env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, ['scripts/install.mjs'], { cwd: installed, env: buildEnvironment(installed, env) })

function spoilPrebuilt() {
  const [platform] = readdirSync(join(installed, 'prebuilds'))
  const [file] = readdirSync(join(installed, 'prebuilds', platform!))
  writeFileSync(join(installed, 'prebuilds', platform!, file!), 'not a shared object')
}

test('the install script does nothing and prints nothing when the prebuilt addon loads', async () => {
  expect(await install({ PATH: onlyNode() })).toMatchObject({ code: 0, all: '' })
})

test('the install script lists the missing build tools when there is no prebuilt addon', async () => {
  rmSync(join(installed, 'prebuilds'), { recursive: true })
  const { code, all } = await install({ PATH: onlyNode() })
  expect(code).toBe(1)
  expect(all).toContain(`no prebuilt addon for ${process.platform}-${process.arch}; to build it, this is missing:`)
  for (const missing of [
    'CMake (cmake)',
    'a C compiler (cc)',
    'a C++17 compiler (c++)',
    'make or ninja',
    'apt-get install',
  ]) {
    expect(all).toContain(missing)
  }
})

test('the install script prints why a prebuilt addon does not load', async () => {
  spoilPrebuilt()
  const { code, all } = await install({ PATH: onlyNode() })
  expect(code).toBe(1)
  expect(all).toMatch(/the prebuilt addon does not load \(Error: .*(file too short|invalid ELF header)/)
})

const use = () => run(process.execPath, ['-e', `import('h5tracks')`], { cwd: project, env: plainEnvironment() })

test('importing h5tracks without an addon fails with the command to run', async () => {
  rmSync(join(installed, 'prebuilds'), { recursive: true })
  const { code, all } = await use()
  expect(code).toBe(1)
  expect(all).toMatch(
    /H5TracksError: h5tracks has no addon for \w+-\w+ in \S*node_modules\/h5tracks\/: .*--ignore-scripts/,
  )
  const [, script] = /Run: node (".*install\.mjs")/.exec(all)!
  const installing = await run(process.execPath, [JSON.parse(script!)], { env: plainEnvironment({ PATH: onlyNode() }) })
  expect(installing.all).toContain('to build it, this is missing')
  const cli = await run(process.execPath, [join(project, 'node_modules/.bin/h5tracks'), 'info', 'x.h5'], {
    cwd: project,
  })
  expect(cli).toMatchObject({
    code: 1,
    all: expect.stringMatching(/^h5tracks: h5tracks has no addon .*\[ERR_NO_ADDON\]\n$/),
  })
})

test('importing h5tracks with an addon that does not load fails with the reason and the command to run', async () => {
  spoilPrebuilt()
  const { code, all } = await use()
  expect(code).toBe(1)
  expect(all).toMatch(
    /H5TracksError: the addon of h5tracks does not load on this .*(file too short|invalid ELF header)/,
  )
  expect(all).toMatch(/run: npm_config_build_from_source=h5tracks node ".*scripts\/install\.mjs"/)
  expect(all).toContain("code: 'ERR_NO_ADDON'")
})

test('the install script never builds with PREBUILDS_ONLY=1', async () => {
  spoilPrebuilt()
  const { code, all } = await install({ PREBUILDS_ONLY: '1' })
  expect(code).toBe(1)
  expect(all).toContain('PREBUILDS_ONLY forbids building one')
  expect(readdirSync(installed)).not.toContain('build')
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
