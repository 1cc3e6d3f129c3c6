// A copy of this checkout whose npm packages are those of another platform, for the tests and programs that load such packages.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, succeed } from './build.mjs'

/**
 * Makes or refreshes the copy and returns its path.
 *
 * @param {string} directory
 * @param {readonly string[]} platform the options of npm that name it
 */
export function checkout(directory, platform) {
  mkdirSync(directory, { recursive: true })
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(ROOT, file)))
  const sources = ['native/', 'bench/', 'scripts/site/']
  const wanted = files.filter((file) => !sources.some((prefix) => file.startsWith(prefix)))
  const list = { input: wanted.join('\n') }
  for (const old of ['test', 'lib', 'dist']) execFileSync('rm', ['-rf', join(directory, old)])
  execFileSync('tar', ['-cf', join(directory, 'files.tar'), '-C', ROOT, '-T', '-', 'dist'], list)
  execFileSync('tar', ['-xf', 'files.tar'], { cwd: directory })
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const installed = join(directory, 'node_modules/installed-lock.json')
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
    succeed('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...platform], { cwd: directory })
    writeFileSync(installed, lock)
  }
  return directory
}
