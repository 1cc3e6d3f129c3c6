// `npm test`: runs everything on one machine. It installs missing tools, builds against both kinds of HDF5, runs the tests
// against both builds and the checks of the package, and ends with one total.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compilerCache } from './compiler-cache.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

function run(command, args, env = {}) {
  console.log(`\n> ${[command, ...args].join(' ')}`)
  return (
    spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } }).status === 0
  )
}

/** Counts tests, and test files that failed before their first test. */
function count(report) {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  if (numPendingTests > 0) console.log(`${numPendingTests} skipped`)
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

const results = mkdtempSync(join(tmpdir(), 'h5tracks-results-'))
const report = join(results, 'report.json')
// The programs for sanitizers do not run here, but must still compile.
const compiled = ['NATIVE_TESTS', 'COMPILE_ONLY'].map((name) => `-DH5TRACKS_${name}=ON`)
const ok =
  run(process.execPath, ['scripts/setup.mjs', 'test']) &&
  run('npm', ['run', 'docs']) &&
  run(
    'npm',
    ['run', 'build:native', '--', '--out', 'build-system', '-DH5TRACKS_HDF5=system', ...compiled],
    compilerCache(process.cwd()),
  ) &&
  run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
const { passed, failed } = count(report)
rmSync(results, { recursive: true })

// A run can fail without a failed test: by a build, or by an error outside of the tests.
console.log(`\n${passed} passed, ${ok ? failed : Math.max(failed, 1)} failed`)
process.exitCode = ok && failed === 0 && passed > 0 ? 0 : 1
