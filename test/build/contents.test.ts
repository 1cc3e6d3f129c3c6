import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packed } from './packed.js'
import { ROOT, succeed } from './support.js'

// The contents of the packed package: the code that runs, the sources to build it from, and the licence notices.

const files = async () => (await succeed('tar', ['tzf', packed().tarball])).stdout.split('\n').filter(Boolean)
const installed = (path: string) => join(packed().project, 'node_modules/h5tracks', path)

test('the package contains the library, the command line, the addon and its sources', async () => {
  const names = await files()
  const { stdout } = await succeed(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'native', 'cmake'],
    { cwd: ROOT },
  )
  const sources = stdout.split('\n').filter(Boolean)
  expect(sources.length).toBeGreaterThan(20)
  const needed = ['CMakeLists.txt', 'binding.gyp', 'scripts/install.mjs', 'scripts/build-native.mjs', ...sources]
  const documents = ['LICENSE', 'THIRD-PARTY-NOTICES', 'package.json', 'docs/building.md']
  for (const file of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', ...needed, ...documents]) {
    expect(names).toContain(`package/${file}`)
  }
  expect(names.some((name) => /^package\/prebuilds\/[a-z0-9]+-[a-z0-9]+\/h5tracks\.\w+\.node$/.test(name))).toBe(true)
})

test('the package contains no tests, benchmarks or build output, and is below 5 MB', async () => {
  expect((await files()).filter((name) => /^package\/(test|bench|build|node_modules|out|\.)/.test(name))).toEqual([])
  expect(statSync(packed().tarball).size).toBeLessThan(5e6)
})

test('the package contains the notices of all linked libraries', () => {
  const notices = readFileSync(installed('THIRD-PARTY-NOTICES'), 'utf8')
  for (const text of [
    'Copyright 2006 by The HDF Group.',
    'Lawrence Berkeley National Laboratory',
    'Jean-loup Gailly and Mark Adler',
    'Copyright 2016 Eric Biggers',
    'Deutsches Klimarechenzentrum GmbH',
    'Node.js API collaborators',
    'GCC RUNTIME LIBRARY EXCEPTION',
  ]) {
    expect(notices).toContain(text)
  }
})

test('the installed command h5tracks prints its version', async () => {
  const { stdout } = await succeed(join(packed().project, 'node_modules/.bin/h5tracks'), ['--version'], {
    cwd: packed().project,
  })
  const { version } = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
  expect(stdout).toContain(version)
  expect(stdout).toMatch(/HDF5 +1\.14\.\d+ .*static/)
})

test('the install builds nothing when a prebuilt addon fits', () => {
  expect(readdirSync(installed('.'))).toContain('prebuilds')
  expect(existsSync(installed('build'))).toBe(false)
})
