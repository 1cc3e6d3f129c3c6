// Checks many files with h5py, in one child process that is started again when a file crashes it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { python } from '../support/interpreter.js'
import { CAMERAS, frameOf, slotsOf } from './programs/content.js'

export class Oracle {
  /** @type {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null> | undefined} */
  #child
  /** The number of frames of each seed that the process knows. @type {Map<number, number>} */
  #known = new Map()
  /** @type {((answer: string) => void)[]} */
  #waiting = []

  /**
   * The answer of h5py: how many of the first frames of the seed the file holds, or what is wrong with it.
   * @param {string} path
   * @param {number} seed
   * @param {number} frames the most frames that the file can hold
   * @returns {Promise<{ rows: number, wrong?: undefined } | { rows?: undefined, wrong: string }>}
   */
  async ask(path, seed, frames) {
    const child = this.#running()
    if ((this.#known.get(seed) ?? -1) < frames) {
      const count = frames + 100 // so that one more frame does not need a new model
      const model = {
        model: seed,
        cameras: CAMERAS,
        slots: slotsOf(seed),
        frames: Array.from({ length: count }, (_, i) => frameOf(seed, i)),
      }
      child.stdin.write(`${JSON.stringify(model)}\n`)
      this.#known.set(seed, count)
    }
    child.stdin.write(`${JSON.stringify({ file: path, model: seed })}\n`)
    return JSON.parse(await new Promise((resolve) => this.#waiting.push(resolve)))
  }

  #running() {
    if (this.#child) return this.#child
    const child = spawn(python(), [fileURLToPath(new URL('compare.py', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    createInterface(child.stdout).on('line', (line) => this.#waiting.shift()?.(line))
    child.stdin.on('error', () => {}) // reported when the process ends
    child.on('close', (code, signal) => {
      this.#child = undefined
      this.#known.clear()
      for (const answer of this.#waiting.splice(0))
        answer(JSON.stringify({ wrong: `h5py died with ${signal ?? code}` }))
    })
    this.#child = child
    return child
  }

  end() {
    this.#child?.stdin.end()
  }
}
