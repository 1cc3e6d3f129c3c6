// Inputs that misbehave as their file names say. They test the runner.
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** @type {Record<string, () => unknown>} */
const actions = {
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
  await actions[basename(path)]?.()
  return []
}
