// `npm run test:parquet`: exports 5 million frames of the simulated rig to Parquet, compares every value by DuckDB, and prints the memory
// that the export took. Needs 10 GB in the temporary directory and some 20 minutes. `npm run test:parquet -- 200000` exports fewer.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compare } from './parquet-compare.mjs'

const frames = Number(process.argv[2] ?? 5_000_000)
const shards = Math.max(1, Math.round(frames / 50_000))
const folder = mkdtempSync(join(tmpdir(), 'h5tracks-parquet-'))
const program = fileURLToPath(new URL('parquet-program.mjs', import.meta.url))
const run = (/** @type {string[]} */ ...more) =>
  execFileSync(process.execPath, [program, folder, String(frames), String(shards), ...more], { encoding: 'utf8' })
try {
  run('write')
  const { seconds, megabytes } = JSON.parse(run())
  console.log(`${frames} frames exported in ${seconds.toFixed(0)} s with ${megabytes.toFixed(0)} MiB of memory`)
  const tables = await compare(join(folder, 'data'), frames)
  console.log(tables)
  const wrong = Object.values(tables).some(({ rows, different, expected }) => different !== 0 || rows !== expected)
  if (wrong || megabytes > 256) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
