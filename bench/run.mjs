// `npm run bench`: builds, measures row by row, prints one table and writes JSON. See bench/README.md.
//   --only NAME (may be repeated)   --frames N   --repeat N   --long   --data DIRECTORY   --recordings DIRECTORY
//   --json FILE   --dir DIRECTORY   --no-build
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ADDON, build } from './support/build.mjs'

const NAMES = [
  ...['records', 'columns', 'call-time', 'loop-delay', 'read', 'windows'],
  ...['real', 'short', 'batch'],
  ...[
    'length',
    'memory',
    'shape',
    'writers',
    'durability',
    'copies',
    'import',
    'csv',
    'export',
    'listing',
    'tracker',
    'decoder',
    'pool',
    'limits',
  ],
  ...['poses', 'sensor', 'generic'],
  ...['concat', 'references', 'remote', 'sleap'],
  ...['floor/row', 'floor/contiguous', 'floor/gzip', 'floor/small', 'floor/table', 'floor/open', 'floor/huge'],
]
// The name of a folder stands for all rows in it.
const named = (name) => NAMES.filter((row) => row === name || row.startsWith(`${name}/`))

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    frames: { type: 'string', default: '50000' },
    repeat: { type: 'string', default: '5' },
    long: { type: 'boolean', default: false },
    data: { type: 'string' },
    recordings: { type: 'string' },
    json: { type: 'string', default: 'out/bench.json' },
    dir: { type: 'string', default: tmpdir() },
    'no-build': { type: 'boolean', default: false },
  },
})
const [frames, repeat] = [Number(values.frames), Number(values.repeat)]
// `real` needs recordings, so it is not part of a run without them.
const only = values.only ?? NAMES.filter((name) => name !== 'real' || values.data !== undefined)
const unknown = only.filter((name) => named(name).length === 0)
if (unknown.length > 0) usage(`no row ${unknown.join(', ')}; there are ${NAMES.join(', ')}`)
if (only.includes('real') && values.data === undefined) usage('the row real takes --data DIRECTORY')
if (!(frames > 0 && frames % 1000 === 0)) usage('--frames takes a multiple of 1000')
if (!(Number.isInteger(repeat) && repeat > 0)) usage('--repeat takes a number of rounds from 1')

function usage(problem) {
  console.error(`bench: ${problem}`)
  process.exit(2)
}

if (!values['no-build']) {
  console.error('building ...')
  build()
}
// dist/ exists from here on. It loads the addon that was built together with the floor, here and in every child process.
process.env.H5TRACKS_ADDON = ADDON
const { machine } = await import('./support/machine.mjs')
const { table } = await import('./support/table.mjs')
const { unmeasured } = await import('./support/verdict.mjs')

const dir = mkdtempSync(join(values.dir, 'h5tracks-bench-'))
const { long, data, recordings } = values
const bench = { frames, repeat, long, data, recordings, file: (name) => join(dir, name) }
const rows = []
let broken = false
const about = await machine()
const began = performance.now()
try {
  for (const name of only.flatMap(named)) {
    const { default: row } = await import(`./rows/${name}.mjs`)
    process.stderr.write(`${name} ...`)
    const start = performance.now()
    try {
      rows.push({ name, lines: await row(bench) })
    } catch (error) {
      broken = true
      rows.push({ name, lines: [unmeasured(name, error.message)] })
    }
    console.error(` ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
} finally {
  rmSync(dir, { recursive: true })
}

const minutes = ((performance.now() - began) / 60_000).toFixed(1)
console.log(
  `\n${about.cores} x ${about.cpu}; Node ${about.node}, h5py ${about.h5py.h5py} (HDF5 ${about.h5py.hdf5}), h5wasm ${about.h5wasm}`,
)
console.log(`${frames} frames, ${repeat} rounds, ${minutes} minutes, load before ${about.load[0].toFixed(1)}\n`)
console.log(table(rows))
const json = resolve(values.json)
mkdirSync(dirname(json), { recursive: true })
writeFileSync(json, `${JSON.stringify({ machine: about, frames, repeat, long, rows }, null, 2)}\n`)
console.log(`\nall samples: ${json}`)
// A slow result is not a failure; a row that cannot run and files that differ are.
process.exitCode = broken ? 1 : 0
