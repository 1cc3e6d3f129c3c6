// Lets child processes meet damaged inputs in batches; a process that dies or hangs is put down to the input that it had
// met, and the run goes on behind it. Plain JavaScript, for the tests and for mutants.js.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const BATCH = 200
/** For Node, the library and the inputs to come up, on a busy machine. */
const START_SECONDS = 60
const program = fileURLToPath(new URL('batch.js', import.meta.url))

/**
 * What became of one input. `codes`: of the errors that were met, none where everything could be read.
 * @typedef {object} Outcome
 * @property {number | string} input
 * @property {string[]} [codes]
 * @property {string} [untyped] an error that is none of ours
 * @property {string} [death] how the process ended
 * @property {true} [hang]
 * @property {true} [afterwards] the process had met all its inputs, this one last, and did not end well
 * @property {number} [milliseconds]
 * @property {number} [megabytes] memory at its peak above that before
 * @property {number} [size] bytes of the input
 */

/**
 * @param {object} options
 * @param {string} options.kind
 * @param {'inProcess' | 'untrusted'} options.way
 * @param {readonly (number | string)[]} options.inputs
 * @param {number} options.seconds for one input
 * @param {number} [options.batch] how many inputs one process meets
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
  /** @type {number | string | undefined} */
  let met
  let begun = false
  try {
    for await (const text of createInterface(child.stdout)) {
      const line = JSON.parse(text)
      clearTimeout(alarm)
      alarm = within(seconds)
      met = line.met
      begun = true
      if (met === undefined) yield line
    }
    const death = await ended
    if (death === '') return
    if (!begun) throw new Error(`the process that was to meet the inputs ended before the first: ${death}\n${stderr}`)
    const last = /** @type {number | string} */ (job.inputs.at(-1))
    const culprit = met === undefined ? { input: last, afterwards: /** @type {const} */ (true) } : { input: met }
    yield hang ? { ...culprit, hang: true } : { ...culprit, death: `${death}\n${stderr}` }
  } finally {
    clearTimeout(alarm)
    child.kill('SIGKILL')
  }
}
