// Compares files with the datasets that they must have by h5py, in one process for many files.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { python } from '../interpreter.js'
import { toJson } from './expected.js'

/** @typedef {{ rows: number, wrong?: undefined } | { rows?: undefined, wrong: string }} Answer */

export class ColumnOracle {
  /** @type {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null> | undefined} */
  #child
  /** @type {((answer: string) => void)[]} */
  #waiting = []

  /**
   * How many rows the file has, or what is wrong with it.
   * @param {string} path
   * @param {readonly import('./expected.js').ExpectedColumn[]} columns
   * @param {{ prefix?: boolean }} [options] prefix: the file may have only the first rows
   * @returns {Promise<Answer>}
   */
  async ask(path, columns, { prefix = false } = {}) {
    this.#running().stdin.write(`${JSON.stringify({ file: path, columns: toJson(columns), prefix })}\n`)
    return JSON.parse(await new Promise((resolve) => this.#waiting.push(resolve)))
  }

  #running() {
    if (this.#child) return this.#child
    const program = fileURLToPath(new URL('../../python/columns.py', import.meta.url))
    const child = spawn(python(), [program], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface(child.stdout).on('line', (line) => this.#waiting.shift()?.(line))
    child.stdin.on('error', () => {}) // reported when the process ends
    child.on('close', (code, signal) => {
      this.#child = undefined
      const wrong = JSON.stringify({ wrong: `h5py died with ${signal ?? code}` })
      for (const answer of this.#waiting.splice(0)) answer(wrong)
    })
    this.#child = child
    return child
  }

  end() {
    this.#child?.stdin.end()
  }
}
