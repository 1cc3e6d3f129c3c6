// The native code under sanitizers, HDF5 and the other bundled libraries built with them too:
//   sanitize.mjs thread    the native tests, without Node, whose own races would drown ours
//   sanitize.mjs address   with UBSan: the native tests with leak check, then the whole test suite inside Node
// Needs what `npm test` needs. Node does not free everything at its end, so leaks are looked for without it.
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

// What damaged files claim may be more memory than there is; that malloc refuses it is no fault.
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

/** The sanitizer's runtime must come first into a process that was not built with it. */
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
for (const test of ['codec_test', 'inflate_test', 'file_test', 'box_test', 'stream_test']) run(join(release, test), [])
if (kind === 'address') {
  const files = process.argv.slice(3)
  // Everything takes several times as long.
  const patient = ['--testTimeout=3600000', '--hookTimeout=3600000']
  run('npx', ['vitest', 'run', '--project', 'bundled', '--reporter=default', ...patient, ...files], {
    H5TRACKS_ADDON: join(process.cwd(), release, 'h5tracks.node'),
    LD_PRELOAD: `${runtime('libasan.so')} ${runtime('libubsan.so')}`,
    ASAN_OPTIONS: `${options}:detect_leaks=0`,
  })
}
