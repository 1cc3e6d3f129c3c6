import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { installed, packed, shipped } from './packed.js'
import { ROOT, succeed } from './support.js'

// The contents of the packed package: the code that runs, the sources to build it from, and the licence notices.

const command = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).bin.h5tracks as string

test('the package contains the library, the command line, the addon and its sources', async () => {
  const names = await shipped()
  const { stdout } = await succeed(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'native', 'cmake'],
    { cwd: ROOT },
  )
  const sources = stdout.split('\n').filter(Boolean)
  expect(sources.length).toBeGreaterThan(20)
  const needed = ['CMakeLists.txt', 'binding.gyp', 'scripts/install.mjs', 'scripts/build-native.mjs', ...sources]
  const documents = ['LICENSE', 'THIRD-PARTY-NOTICES', 'package.json', 'docs/building.md']
  expect(names).toEqual(
    expect.arrayContaining(['dist/library/index.js', 'dist/index.d.ts', command(), ...needed, ...documents]),
  )
  expect(names.filter((name) => name.endsWith('.node'))).toEqual([])
})

test('the package of the addon contains the addon and the licences, and names its system, processor and C library', async () => {
  const { stdout } = await succeed('tar', ['tzf', packed().addonTarball])
  const files = ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES', 'package.json']
  const addon = `prebuilds/${process.platform}-${process.arch}/h5tracks.node`
  expect(stdout.trim().split('\n').sort()).toEqual([...files, addon].map((name) => `package/${name}`).sort())
  const { optionalDependencies, version } = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
  const [name] = Object.keys(optionalDependencies)
  const addonPackage = JSON.parse(readFileSync(installed(`../${name}/package.json`), 'utf8'))
  expect(optionalDependencies).toEqual({ [name!]: version })
  expect(addonPackage).toMatchObject({ name, version, os: [process.platform], cpu: [process.arch], libc: ['glibc'] })
  expect(addonPackage).not.toHaveProperty('scripts')
})

test('the package contains no tests, no build output and no benchmark but the results, and is below 3 MB', async () => {
  const workshop = (await shipped()).filter((name) => /^(test|bench|build|node_modules|out|\.)/.test(name))
  expect(workshop).toEqual(['bench/README.md'])
  expect(statSync(packed().tarball).size).toBeLessThan(3e6)
})

test('the package contains no module that neither its entries nor its command reach', async () => {
  const files = await shipped()
  const modules = files.filter((name) => /^dist\/.*\.js$/.test(name))
  const { exports } = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
  const targets = Object.values(exports).flatMap((target) => Object.values(target as object | string))
  const reached = new Set([
    'scripts/install.mjs',
    command(),
    ...targets.filter((name) => /^\.\/dist/.test(name)).map((name) => name.slice(2)),
  ])
  for (const file of reached) {
    const text = readFileSync(installed(file), 'utf8')
    // Imports, static or dynamic, in code and in types; and programs that are started.
    for (const [, path] of text.matchAll(/(?:from|import|import\(|new URL\()\s*["'](\.?[\w./-]+\.js)["']/g)) {
      const target = posix.join(posix.dirname(file), path!)
      if (modules.includes(target)) reached.add(target)
      const declared = target.replace(/\.js$/, '.d.ts')
      if (file.endsWith('.d.ts') && files.includes(declared)) reached.add(declared)
    }
  }
  // The declarations are those of all modules in lib/, the code is bundled.
  expect(reached.size).toBeGreaterThan(50)
  expect(modules.length).toBeGreaterThan(20)
  expect(modules.filter((name) => !reached.has(name))).toEqual([])
})

test('every relative link in the documents of the package leads to a file in the package', async () => {
  const names = await shipped()
  const links = names
    // CONTRIBUTING.md is for people who have a checkout.
    .filter((name) => name.endsWith('.md') && name !== 'CONTRIBUTING.md')
    .flatMap((name) => {
      const text = readFileSync(installed(name), 'utf8')
      return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => ({ name, link: link! }))
    })
    .filter(({ link }) => !/^[a-z]+:/.test(link))
  expect(links.filter(({ name }) => name === 'README.md').length).toBeGreaterThan(10)
  const there = (path: string) => names.some((name) => name === path || name.startsWith(`${path.replace(/\/$/, '')}/`))
  expect(links.filter(({ name, link }) => !there(posix.join(posix.dirname(name), link)))).toEqual([])
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
    'LLVM Exceptions to the Apache 2.0 License',
    'mingw-w64 project',
  ]) {
    expect(notices).toContain(text)
  }
})

test('the package contains the licences of the packages bundled into the command line', () => {
  const bundle = dirname(command())
  const notices = readFileSync(installed(join(bundle, 'THIRD-PARTY-NOTICES')), 'utf8')
  for (const name of ['@observablehq/plot', 'd3-scale', 'linkedom', 'commander', 'csv-parse', 'cli-progress']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'))
  }
  expect(notices).toContain('Copyright (c) 2011 TJ Holowaychuk')
})

test('the package contains the licences of the packages bundled into the library', () => {
  const notices = readFileSync(installed('dist/library/THIRD-PARTY-NOTICES'), 'utf8')
  for (const name of ['smol-toml', 'yaml', '@rgrove/parse-xml', 'yauzl']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'))
  }
})

test('the package contains the page of h5tracks/view with the licence of what is bundled into it, and not its source', async () => {
  const names = await shipped()
  for (const file of ['index.html', 'page.js', 'page.css', 'icon.svg']) expect(names).toContain(`dist/page/${file}`)
  expect(names.filter((name) => name.startsWith('lib/view/page'))).toEqual([])
  expect(readFileSync(installed('dist/page/THIRD-PARTY-NOTICES'), 'utf8')).toMatch(/^three \d+\.\d+\.\d+ \(MIT\)/m)
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
  expect(existsSync(installed('build'))).toBe(false)
})
