// Runs the native code under sanitizers, with HDF5 and the other bundled libraries instrumented too:
//   sanitize.mjs thread    the native tests, without Node, whose own races would hide ours
//   sanitize.mjs address   with UBSan: the native tests with the leak check, then the whole test suite inside Node
// Has the requirements of `npm test`. Node does not free all memory at its end, so only the native tests check for leaks.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const kind = process.argv[2]
const sanitizers = { thread: 'thread', address: 'address,undefined' }[kind]
if (!sanitizers) {
  console.error('usage: sanitize.mjs thread|address')
  process.exit(2)
}

// Damaged files may claim more memory than exists; an allocation that malloc refuses is not an error.
const options = 'halt_on_error=1:abort_on_error=1:allocator_may_return_null=1'
const env = {
  TSAN_OPTIONS: `${options}:suppressions=${join(process.cwd(), 'test/native/tsan.supp')}`,
  UBSAN_OPTIONS: `${options}:print_stacktrace=1`,
  ASAN_OPTIONS: `${options}:detect_leaks=1`,
}

function run(command, args, more = {}) {
  console.log(`\n> ${[command, ...args].join(' ')}`)
  const { status, signal } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env, ...more } })
  if (status === 0) return
  console.error(`sanitize: ${command} failed (${signal ?? `exit code ${status}`})`)
  process.exit(1)
}

/** The sanitizer's runtime must be loaded first in a process that was not built with it. */
function runtime(name) {
  return spawnSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim()
}

const out = `build-${kind}`
const release = join(out, 'Release')
run(
  'npm',
  ['run', 'build:native', '--', '--out', out, `-DH5TRACKS_SANITIZE=${sanitizers}`, '-DH5TRACKS_NATIVE_TESTS=ON'],
  {
    CXX: 'g++',
    CC: 'gcc',
  },
)
for (const test of [
  'system_test',
  'codec_test',
  'inflate_test',
  'file_test',
  'box_test',
  'columns_test',
  'streams_test',
  'stream_test',
])
  run(join(release, test), [])
if (kind === 'address') {
  const files = process.argv.slice(3)
  // Everything is several times slower.
  const patient = ['--testTimeout=3600000', '--hookTimeout=3600000']
  run('npx', ['vitest', 'run', '--project', 'bundled', '--reporter=default', ...patient, ...files], {
    H5TRACKS_ADDON: join(process.cwd(), release, 'h5tracks.node'),
    LD_PRELOAD: `${runtime('libasan.so')} ${runtime('libubsan.so')}`,
    ASAN_OPTIONS: `${options}:detect_leaks=0`,
  })
}
