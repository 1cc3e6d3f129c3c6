// Makes the package of a prebuilt addon, prebuilds/<target>/, with prebuildify, which needs make and python3 for node-gyp:
//   npm run prebuild [-- TARGET] [--toolchain NAME]
// TARGET is this machine's by default. Another one is built with a file of cmake/toolchains, and so is this one if NAME is given.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { manifestOf, ownTarget, targets } from './targets.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({ options: { toolchain: { type: 'string' } }, allowPositionals: true })
const [name = ownTarget()] = positionals

function fail(message) {
  console.error(`prebuild: ${message}`)
  process.exit(1)
}

if (!(name in targets)) fail(`no target ${name}; there are ${Object.keys(targets).join(', ')}`)
const target = targets[name]
const toolchain = values.toolchain ?? (name === ownTarget() ? undefined : target.toolchain)
if (toolchain === undefined && name !== ownTarget()) fail(`${name} is built on such a machine only`)
const toolchainFile = toolchain && join(root, 'cmake/toolchains', `${toolchain}.cmake`)
if (toolchainFile && !existsSync(toolchainFile)) fail(`there is no ${toolchainFile}`)

const out = join(root, 'prebuilds', name)
rmSync(out, { recursive: true, force: true })
besideOwnBuild(build)
describe()

/** node-gyp deletes build/, which may be in use here. */
function besideOwnBuild(body) {
  const [own, kept] = ['build', 'build-kept'].map((directory) => join(root, directory))
  if (existsSync(own)) renameSync(own, kept)
  try {
    body()
  } finally {
    rmSync(own, { recursive: true, force: true })
    if (existsSync(kept)) renameSync(kept, own)
  }
}

function build() {
  // node-gyp needs Node's headers only for a common.gypi, which our target of type none does not use; a directory with a stub
  // in their place saves the download.
  const nodedir = mkdtempSync(join(tmpdir(), 'h5tracks-nodedir-'))
  try {
    const include = join(nodedir, 'include', 'node')
    mkdirSync(include, { recursive: true })
    writeFileSync(join(include, 'common.gypi'), '{}')
    writeFileSync(join(include, 'config.gypi'), JSON.stringify(process.config))
    const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js')
    const options = ['--napi', '--strip', '--platform', target.os, '--arch', target.cpu, '--out', out]
    if (toolchain) options.push('--strip-bin', target.strip)
    const { status } = spawnSync(process.execPath, [prebuildify, ...options], {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        npm_config_nodedir: nodedir,
        // For build-native.mjs, which node-gyp runs.
        ...(toolchainFile && { H5TRACKS_TOOLCHAIN: toolchainFile }),
      },
    })
    if (status !== 0) throw new Error(`prebuildify ended with ${status}`)
  } finally {
    rmSync(nodedir, { recursive: true })
  }
}

/** Makes a package of the folder. */
function describe() {
  const manifest = manifestOf(name, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const { homepage, version } = manifest
  writeFileSync(
    join(out, 'README.md'),
    `# @h5tracks/${name}\n\nThe native addon of [h5tracks](${homepage}) ${version} for ${name}. Install \`h5tracks\`, which brings it.\n`,
  )
  for (const file of ['LICENSE', 'THIRD-PARTY-NOTICES']) copyFileSync(join(root, file), join(out, file))
  // The last, so that what has it is complete.
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
