// Converts damaged copies of a file: cut off, or with bytes that were changed. Prints how each conversion ended.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convert } from 'h5tracks/formats'

const [, , source = '', from = '', count = ''] = process.argv
// In memory where there is such a file system, since every output is synced.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'h5tracks-mutants-'))
const bytes = readFileSync(source)
const [path, to] = [join(folder, 'in'), join(folder, 'out.h5')]

// A generator of numbers that is the same in every run (mulberry32).
let state = 7
/** @param {number} below */
function random(below) {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % below
}

/** @param {number} i */
function damaged(i) {
  if (count === '1') return bytes
  if (i % 6 === 0) return bytes.subarray(0, random(bytes.length))
  const copy = Buffer.from(bytes)
  for (let n = 1 + random(8); n > 0; n--) {
    const at = random(copy.length)
    // Whole words of ones make large sizes and counts.
    if (i % 3 === 0) copy.fill(0xff, at, at + 4)
    else copy[at] = random(256)
  }
  return copy
}

/** @type {{ outcomes: Record<string, number>, unnamed: string[], left: string[] }} */
const result = { outcomes: {}, unnamed: [], left: [] }
for (let i = 0; i < Number(count); i++) {
  writeFileSync(path, damaged(i))
  let outcome = 'converted'
  try {
    await convert(path, to, { from })
  } catch (caught) {
    const error = /** @type {NodeJS.ErrnoException} */ (caught)
    outcome = error.code ?? String(error.stack)
    if (error.code === undefined || !error.message.includes(path))
      result.unnamed.push(`${i} ${outcome}: ${error.message}`)
    if (existsSync(to) || existsSync(`${to}.partial`)) result.left.push(String(i))
  }
  result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1
  rmSync(to, { force: true })
}
rmSync(folder, { recursive: true })
console.log(JSON.stringify(result))
