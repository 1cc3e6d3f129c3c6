// Writes frames and says what was promised: each line of its log is a word and what it is about. The order of the lines is that
// of the events, also among the calls that the shim counts into the same file.
//
//   node write.js <path> '{ "seed": 1, "steps": [20, "flush", 5, "close"], "options": { "chunkFrames": 4 } }'
//
// A step is a number of frames, the name of a method, or "die"; "resume": true goes on where the file ends. Several paths,
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
    this.log = openSync(job.log ?? /** @type {string} */ (process.env.H5TRACKS_FAULT_LOG), 'a')
  }

  /** @param {...(string | number)} words */
  #say(...words) {
    writeSync(this.log, `${words.join(' ')}\n`)
  }

  /**
   * @template T
   * @param {string} what
   * @param {() => T | Promise<T>} action
   * @returns {Promise<T | undefined>} undefined when it failed, which is said
   */
  async #attempt(what, action) {
    try {
      return await action()
    } catch (error) {
      const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
      this.#say('error', what, code ?? 'none', message.replaceAll('\n', ' '))
      return undefined
    }
  }

  /** @param {TrackingWriter} writer */
  #sayDurable(writer) {
    if (writer.durableFrames === undefined || writer.durableFrames === this.#durable) return
    this.#durable = writer.durableFrames
    this.#say('durable', this.#durable)
  }

  /** @param {TrackingWriter} writer @param {number} i */
  async #writeOne(writer, i) {
    const { frameIndex, tracks } = frameOf(this.job.seed, i)
    const more = writer.writeFrame(frameIndex, tracks)
    this.#say('accepted', i + 1)
    this.#sayDurable(writer)
    if (!more) await writer.drain()
    else if (i % 16 === 15) await setImmediate()
    return true
  }

  /** @param {TrackingWriter} writer @param {'drain' | 'flush' | 'close'} method */
  async #call(writer, method) {
    await writer[method]()
    this.#say(method)
    this.#sayDurable(writer)
    return true
  }

  /** After a failure all that is asked of the writer must fail likewise, and closing must give up the file. */
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
    this.#say('open', next)
    this.#sayDurable(writer)
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
for (const { log } of programs) closeSync(log)
process.stdout.write(`${descriptorsIn(programs.map(({ path }) => dirname(path)))}\n`)
