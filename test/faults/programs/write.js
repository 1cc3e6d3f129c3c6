// Writes frames and logs its promises, one event a line. The shim logs the calls that it counts into the same file, so the lines
// of both are in the order of the events.
//
//   node write.js <path> '{ "seed": 1, "steps": [20, "flush", 5, "close"], "options": { "chunkFrames": 4 } }'
//
// A step is a number of frames, the name of a method, or "die"; "resume": true continues at the end of the file. Several paths,
// each with such a job, are written at once, each with a "log" of its own.
import { closeSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { setImmediate } from 'node:timers/promises'
import { TrackingWriter } from 'h5tracks'
import { CAMERAS, frameOf, MAX_FISH, placeOf } from './content.js'
import { descriptorsIn } from './descriptors.js'

class Program {
  #durable = -1

  /** @param {string} path @param {import('../scripts.js').Job} job */
  constructor(path, job) {
    this.path = path
    this.job = job
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

  /** @param {TrackingWriter} writer */
  #logDurable(writer) {
    if (writer.durableFrames === undefined || writer.durableFrames === this.#durable) return
    this.#durable = writer.durableFrames
    this.#log('durable', this.#durable)
  }

  /** @param {TrackingWriter} writer @param {number} i */
  async #writeOne(writer, i) {
    const { frameIndex, tracks } = frameOf(this.job.seed, i)
    const more = writer.writeFrame(frameIndex, tracks)
    this.#log('accepted', i + 1)
    this.#logDurable(writer)
    if (!more) await writer.drain()
    else if (i % 16 === 15) await setImmediate()
    return true
  }

  /** @param {TrackingWriter} writer @param {'drain' | 'flush' | 'close'} method */
  async #call(writer, method) {
    await writer[method]()
    this.#log(method)
    this.#logDurable(writer)
    return true
  }

  /** After a failure every call of the writer must fail likewise, and close must release the file. */
  async #afterFailure(/** @type {TrackingWriter} */ writer, /** @type {number} */ i) {
    await this.#attempt('writeFrame', () => this.#writeOne(writer, i))
    for (const method of /** @type {const} */ (['drain', 'flush', 'close']))
      await this.#attempt(method, () => this.#call(writer, method))
  }

  async run() {
    const { seed, steps, resume = false, options = {} } = this.job
    const writer = await this.#attempt('open', () =>
      resume
        ? TrackingWriter.resume(this.path, options)
        : new TrackingWriter(this.path, CAMERAS, { maxFish: MAX_FISH, ...options }),
    )
    if (!writer) return
    let next = writer.lastFrameIndex == null ? 0 : placeOf(seed, writer.lastFrameIndex) + 1
    this.#log('open', next)
    this.#logDurable(writer)
    for (const step of steps) {
      if (step === 'die') process.kill(process.pid, 'SIGKILL')
      else if (typeof step === 'string') {
        if (!(await this.#attempt(step, () => this.#call(writer, step)))) return this.#afterFailure(writer, next)
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
