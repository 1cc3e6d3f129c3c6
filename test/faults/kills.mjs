// Random kills: npm run test:kills -- [--count 1000] [--seed 1] [--jobs N] [--delay MS] [--layouts | --changing]
// A process with 1 to 3 writers gets SIGKILL at a random moment; then each file is recovered and compared. Prints the counts
// and exits with 1 when a frame was lost, a file unreadable or a row wrong. --layouts: every file has one or two random layouts
// instead of /tracking, written as records and as columns. --changing: the recordings change, so that other filters pay and the
// chunks of a dataset differ in their filter masks; half of the files have the compression 'small'. --delay: the longest time from the
// start of writing to the kill, for processors that are slow because they are emulated.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { ColumnOracle } from '../support/frames/oracle.js'
import { Oracle } from './oracle.js'
import { Log, startProgram } from './process.js'
import { CHANGING } from './programs/content.js'
import { generator, inParallel } from './spread.js'
import { verify } from './verify.js'
import { verifyLayouts } from './verify-layouts.js'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    delay: { type: 'string' },
    layouts: { type: 'boolean', default: false },
    changing: { type: 'boolean', default: false },
  },
})
const { layouts, changing } = values
const wanted = Number(values.count)
const longestDelay = Number(values.delay ?? (layouts ? 2000 : 400))
const random = generator(Number(values.seed))
const below = (/** @type {number} */ n) => Math.floor(random() * n)
const root = mkdtempSync(join(tmpdir(), 'h5tracks-kills-'))
const oracle = new Oracle()
const columnOracle = new ColumnOracle()
const tally = { kills: 0, finished: 0, files: 0, frames: 0, lost: 0, unreadable: 0, wrong: 0, misbehaved: 0 }

/** @param {number} seed @returns {import('./scripts.js').Job} */
function randomJob(seed, /** @type {string} */ log) {
  /** @type {import('./scripts.js').Job['steps']} */
  const steps = []
  for (let part = 1 + below(4); part > 0; part--) {
    const frames = 1 + below(layouts ? 400 : 1500)
    steps.push(layouts && random() < 0.3 ? { batch: frames } : frames)
    if (random() < 0.5) steps.push(random() < 0.5 ? 'flush' : 'drain')
  }
  steps.push('close')
  const chunkFrames = /** @type {number} */ ((changing ? [50, 100, 200, 1000] : [3, 16, 100, 1000])[below(4)])
  const small = changing && random() < 0.5 ? { compression: 'small' } : {}
  return { seed, steps, options: { chunkFrames, ...small }, log, layouts }
}

/** @param {number} number @param {number} slot */
async function kill(number, slot) {
  const place = join(root, String(slot))
  rmSync(place, { recursive: true, force: true })
  const runs = Array.from({ length: 1 + below(3) }, (_, writer) => {
    const directory = join(place, String(writer))
    mkdirSync(directory, { recursive: true })
    const log = join(place, `${writer}.log`)
    return {
      path: join(directory, 'out.h5'),
      log,
      job: randomJob((layouts ? 3 * number : changing ? CHANGING : 1) + writer, log),
    }
  })
  const { child, ended } = startProgram(
    'write.js',
    runs.flatMap(({ path, job }) => [path, JSON.stringify(job)]),
  )
  const delay = random() ** 2 * longestDelay
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delay))
  const { code, signal, output } = await ended
  if (signal === 'SIGKILL') tally.kills++
  else if (code === 0) tally.finished++
  else report(number, 'misbehaved', `ended with ${signal ?? code}: ${output}`)
  for (const { path, log: name, job } of runs) {
    const log = new Log(name)
    const least = log.last('accepted')
    const made = log.has('open')
    tally.files++
    tally.frames += least
    const promised = { path, seed: job.seed, least, most: Math.max(least + 1, log.last('begin')), made }
    const verdict = await (layouts ? verifyLayouts(promised, columnOracle) : verify(promised, oracle))
    const what = `seed ${job.seed}, chunks of ${job.options?.chunkFrames}`
    if (verdict) report(number, verdict.failing, `${what}: ${verdict.text}`)
    for (const { text } of log.errors) report(number, 'misbehaved', text)
  }
}

/** @param {number} number @param {import('./verify.js').Failing} failing @param {string} text */
function report(number, failing, text) {
  tally[failing]++
  console.error(`  #${number} ${failing}: ${text}`)
}

let number = 0
while (tally.kills < wanted) {
  const round = Array.from({ length: Math.min(50, wanted - tally.kills) }, () => number++)
  await inParallel(round, Number(values.jobs), kill)
}
oracle.end()
columnOracle.end()
rmSync(root, { recursive: true, force: true })
const { kills, finished, files, frames, lost, unreadable, wrong, misbehaved } = tally
console.log(
  `${kills} SIGKILLs (and ${finished} ends before them), ${files} files with ${frames} accepted frames:`,
  `${lost} files with lost frames, ${unreadable} unreadable, ${wrong} with wrong rows, ${misbehaved} misbehaved`,
)
process.exitCode = lost + unreadable + wrong + misbehaved === 0 ? 0 : 1
