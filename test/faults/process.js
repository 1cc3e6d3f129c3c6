// Runs a program under the shim and returns its outcome.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const HANG_MS = Number(process.env.H5TRACKS_TEST_HANG_MS ?? 60_000)

/**
 * @typedef {'count' | 'kill' | 'torn' | 'once' | 'all' | 'short'} Mode the modes of shim.c
 *
 * @typedef {object} Fault
 * @property {Mode} mode
 * @property {number} at
 * @property {string | undefined} [errno] name of the error, for the modes that make calls fail
 *
 * @typedef {object} Place directories of one run
 * @property {string} directory holds the file and its journal; calls on files in it are counted
 * @property {string} path of the file
 * @property {string} log
 * @property {string} snapshots
 *
 * @typedef {object} Ended
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} output standard output and standard error
 * @property {Log} log
 */

/**
 * Compiles the shim.
 * @param {string} directory for the library
 * @returns {{ library: string, missing?: undefined } | { library?: undefined, missing: string }}
 */
export function buildShim(directory) {
  if (process.platform !== 'linux') return { missing: `there is no LD_PRELOAD on ${process.platform}` }
  const library = join(directory, 'shim.so')
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC']
  const { error, status, stderr } = spawnSync('cc', [...flags, '-o', library, here('shim.c'), '-ldl'], {
    encoding: 'utf8',
  })
  if (error) return { missing: `no C compiler: ${error.message}` }
  if (status !== 0) throw new Error(`the shim does not compile:\n${stderr}`)
  return { library }
}

/** The events that a program logged, in order, and the calls that the shim counted. */
export class Log {
  /** @param {string} path */
  constructor(path) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    this.lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' '))
    this.calls = this.lines
      .filter(([word]) => word?.startsWith('#'))
      .map(([, call = '', file = '']) => ({ call, file }))
  }

  /** @param {string} word @returns {number} the number in the last line with this word; `otherwise` when there is none */
  last(word, otherwise = 0) {
    const line = this.lines.findLast(([first]) => first === word)
    return line ? Number(line[1]) : otherwise
  }

  /** @param {string} word */
  has(word) {
    return this.lines.some(([first]) => first === word)
  }

  /** @returns {{ what: string, code: string, text: string }[]} */
  get errors() {
    return this.lines
      .filter(([word]) => word === 'error')
      .map(([, what = '', code = '', ...text]) => ({ what, code, text: text.join(' ') }))
  }

  /** The number of calls that were counted before `frames` frames were accepted. @param {number} frames */
  callsBefore(frames) {
    const end = this.lines.findIndex(([word, count]) => word === 'accepted' && Number(count) >= frames)
    return this.lines.slice(0, end).filter(([word]) => word?.startsWith('#')).length
  }
}

/** @param {string} root @returns {Place} empty */
export function makePlace(root) {
  rmSync(root, { recursive: true, force: true })
  const directory = join(root, 'files')
  mkdirSync(directory, { recursive: true })
  const snapshots = join(root, 'snapshots')
  mkdirSync(snapshots)
  writeFileSync(join(snapshots, 'boot_id'), '00000000-0000-4000-8000-000000000000\n')
  return { directory, path: join(directory, 'out.h5'), log: join(root, 'log'), snapshots }
}

/**
 * @param {string} program in programs/
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function startProgram(program, args, env = {}) {
  const child = spawn(process.execPath, [here(`programs/${program}`), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: HANG_MS,
    killSignal: 'SIGTERM', // the tests send SIGKILL
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null, output: string }>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, output }))
  })
  return { child, ended }
}

/**
 * The environment that puts a process under the shim.
 * @param {Place} place
 * @param {{ library?: string | undefined, fault?: Fault | undefined, power?: boolean | undefined }} how without a library only the log is set
 * @returns {NodeJS.ProcessEnv}
 */
export function underShim(place, { library, fault, power }) {
  return {
    UV_USE_IO_URING: '0', // io_uring writes without calls that the shim can count
    H5TRACKS_FAULT_LOG: place.log,
    ...(library && {
      LD_PRELOAD: `${process.env.LD_PRELOAD ?? ''} ${library}`,
      H5TRACKS_FAULT_DIRECTORY: place.directory,
    }),
    ...(power && { H5TRACKS_FAULT_SNAPSHOTS: place.snapshots }),
    ...(fault && {
      H5TRACKS_FAULT_MODE: fault.mode,
      H5TRACKS_FAULT_AT: String(fault.at),
      H5TRACKS_FAULT_ERRNO: String(errnoOf(fault.errno ?? 'EIO')),
    }),
  }
}

/**
 * Runs a program to its end.
 * @param {string} program in programs/
 * @param {readonly string[]} args
 * @param {Place} place its log is removed first
 * @param {Parameters<typeof underShim>[1]} [how]
 * @returns {Promise<Ended>}
 */
export async function runProgram(program, args, place, how = {}) {
  rmSync(place.log, { force: true })
  const { ended } = startProgram(program, args, underShim(place, how))
  return { ...(await ended), log: new Log(place.log) }
}

/** @param {string} name */
function errnoOf(name) {
  const number = /** @type {Record<string, number>} */ (constants.errno)[name]
  if (number === undefined) throw new Error(`${name} is not an error number on this system`)
  return number
}
