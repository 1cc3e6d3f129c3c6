// Inputs that do what no input may, by their names: what the runner is tried with.
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** @type {Record<string, () => unknown>} */
const deeds = {
  die: () => process.kill(process.pid, 'SIGSEGV') && setTimeout(60_000),
  hang: () => {
    for (;;);
  },
  foreign: () => {
    throw new TypeError('no error of ours')
  },
  memory: () => Buffer.alloc(256 * 2 ** 20, 1),
  late: () => process.on('exit', () => (process.exitCode = 3)),
  good: () => {},
}

/** @param {string} path @returns {Promise<string[]>} */
export async function inProcess(path) {
  await deeds[basename(path)]?.()
  return []
}
