// Every call of every script under every kind of fault: npm run test:faults -- [--script NAME] [--kind NAME] [--points N] [--jobs N] [--notes N]
// Prints a table and, for each broken promise, the call at which it was broken. Exits with 1 when there was any.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { Oracle } from './oracle.js'
import { buildShim } from './process.js'
import { SCRIPTS } from './scripts.js'
import { inParallel, spread } from './spread.js'
import { KINDS, Sweep } from './sweep.js'

const { values } = parseArgs({
  options: {
    script: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    points: { type: 'string' },
    notes: { type: 'string', default: '5' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
})
const root = mkdtempSync(join(tmpdir(), 'h5tracks-faults-'))
const { library, missing } = buildShim(root)
if (!library) throw new Error(missing)
const oracle = new Oracle()
/** @type {import('./sweep.js').Bench} */
const bench = { root, library, oracle, prepared: new Map() }
let bad = 0

console.log('| script | fault | points | lost | unreadable | wrong | misbehaved |\n|---|---|---|---|---|---|---|')
for (const script of SCRIPTS.filter(({ name }) => values.script?.includes(name) ?? true)) {
  for (const kind of Object.values(KINDS).filter(({ name }) => values.kind?.includes(name) ?? true)) {
    // Without a journal there is nothing to recover.
    const recovers = script.recover || script.jobs.slice(0, -1).some(({ steps }) => steps.includes('die'))
    if (recovers && kind.options?.durability === 'none') continue
    const sweep = new Sweep(script, kind, bench)
    await sweep.prepare()
    const points = spread(sweep.points, values.points ? Number(values.points) : sweep.points.length)
    const count = { lost: 0, unreadable: 0, wrong: 0, misbehaved: 0 }
    /** @type {string[]} */
    const notes = []
    await inParallel(points, Number(values.jobs), async (at, slot) => {
      for (const { failing, text } of await sweep.run(at, slot)) {
        count[failing]++
        notes.push(`  #${at} ${failing}: ${text}`)
      }
    })
    bad += notes.length
    console.log(`| ${[script.name, kind.name, points.length, ...Object.values(count)].join(' | ')} |`)
    for (const note of notes.slice(0, Number(values.notes))) console.error(note)
  }
}
oracle.end()
rmSync(root, { recursive: true, force: true })
process.exitCode = bad === 0 ? 0 : 1
