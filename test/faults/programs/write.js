// Writes frames and logs its promises, one event a line. The shim logs the calls that it counts into the same file, so the lines
// of both are in the order of the events.
//
//   node write.js <path> '{ "seed": 1, "steps": [20, "flush", 5, "close"], "options": { "chunkFrames": 4 } }'
//
// A step is a number of frames, { "batch": 20 } for as many in one call, the name of a method, or "die"; "resume": true continues at the
// end of the file; "layouts": true writes a file of random layouts. Several paths, each with such a job, are written at once, each with
// a "log" of its own.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setImmediate } from 'node:timers/promises'
import { descriptorsIn } from './descriptors.js'
import { runOf } from './runs.js'

/** @typedef {import('./runs.js').Writer} Writer */

class Program {
  #durable = -1

  /** @param {string} path @param {import('../scripts.js').Job} job */
  constructor(path, job) {
    this.path = path
    this.job = job
    this.content = runOf(job)
    this.descriptor = openSync(job.log ?? /** @type {string} */ (process.env.H5TRACKS_FAULT_LOG), 'a')
  }

  /** @param {...(string | number)} words */
  #log(...words) {
    writeSync(this.descriptor, `${words.join(' ')}\n`)
  }

  /**
   * @template T
   * @param {string} what
   * @param {() => T | Promise<T>} action
   * @returns {Promise<T | undefined>} undefined when it failed, which is logged
   */
  async #attempt(what, action) {
    try {
      return await action()
    } catch (error) {
      const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
      this.#log('error', what, code ?? 'none', message.replaceAll('\n', ' '))
      return undefined
    }
  }

  /** @param {Writer} writer */
  #logDurable(writer) {
    if (writer.durableFrames === undefined || writer.durableFrames === this.#durable) return
    this.#durable = writer.durableFrames
    this.#log('durable', this.#durable)
  }

  /** @param {Writer} writer @param {number} i */
  async #writeOne(writer, i) {
    const more = this.content.write(writer, i)
    this.#log('accepted', i + 1)
    this.#logDurable(writer)
    if (!more) await writer.drain()
    else if (i % 16 === 15) await setImmediate()
    return true
  }

  /** @param {Writer} writer @param {number} from @param {number} to */
  async #writeBatch(writer, from, to) {
    this.#log('begin', to)
    const more = this.content.writeBatch(writer, from, to)
    this.#log('accepted', to)
    if (!more) await writer.drain()
    return true
  }

  /** @param {Writer} writer @param {'drain' | 'flush' | 'close'} method */
  async #call(writer, method) {
    await writer[method]()
    this.#log(method)
    this.#logDurable(writer)
    return true
  }

  /** After a failure every call of the writer must fail likewise, and close must release the file. */
  async #afterFailure(/** @type {Writer} */ writer, /** @type {number} */ i) {
    await this.#attempt('writeFrame', () => this.#writeOne(writer, i))
    for (const method of /** @type {const} */ (['drain', 'flush', 'close']))
      await this.#attempt(method, () => this.#call(writer, method))
  }

  /** Writes another file, which the shim does not watch. @param {Record<string, unknown>} options */
  async #writeElsewhere(options) {
    const directory = mkdtempSync(join(tmpdir(), 'h5tracks-first-'))
    await this.content.create(join(directory, 'first.h5'), options).close()
    rmSync(directory, { recursive: true })
  }

  async run() {
    const { steps, resume = false, options = {}, after } = this.job
    if (after) await this.#writeElsewhere({ ...options, ...after, overwrite: false })
    const writer = await this.#attempt('open', () =>
      resume ? this.content.resume(this.path, options) : this.content.create(this.path, options),
    )
    if (!writer) return
    let next = writer.lastFrameIndex == null ? 0 : this.content.placeOf(writer.lastFrameIndex) + 1
    this.#log('open', next)
    this.#logDurable(writer)
    for (const step of steps) {
      if (step === 'die') process.kill(process.pid, 'SIGKILL')
      else if (typeof step === 'string') {
        if (!(await this.#attempt(step, () => this.#call(writer, step)))) return this.#afterFailure(writer, next)
      } else if (typeof step === 'object') {
        const until = next + step.batch
        if (!(await this.#attempt('writeFrames', () => this.#writeBatch(writer, next, until)))) {
          return this.#afterFailure(writer, next)
        }
        next = until
      } else {
        for (const until = next + step; next < until; next++) {
          const written = await this.#attempt('writeFrame', () => this.#writeOne(writer, next))
          if (!written) return this.#afterFailure(writer, next + 1)
        }
      }
    }
  }
}

/** @type {Program[]} */
const programs = []
for (let i = 2; i < process.argv.length; i += 2) {
  programs.push(new Program(process.argv[i] ?? '', JSON.parse(process.argv[i + 1] ?? '')))
}
process.stdout.write('started\n')
await Promise.all(programs.map((program) => program.run()))
for (const { descriptor } of programs) closeSync(descriptor)
process.stdout.write(`${descriptorsIn(programs.map(({ path }) => dirname(path)))}\n`)
