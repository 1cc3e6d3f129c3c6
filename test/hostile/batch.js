// One process that meets damaged inputs one after the other, told by the runner on standard input. Each is announced before
// it is met, so that a death or a hang has a culprit. Plain JavaScript: the runner starts it.
import { mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/**
 * @typedef {object} Job
 * @property {string} kind module in kinds/
 * @property {'inProcess' | 'untrusted'} way
 * @property {string} directory for the files that are made; they are removed again
 * @property {(number | string)[]} inputs seeds of mutants, or paths of files as they are
 */
const job = /** @type {Job} */ (JSON.parse(await text(process.stdin)))
const kind = await import(`./kinds/${job.kind}.js`)
/** What mutants are made from: for each, its files by the ends of their names. @type {Record<string, Buffer>[]} */
const sources = job.inputs.some((input) => typeof input === 'number') ? await kind.sources() : []

// Synchronous: what a process said before it died is not lost.
const say = (/** @type {object} */ line) => writeSync(1, `${JSON.stringify(line)}\n`)

for (const input of job.inputs) {
  say({ met: input })
  const path = typeof input === 'string' ? input : make(input)
  const { length: size } = readFileSync(path)
  const before = resetPeak()
  const start = performance.now()
  let outcome
  try {
    outcome = { codes: await kind[job.way](path) }
  } catch (error) {
    outcome = { untyped: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  const milliseconds = performance.now() - start
  say({ input, ...outcome, milliseconds, megabytes: peak() - before, size })
  rmSync(`${job.directory}/${input}`, { recursive: true, force: true })
}

/** Puts a mutant into a directory of its own and gives its path. @param {number} seed */
function make(seed) {
  const directory = `${job.directory}/${seed}`
  mkdirSync(directory)
  for (const [end, bytes] of Object.entries(kind.damage(sources[seed % sources.length], seed))) {
    writeFileSync(`${directory}/mutant.h5${end}`, /** @type {Buffer} */ (bytes))
  }
  return `${directory}/mutant.h5`
}

/** Starts the kernel's record of the most memory anew, and gives what is in use now, MB. */
function resetPeak() {
  writeFileSync('/proc/self/clear_refs', '5')
  return peak()
}

function peak() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}
