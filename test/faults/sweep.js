// One script with one kind of fault, at each of its calls or at some of them.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { verifyWithoutJournal } from './lost.js'
import { Disk, LOSSES } from './power.js'
import { Log, makePlace, runProgram } from './process.js'
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
 * @property {boolean} [power] writes that were not synced are lost as well
 * @property {boolean} [journalLost] the journal is removed afterwards
 * @property {boolean} [bytes] only calls that move bytes
 * @property {Record<string, unknown>} [options] of the writer, in addition to the script's
 */

/** @type {Record<string, Kind>} */
export const KINDS = Object.fromEntries(
  /** @type {Kind[]} */ ([
    { name: 'kill', mode: 'kill' },
    { name: 'torn', mode: 'torn', bytes: true },
    { name: 'kill, journal lost', mode: 'kill', journalLost: true },
    { name: 'kill without journal', mode: 'kill', journalLost: true, options: { durability: 'none' } },
    { name: 'power', mode: 'kill', power: true, options: { durability: 'power' } },
    ...['ENOSPC', 'EIO', 'EDQUOT', 'EFBIG'].flatMap((errno) => [
      { name: `${errno} once`, mode: 'once', errno },
      { name: `${errno} from then on`, mode: 'all', errno },
    ]),
    { name: 'ENOSPC after half', mode: 'short', errno: 'ENOSPC', bytes: true },
  ]).map((kind) => [kind.name, kind]),
)

const MOVES_BYTES = /^p?writev?$|^copy_file_range$|^sendfile$/

/**
 * @typedef {object} Prepared what all kinds of faults that take the same options start from
 * @property {string} files directory with what the faulted program finds
 * @property {number} least frames that are safe in there
 * @property {number} most frames that may be in there
 * @property {import('./process.js').Log} log of a run without a fault
 *
 * @typedef {object} Bench where sweeps run, one after the other
 * @property {string} root a directory of their own
 * @property {string} library the shim
 * @property {import('./oracle.js').Oracle} oracle
 * @property {Map<string, Prepared>} prepared
 */

/** A script and a kind of fault, to be run at any of its points. */
export class Sweep {
  /** @type {Prepared} */
  #prepared

  /** @param {Script} script @param {Kind} kind @param {Bench} bench */
  constructor(script, kind, bench) {
    this.script = script
    this.kind = kind
    this.bench = bench
    /** The calls at which the fault can happen. @type {number[]} */
    this.points = []
    /** Only frames that were reported as durable are promised, not all accepted ones. */
    this.outlastsPower = kind.options?.durability === 'power'
    const jobs = script.jobs.map((job) => ({ ...job, options: { ...job.options, ...kind.options } }))
    this.before = script.recover ? jobs : jobs.slice(0, -1)
    this.job = /** @type {import('./scripts.js').Job} */ (jobs.at(-1))
    this.#prepared = { files: '', least: 0, most: 0, log: new Log('') }
  }

  /** Makes the files that the program under test finds, and counts its calls in a run without a fault. */
  async prepare() {
    const { script, bench, kind } = this
    const key = JSON.stringify([script.name, kind.power, kind.options])
    this.#prepared = bench.prepared.get(key) ?? (await this.#prepare(`base-${bench.prepared.size}`))
    bench.prepared.set(key, this.#prepared)
    const { log } = this.#prepared
    const skipped = script.from ? log.callsBefore(script.from) : 0
    this.points = log.calls.flatMap(({ call }, i) =>
      i < skipped || (kind.bytes && !MOVES_BYTES.test(call)) ? [] : [i + 1],
    )
  }

  /** The calls of a run without a fault that match. @param {RegExp} such for example `fsync /out.h5` */
  callsLike(such) {
    return this.#prepared.log.calls.flatMap(({ call, file }, i) => (such.test(`${call} ${file}`) ? [i + 1] : []))
  }

  /** @param {string} name @returns {Promise<Prepared>} */
  async #prepare(name) {
    const { library, root } = this.bench
    const place = makePlace(join(root, name))
    this.#prepared = { files: place.directory, least: 0, most: 0, log: new Log('') }
    for (const job of this.before) {
      // These runs use the shim too when the power is lost, so that all see the same boot id until then.
      const how = { library, power: this.kind.power }
      const { output, log } = await runProgram('write.js', [place.path, JSON.stringify(job)], place, how)
      if (log.errors.length > 0) throw new Error(`${this.script.name}: ${log.errors[0]?.text}\n${output}`)
      this.#prepared.most = log.last('accepted')
      this.#prepared.least = log.last(this.outlastsPower && !log.has('close') ? 'durable' : 'accepted')
    }
    const { log, output, code } = await this.#run('counting', undefined)
    if (code !== 0 || log.errors.length > 0) {
      throw new Error(`${this.script.name} fails without a fault: ${log.errors[0]?.text ?? output}`)
    }
    return { ...this.#prepared, log }
  }

  /** @param {string} name @param {number | undefined} at @returns {Promise<Ended & { place: Place }>} */
  async #run(name, at) {
    const { root, library } = this.bench
    const { mode, errno, power } = this.kind
    const place = makePlace(join(root, name))
    cpSync(this.#prepared.files, place.directory, { recursive: true })
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
   * @returns {Promise<NonNullable<Verdict>[]>} empty when every promise was kept
   */
  async run(at, slot) {
    const { place, ...ended } = await this.#run(`run-${slot}`, at)
    const { errno, power, journalLost } = this.kind
    const wrong = errno ? badlyFailed(ended, errno) : badlyKilled(ended)
    if (wrong) return [{ failing: 'misbehaved', text: wrong }]
    const promised = this.#promised(place, ended)
    if (journalLost) return found([await verifyWithoutJournal(promised)])
    if (!power) return found([await verify(promised, this.bench.oracle)])
    const disk = new Disk(place)
    const verdicts = []
    for (const loss of LOSSES) {
      disk.lose(loss)
      const verdict = await verify({ ...promised, powerLost: true }, this.bench.oracle)
      verdicts.push(
        verdict && {
          ...verdict,
          text: `names ${loss.names}, ${loss.survives}${loss.whole ? `, all of ${loss.whole}` : ''} survive: ${verdict.text}`,
        },
      )
    }
    return found(verdicts)
  }

  /** @param {Place} place @param {Ended} ended @returns {Promised} */
  #promised({ path }, { log }) {
    const { seed, options } = this.job
    // A file that is to be replaced may still be there, but none of its frames must be.
    const replaced = options?.overwrite ? { seed: this.before[0]?.seed ?? 0, frames: this.#prepared.most } : undefined
    const kept = replaced ? { least: 0, most: 0 } : this.#prepared
    // The old file stays until the new writer is open.
    if (replaced && log.errors[0]?.what === 'open') {
      return { path, seed: replaced.seed, least: replaced.frames, most: replaced.frames }
    }
    const accepted = Math.max(kept.most, log.last('accepted'))
    const least = this.outlastsPower ? Math.max(kept.least, log.last('durable'), log.last('recover')) : accepted
    const made = this.outlastsPower ? least > 0 : kept.least > 0 || log.has('open')
    return { path, seed, least, most: accepted + 1, made, before: made ? undefined : replaced }
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
 * After a failed call the program runs to its end, and every request after the first error fails likewise.
 * @param {Omit<Ended, 'place'>} ended
 * @param {string} errno
 */
function badlyFailed({ code, signal, output, log }, errno) {
  if (code !== 0 || signal) return `ended with ${signal ?? code}: ${output}`
  if ((log.has('close') || log.has('error')) && !/^0 descriptors$/m.test(output))
    return `still there after closing: ${output}`
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
