// One script under one kind of fault, at each of its calls or at some of them.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { Disk, LOSSES } from './power.js'
import { makePlace, runProgram } from './process.js'
import { verify } from './verify.js'

/**
 * @typedef {import('./process.js').Ended} Ended
 * @typedef {import('./process.js').Place} Place
 * @typedef {import('./scripts.js').Script} Script
 * @typedef {import('./verify.js').Promised} Promised
 * @typedef {import('./verify.js').Verdict} Verdict
 *
 * @typedef {object} Kind
 * @property {string} name
 * @property {import('./process.js').Mode} mode
 * @property {string} [errno]
 * @property {boolean} [power] what was not synced is lost as well
 * @property {boolean} [bytes] only calls that move bytes
 * @property {Record<string, unknown>} [options] of the writer, beside the script's
 */

/** @type {Record<string, Kind>} */
export const KINDS = Object.fromEntries(
  /** @type {Kind[]} */ ([
    { name: 'kill', mode: 'kill' },
    { name: 'torn', mode: 'torn', bytes: true },
    { name: 'power', mode: 'kill', power: true, options: { durability: 'power' } },
    ...['ENOSPC', 'EIO', 'EDQUOT', 'EFBIG'].flatMap((errno) => [
      { name: `${errno} once`, mode: 'once', errno },
      { name: `${errno} from then on`, mode: 'all', errno },
    ]),
    { name: 'ENOSPC after half', mode: 'short', errno: 'ENOSPC', bytes: true },
  ]).map((kind) => [kind.name, kind]),
)

const MOVES_BYTES = /^p?writev?$|^copy_file_range$|^sendfile$/

/** A script and a kind of fault, ready to be run at any of its points. */
export class Sweep {
  /**
   * @param {Script} script
   * @param {Kind} kind
   * @param {{ root: string, library: string, oracle: import('./oracle.js').Oracle }} bench root: a directory of its own
   */
  constructor(script, kind, bench) {
    this.script = script
    this.kind = kind
    this.bench = bench
    /** Frames that are safe in the file before the faulted program starts. */
    this.base = 0
    /** Calls at which the fault can be. @type {number[]} */
    this.points = []
    const jobs = script.recover ? script.jobs : script.jobs.slice(0, -1)
    this.prepared = jobs.map((job) => this.#told(job))
    this.job = this.#told(/** @type {import('./scripts.js').Job} */ (script.jobs.at(-1)))
    /** What the path holds before, when the job is to replace it. */
    this.before = this.job.options?.overwrite
      ? { seed: /** @type {any} */ (this.prepared[0]).seed, frames: 0 }
      : undefined
  }

  /** @param {import('./scripts.js').Job} job @returns {import('./scripts.js').Job} */
  #told(job) {
    return { ...job, options: { ...job.options, ...this.kind.options } }
  }

  /** Makes the files that the faulted program finds, and counts its calls in a run without a fault. */
  async prepare() {
    const place = makePlace(join(this.bench.root, 'base'))
    for (const job of this.prepared) {
      const { output, log } = await runProgram('write.js', [place.path, JSON.stringify(job)], place)
      if (log.errors.length > 0) throw new Error(`${this.script.name}: ${log.errors[0]?.text}\n${output}`)
      this.base = log.last('accepted')
    }
    if (this.before) this.before.frames = this.base
    const { log, output, code } = await this.#run('counting', undefined)
    if (code !== 0 || log.errors.length > 0) {
      throw new Error(`${this.script.name} fails without a fault: ${log.errors[0]?.text ?? output}`)
    }
    const skipped = this.script.from ? log.callsBefore(this.script.from) : 0
    this.points = log.calls.flatMap(({ call }, i) =>
      i < skipped || (this.kind.bytes && !MOVES_BYTES.test(call)) ? [] : [i + 1],
    )
  }

  /** @param {string} name @param {number | undefined} at @returns {Promise<Ended & { place: Place }>} */
  async #run(name, at) {
    const { root, library } = this.bench
    const { mode, errno, power } = this.kind
    const place = makePlace(join(root, name))
    cpSync(join(root, 'base', 'files'), place.directory, { recursive: true })
    const args = this.script.recover ? [] : [JSON.stringify(this.job)]
    const program = this.script.recover ? 'recover.js' : 'write.js'
    const fault = at === undefined ? undefined : { mode, at, errno }
    const ended = await runProgram(program, [place.path, ...args], place, { library, fault, power })
    return { ...ended, place }
  }

  /**
   * Runs the program with the fault at one call and looks at what it leaves.
   * @param {number} at
   * @param {number} slot of a directory that no other run uses meanwhile
   * @returns {Promise<NonNullable<Verdict>[]>} nothing: as promised
   */
  async run(at, slot) {
    const { place, ...ended } = await this.#run(`run-${slot}`, at)
    const { errno, power } = this.kind
    const wrong = errno ? badlyFailed(ended, errno) : badlyKilled(ended)
    if (wrong) return [{ failing: 'misbehaved', text: wrong }]
    const promised = this.#promised(place, ended)
    if (!power) return found([await verify(promised, this.bench.oracle)])
    const disk = new Disk(place)
    const verdicts = []
    for (const loss of LOSSES) {
      disk.lose(loss)
      const verdict = await verify(promised, this.bench.oracle)
      verdicts.push(verdict && { ...verdict, text: `names ${loss.names}, ${loss.survives} survive: ${verdict.text}` })
    }
    return found(verdicts)
  }

  /** @param {Place} place @param {Ended} ended @returns {Promised} */
  #promised({ path }, { log }) {
    const { seed } = this.job
    const kept = this.before ? 0 : this.base
    const accepted = Math.max(kept, log.last('accepted'))
    const least = this.kind.power ? Math.max(kept, log.last('durable')) : accepted
    const made = this.kind.power ? least > 0 : kept > 0 || log.has('open')
    return { path, seed, least, most: accepted + 1, made, before: made ? undefined : this.before }
  }
}

/** @param {Verdict[]} verdicts */
const found = (verdicts) => verdicts.filter((verdict) => verdict !== undefined)

/** @param {Omit<Ended, 'place'>} ended */
function badlyKilled({ code, signal, output, log }) {
  if (signal === 'SIGKILL' || code === 0) return log.errors[0]?.text
  return `ended with ${signal ?? code}, not by the shim: ${output}`
}

/**
 * After a call failed the program goes on to its end, and everything that it asked for after the first error failed likewise.
 * @param {Omit<Ended, 'place'>} ended
 * @param {string} errno
 */
function badlyFailed({ code, signal, output, log }, errno) {
  if (code !== 0 || signal) return `ended with ${signal ?? code}: ${output}`
  const closed = log.has('close') || log.errors.length > 0
  if (closed && !output.endsWith('\n0 descriptors\n')) return `still there after closing: ${output}`
  const [first, ...later] = log.errors
  if (!first) return undefined
  if (first.code !== errno) return `${first.what} failed with ${first.code} for ${errno}: ${first.text}`
  if (first.what === 'open' || first.what === 'recover') return undefined
  const asked = ['writeFrame', 'drain', 'flush', 'close']
  const answers = asked.map((what) => later.find((error) => error.what === what)?.code ?? 'nothing')
  const expected = first.what === 'close' ? ['ERR_CLOSED', 'ERR_CLOSED', 'ERR_CLOSED', errno] : asked.map(() => errno)
  if (answers.join() === expected.join()) return undefined
  return `after ${errno} from ${first.what}: ${asked.map((what, i) => `${what} ${answers[i]}`).join(', ')}`
}
