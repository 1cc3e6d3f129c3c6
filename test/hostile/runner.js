// Child processes read damaged inputs in batches. A crash or a hang is attributed to the input that was being read, and the run
// continues after it. Plain JavaScript, for the tests and for mutants.js.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const BATCH = 200
/** For Node to start and load the library and the inputs, on a busy machine. */
const START_SECONDS = 60
const program = fileURLToPath(new URL('batch.js', import.meta.url))

/**
 * The outcome of one input. `codes`: the codes of the errors that occurred; none if everything could be read.
 * @typedef {object} Outcome
 * @property {number | string} input
 * @property {string[]} [codes]
 * @property {string} [untyped] an error that is not an H5TracksError
 * @property {string} [death] how the process ended
 * @property {true} [hang]
 * @property {true} [afterwards] the process failed after it had read all its inputs, of which this was the last
 * @property {number} [milliseconds]
 * @property {number} [megabytes] peak memory above the memory in use before
 * @property {number} [size] bytes of the input
 */

/**
 * @param {object} options
 * @param {string} options.kind
 * @param {'inProcess' | 'untrusted'} options.way
 * @param {readonly (number | string)[]} options.inputs
 * @param {number} options.seconds for one input
 * @param {number} [options.batch] how many inputs one process reads
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {AsyncGenerator<Outcome>}
 */
export async function* run({ kind, way, inputs, seconds, batch = BATCH, env }) {
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-hostile-'))
  try {
    for (let next = 0; next < inputs.length; ) {
      const some = inputs.slice(next, next + batch)
      for await (const outcome of oneProcess({ kind, way, directory, inputs: some }, seconds, env)) {
        if (!outcome.afterwards) next++
        yield outcome
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @param {import('./batch.js').Job} job @param {number} seconds @param {NodeJS.ProcessEnv | undefined} env */
async function* oneProcess(job, seconds, env) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-4000)))
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? (code === 0 ? '' : `exit code ${code}`))),
  )
  let hang = false
  const within = (/** @type {number} */ limit) => setTimeout(() => (hang = child.kill('SIGKILL')), 1000 * limit)
  let alarm = within(START_SECONDS)
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(job))
  /** The input that is being read. @type {number | string | undefined} */
  let current
  let begun = false
  try {
    for await (const text of createInterface(child.stdout)) {
      const line = JSON.parse(text)
      clearTimeout(alarm)
      alarm = within(seconds)
      current = line.begins
      begun = true
      if (current === undefined) yield line
    }
    const death = await ended
    if (death === '') return
    if (!begun) throw new Error(`the process ended before its first input: ${death}\n${stderr}`)
    const last = /** @type {number | string} */ (job.inputs.at(-1))
    const culprit =
      current === undefined ? { input: last, afterwards: /** @type {const} */ (true) } : { input: current }
    yield hang ? { ...culprit, hang: true } : { ...culprit, death: `${death}\n${stderr}` }
  } finally {
    clearTimeout(alarm)
    child.kill('SIGKILL')
  }
}
