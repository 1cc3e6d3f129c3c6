// Installs the tarballs of `npm run packages` into an empty project, as a user would, and runs smoke.mjs with what is installed:
//   node test/platforms/installed.mjs DIRECTORY
// It needs Node and npm only, and nothing is built: the install fails if the prebuilt addon of this platform is not there or does
// not load. Prints how long the install took.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownTarget } from '../../scripts/targets.mjs'

const from = resolve(process.argv[2] ?? 'out/packages')
// h5tracks-0.1.0.tgz, and h5tracks-linux-x64-glibc-0.1.0.tgz for this platform
const wanted = [/^h5tracks-\d.*\.tgz$/, new RegExp(`^h5tracks-${ownTarget()}-\\d.*\\.tgz$`)]
const tarballs = wanted.map((pattern) => {
  const found = readdirSync(from).filter((name) => pattern.test(name))
  if (found.length !== 1) throw new Error(`${from} has ${found.length} files like ${pattern.source}`)
  return join(from, String(found[0]))
})

const project = mkdtempSync(join(tmpdir(), 'h5tracks-installed-'))
writeFileSync(join(project, 'package.json'), '{ "name": "installed", "private": true, "type": "module" }')
copyFileSync(fileURLToPath(new URL('smoke.mjs', import.meta.url)), join(project, 'smoke.mjs'))

/** @type {(command: string, args: string[], options?: import('node:child_process').ExecFileSyncOptions) => void} */
const run = (command, args, options = {}) => {
  const env = { ...process.env, PREBUILDS_ONLY: '1' }
  execFileSync(command, args, { cwd: project, env, stdio: ['ignore', 'inherit', 'inherit'], ...options })
}

const start = performance.now()
// npm is a script of the shell on Windows.
run('npm', ['install', '--no-audit', '--no-fund', '--foreground-scripts', ...tarballs], {
  shell: process.platform === 'win32',
})
console.log(`npm install took ${((performance.now() - start) / 1000).toFixed(1)} s`)
run(process.execPath, ['smoke.mjs', project])
rmSync(project, { recursive: true })
