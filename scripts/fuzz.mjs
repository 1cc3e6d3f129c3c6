// Fuzzes the code that reads untrusted bytes with libFuzzer (so with clang), guided by coverage, under the address and
// undefined-behaviour sanitizers:
//   fuzz.mjs TARGET [--seconds N]     default 60
// The corpus stays in out/fuzz/TARGET/ for the next run, and so does a failing input.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { constants, deflateRawSync, deflateSync } from 'node:zlib'

// A target is a program of test/fuzz, a seed corpus and the longest input.
const targets = {
  decoder: { seeds: decoderSeeds, longest: 4096 },
  // Its inputs are changes to a journal and a file that the program creates.
  journal: { seeds: () => [], longest: 1024 },
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' } },
  allowPositionals: true,
})
const [name] = positionals
const seconds = Number(values.seconds)
if (positionals.length !== 1 || !Object.hasOwn(targets, name) || !(Number.isInteger(seconds) && seconds > 0)) {
  console.error(`usage: fuzz.mjs ${Object.keys(targets).join('|')} [--seconds N]`)
  process.exit(2)
}

function run(command, args, env = {}) {
  console.log(`\n> ${[command, ...args].join(' ')}`)
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status === 0) return
  console.error(`fuzz: ${command} failed (${error?.message ?? signal ?? `exit code ${status}`})`)
  process.exit(1)
}

const switches = ['-DH5TRACKS_SANITIZE=address,undefined,fuzzer-no-link', '-DH5TRACKS_FUZZ=ON']
run('npm', ['run', 'build:native', '--', '--out', 'build-fuzz', ...switches], { CC: 'clang', CXX: 'clang++' })

const directory = join('out', 'fuzz', name)
mkdirSync(directory, { recursive: true })
const { seeds, longest } = targets[name]
for (const [i, seed] of seeds().entries()) writeFileSync(join(directory, `seed-${i}`), seed)
run(
  join('build-fuzz', 'Release', `fuzz_${name}`),
  [
    `-max_total_time=${seconds}`,
    `-max_len=${longest}`,
    '-print_final_stats=1',
    '-rss_limit_mb=2048',
    // HDF5 allocates what a file claims before it checks the claim, so the limit is on touched memory.
    '-malloc_limit_mb=1048576',
    '-timeout=25',
    `-artifact_prefix=${directory}/`,
    directory,
  ],
  {
    ASAN_OPTIONS: 'detect_leaks=1:allocator_may_return_null=1',
    LSAN_OPTIONS: `suppressions=${join(process.cwd(), 'test/fuzz/lsan.supp')}`,
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  },
)

/** Deflate streams with every kind of block, with and without the zlib header. */
function decoderSeeds() {
  const contents = [
    Buffer.alloc(0),
    Buffer.alloc(600, 7),
    Buffer.from(Int32Array.from({ length: 300 }, (_, i) => (i % 4 === 0 ? -1 : (i * i) % 1600)).buffer),
    Buffer.from(Float32Array.from({ length: 300 }, (_, i) => 100 + Math.sin(i)).buffer),
  ]
  const ways = [0, 1, 4, 9].map((level) => ({ level }))
  for (const strategy of ['Z_HUFFMAN_ONLY', 'Z_RLE', 'Z_FIXED']) ways.push({ strategy: constants[strategy] })
  return contents.flatMap((bytes) => ways.flatMap((way) => [deflateSync(bytes, way), deflateRawSync(bytes, way)]))
}
