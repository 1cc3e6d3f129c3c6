import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packed } from './packed.js'
import { CACHE, plainEnvironment, ROOT, run, succeed, temporary } from './support.js'

// `npm install` of the packed tarball on a system without compiler, CMake, HDF5 and network.

const npm = dirname(dirname(realpathSync(join(dirname(process.execPath), 'npm'))))
const root = process.getuid?.() === 0
const tools = ['gcc', 'g++', 'cc', 'c++', 'clang', 'cmake', 'make', 'ninja', 'python3', 'h5dump']

const install = `set -e
for tool in ${tools.join(' ')}; do if command -v $tool; then echo "$tool is here"; exit 1; fi; done
npm install --offline --no-audit --no-fund --no-update-notifier --foreground-scripts --cache "$1/npm" "$1"/*.tgz
echo installed
node smoke.js main
node smoke.js worker
node node_modules/.bin/h5tracks demo demo.h5 --frames 30
`

/** Puts the files that the install script needs into an empty directory. */
function lay(directory: string) {
  mkdirSync(directory, { recursive: true })
  cpSync(packed().npmCache, join(directory, 'npm'), { recursive: true })
  const { tarball, addonTarball } = packed()
  for (const file of [tarball, addonTarball]) cpSync(file, join(directory, basename(file)))
  cpSync(join(ROOT, 'test/build/smoke.js'), join(directory, 'smoke.js'))
  writeFileSync(join(directory, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
}

/** What npm itself prints: the scripts that it runs, what it added, and that install scripts want an approval. */
const OF_NPM = /^$|^> |^added \d+ packages|^npm warn install-scripts/

function expectInstalled({ code, all }: { code: number | null; all: string }) {
  const [installing = ''] = all.split('installed\n')
  expect(installing.split('\n').filter((line) => !OF_NPM.test(line))).toEqual([])
  expect({ code, all }).toEqual({ code: 0, all: expect.stringMatching(/smoke: main\nsmoke: worker\n[\s\S]*demo\.h5/) })
}

test('the package installs and runs with an empty environment and only node, npm and a shell on PATH', async () => {
  const directory = temporary('bare')
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  lay(directory)
  symlinkSync(process.execPath, join(bin, 'node'))
  symlinkSync(join(npm, 'bin/npm-cli.js'), join(bin, 'npm'))
  symlinkSync(realpathSync('/bin/sh'), join(bin, 'sh'))
  symlinkSync('/usr/bin/env', join(bin, 'env'))
  const env = { PATH: bin, HOME: directory, PREBUILDS_ONLY: '1' }
  expectInstalled(await run(join(bin, 'sh'), ['-c', install, 'sh', directory], { cwd: directory, env }))
  rmSync(directory, { recursive: true })
})

describe.skipIf(!root)('a minimal Debian 12 without a network (as root only)', () => {
  const system = temporary('debian')
  beforeAll(async () => {
    await succeed('cp', ['-a', `${await debian()}/.`, system])
    cpSync(process.execPath, join(system, 'usr/bin/node'))
    cpSync(npm, join(system, 'usr/lib/node_modules/npm'), { recursive: true })
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(system, 'usr/bin/npm'))
    lay(join(system, 'project'))
  })
  afterAll(() => rmSync(system, { recursive: true }))

  test('the package installs, writes, reads and runs the demo in a minimal Debian 12 without a network', async () => {
    const inside = ['sh', '-c', `cd /project\n${install}`, 'sh', '/project']
    const env = { PATH: '/usr/bin:/bin', HOME: '/root', PREBUILDS_ONLY: '1' }
    const program = ['--net', '--mount', '--pid', '--fork', 'chroot', system, ...inside]
    expectInstalled(await run('/usr/bin/unshare', program, { env: { ...env, PATH: '/usr/sbin:/usr/bin:/bin' } }))
  })
})

/** A minimal Debian 12 from the mirror that this machine uses, cached for the next run. */
async function debian(): Promise<string> {
  const kept = join(CACHE, 'debian-bookworm')
  if (existsSync(kept)) return kept
  const format = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Component: main']
  const mirror = (await succeed('apt-get', format)).stdout.split('\n')[0]!
  const work = `${kept}-${process.pid}`
  const keyring = '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg'
  await succeed('debootstrap', ['--variant=minbase', keyring, 'bookworm', work, mirror], {
    env: plainEnvironment({ PATH: `${process.env.PATH}:/usr/sbin:/sbin` }),
  })
  renameSync(work, kept)
  return kept
}
