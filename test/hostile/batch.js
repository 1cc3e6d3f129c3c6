// Reads damaged inputs, which the runner sends on standard input, one after the other. Each is announced before it is read, so
// that a crash or a hang can be attributed to it. Plain JavaScript: the runner starts it.
import { mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/**
 * @typedef {object} Job
 * @property {string} kind module in kinds/
 * @property {'inProcess' | 'untrusted'} way
 * @property {string} directory for the mutants; each is removed after it was read
 * @property {(number | string)[]} inputs seeds of mutants, or paths of existing files
 */
const job = /** @type {Job} */ (JSON.parse(await text(process.stdin)))
const kind = await import(`./kinds/${job.kind}.js`)
/** The sources of mutants: the files of each by the ends of their names. @type {Record<string, Buffer>[]} */
const sources = job.inputs.some((input) => typeof input === 'number') ? await kind.sources() : []

// Synchronous, so that no output is lost when the process dies.
const send = (/** @type {object} */ line) => writeSync(1, `${JSON.stringify(line)}\n`)

for (const input of job.inputs) {
  send({ begins: input })
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
  send({ input, ...outcome, milliseconds, megabytes: peak() - before, size })
  rmSync(`${job.directory}/${input}`, { recursive: true, force: true })
}

/** Writes a mutant into a directory of its own and returns its path. @param {number} seed */
function make(seed) {
  const directory = `${job.directory}/${seed}`
  mkdirSync(directory)
  for (const [end, bytes] of Object.entries(kind.damage(sources[seed % sources.length], seed))) {
    writeFileSync(`${directory}/mutant.h5${end}`, /** @type {Buffer} */ (bytes))
  }
  return `${directory}/mutant.h5`
}

/** Resets the kernel's record of peak memory, and returns the memory in use, in MB. */
function resetPeak() {
  writeFileSync('/proc/self/clear_refs', '5')
  return peak()
}

function peak() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}
