// Packs what is published: h5tracks without prebuilt addons, and each package that `npm run prebuild` has made in prebuilds/.
//   npm run packages [-- DIRECTORY] [--complete]
// The tarballs go into DIRECTORY, out/packages by default. package.json of h5tracks names the packages of the addons as optional
// dependencies, so that npm installs the one that fits; in a checkout it does not name them, because npm would want them there.
// --complete fails unless there is a package for every target.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { targets } from './targets.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({ options: { complete: { type: 'boolean' } }, allowPositionals: true })
const out = resolve(root, positionals[0] ?? 'out/packages')
const manifestOf = (directory) => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
const { version } = manifestOf(root)

const prebuilds = join(root, 'prebuilds')
const made = existsSync(prebuilds) ? readdirSync(prebuilds).filter((name) => name in targets) : []
for (const name of made) {
  // The last that `npm run prebuild` writes.
  const complete = existsSync(join(prebuilds, name, 'package.json'))
  if (!complete) throw new Error(`prebuilds/${name} is not complete: npm run prebuild -- ${name}`)
  const { version: its } = manifestOf(join(prebuilds, name))
  if (its !== version)
    throw new Error(`prebuilds/${name} is of version ${its}, not ${version}: npm run prebuild -- ${name}`)
}
const missing = Object.keys(targets).filter((name) => !made.includes(name))
if (values.complete && missing.length > 0) throw new Error(`prebuilds/ has no ${missing.join(', ')}`)

mkdirSync(out, { recursive: true })
for (const name of made) console.log(pack(join(prebuilds, name), out))
const work = mkdtempSync(join(tmpdir(), 'h5tracks-pack-'))
try {
  // What npm packs, with other contents of package.json.
  execFileSync('tar', ['xzf', pack(root, work), '-C', work])
  const stage = join(work, 'package')
  rmSync(join(stage, 'prebuilds'), { recursive: true, force: true })
  const manifest = manifestOf(stage)
  // npm lists it to the user among the scripts that run at the install.
  delete manifest.scripts.prepare
  manifest.optionalDependencies = Object.fromEntries(made.map((name) => [`@h5tracks/${name}`, version]))
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  console.log(pack(stage, out, '--ignore-scripts'))
} finally {
  rmSync(work, { recursive: true })
}

/** The path of the tarball. */
function pack(directory, destination, ...options) {
  const args = ['pack', '--json', '--pack-destination', destination, ...options]
  // npm is a script of the shell on Windows; `npm run` says where its program is.
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  const said = execFileSync(command, [...first, ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [{ filename }] = JSON.parse(said.slice(said.search(/^\[/m)))
  return join(destination, filename)
}
