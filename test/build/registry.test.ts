import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manifestOf, ownTarget, targets } from '../../scripts/targets.mjs'
import { plainEnvironment, ROOT, succeed, temporary } from './support.js'

// From a registry npm installs the addon of the platform and no other. Its packages are those that are published, without contents.

const main = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const directory = temporary('registry')
const names = Object.keys(targets)
const packages = [
  {
    name: 'h5tracks',
    version: main.version,
    optionalDependencies: Object.fromEntries(names.map((name) => [`@h5tracks/${name}`, main.version])),
  },
  ...names.map((name) => manifestOf(name, main)),
]

/** The file that the registry keeps a package in, e.g. '@h5tracks-linux-x64-musl.tgz'. */
const tarballOf = (name: string) => `${name.replace('/', '-')}.tgz`

const registry = createServer(({ url = '', headers }, response) => {
  const path = decodeURIComponent(url).slice(1)
  const manifest = packages.find(({ name }) => name === path)
  if (manifest === undefined) {
    response.end(readFileSync(join(directory, path)))
  } else {
    const { name, version } = manifest
    const dist = { tarball: `http://${headers.host}/${tarballOf(name)}` }
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }),
    )
  }
})

beforeAll(async () => {
  for (const manifest of packages) {
    mkdirSync(join(directory, 'package'), { recursive: true })
    writeFileSync(join(directory, 'package/package.json'), JSON.stringify(manifest))
    execFileSync('tar', ['czf', join(directory, tarballOf(manifest.name)), '-C', directory, 'package'])
  }
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  registry.close()
  rmSync(directory, { recursive: true })
})

/** The addons that npm installs with these options. */
async function addonsWith(...options: string[]): Promise<string[]> {
  const { port } = registry.address() as AddressInfo
  const project = temporary('user')
  writeFileSync(join(project, 'package.json'), '{ "name": "user", "private": true }')
  const places = ['--cache', join(project, 'cache'), '--registry', `http://127.0.0.1:${port}`]
  const args = ['install', 'h5tracks', '--no-audit', '--no-fund', '--ignore-scripts', ...places, ...options]
  await succeed('npm', args, { cwd: project, env: plainEnvironment() })
  const addons = readdirSync(join(project, 'node_modules/@h5tracks'))
  rmSync(project, { recursive: true })
  return addons
}

test('npm installs the addon of this platform, of all that h5tracks names', async () => {
  expect(await addonsWith()).toEqual([ownTarget()])
})

test.each(['linux-arm64-musl', 'win32-x64'])(
  'npm installs the addon for %s where its options ask for it',
  async (name) => {
    const [os, cpu, libc] = name.split('-')
    expect(await addonsWith(`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : []))).toEqual([name])
  },
)
