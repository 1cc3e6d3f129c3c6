import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { environmentOf } from './sanitized.js'
import { scratch } from './scratch.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** A hang must fail the test instead of blocking the run; no program here needs a tenth of this time, except in an emulated processor. */
const HANG_MS = Number(process.env.H5TRACKS_TEST_HANG_MS ?? 100_000)

export interface Finished {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  input?: string
  env?: NodeJS.ProcessEnv
  cwd?: string
  uid?: number
}

/** Runs a program to its end. An error stack of libhdf5 on any output is an error, whatever the exit code. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { input = '', env = {}, ...rest } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...rest,
      env: { ...environmentOf(command), ...env },
      timeout: HANG_MS,
      killSignal: 'SIGKILL',
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin.on('error', () => {}) // a program may end without reading its input
    child.stdin.end(input)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const finished = { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
      try {
        expectNoErrorStack(command, finished)
        resolve(finished)
      } catch (error) {
        reject(error)
      }
    })
  })
}

export function expectNoErrorStack(command: string, { stdout, stderr }: Finished): void {
  if (!/HDF5-DIAG/.test(stderr + stdout)) return
  throw new Error(`${command} printed HDF5's error stack:\n${stderr}${stdout}`)
}

/** Like `run`, but expects success and returns the standard output. */
export async function output(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, signal, stdout, stderr } = await run(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${code ?? signal}\n${stdout}${stderr}`)
  return stdout
}

/**
 * Runs an ES module, as a user would write it, in a separate Node. It can import `h5tracks` and its subpaths,
 * `frames` (our builders of frames) and h5wasm; `args` start at process.argv[2].
 */
export function runNode(
  source: string,
  args: readonly string[] = [],
  { execArgv = [], ...options }: RunOptions & { execArgv?: string[] } = {},
): Promise<Finished> {
  return run(process.execPath, [...execArgv, program(source), ...args], options)
}

/** Writes such a module to a file and returns its path. */
export function program(source: string): string {
  const path = scratch('program.mjs')
  const imported = {
    h5tracks: 'dist/library/index.js',
    'h5tracks/tracker': 'dist/library/tracker.js',
    'h5tracks/tracking': 'dist/library/tracking.js',
    'h5tracks/hdf5': 'dist/library/hdf5.js',
    'h5tracks/h5wasm': 'dist/library/h5wasm.js',
    'h5tracks/batch': 'dist/library/batch.js',
    'h5tracks/edit': 'dist/library/edit.js',
    'h5tracks/formats': 'dist/library/formats.js',
    frames: 'test/support/tracking/frames.js',
    'h5wasm/node': 'node_modules/h5wasm/dist/node/hdf5_hl.js',
  }
  for (const [name, file] of Object.entries(imported)) {
    source = source.replaceAll(`'${name}'`, JSON.stringify(pathToFileURL(join(ROOT, file)).href))
  }
  writeFileSync(path, source)
  return path
}

/** Starts such a module as a child process that keeps running. */
export const startNode = (source: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  startProgram(process.execPath, [program(source), ...args], env)

/** Starts a child process and waits for its first output; `end()` or the end of the test ends it. */
export async function startProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(command, args, {
    cwd: dirname(scratch()),
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the child ended with ${code} before it said a word`)))
  })
  return {
    pid: child.pid!,
    /** Closes the child's standard input, waits for its end and returns its exit code. */
    end: () => {
      child.stdin.end()
      return ended
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
