import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compilerCache } from '../../scripts/compiler-cache.mjs'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The directory in which the build caches libraries, and these checks Node binaries and a Debian. */
export const CACHE = process.env.H5TRACKS_CACHE ?? join(process.env.HOME ?? tmpdir(), '.cache', 'h5tracks')
/** Enough for a build of HDF5 on a slow machine; a hang fails the check instead of blocking the run. */
const LIMIT_MS = 800_000

export interface Ended {
  code: number | null
  stdout: string
  /** Standard output and standard error, in the order of arrival. */
  all: string
}

/** Runs a program to its end, without standard input. `env` is the whole environment when given. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  // vitest.config.ts takes it out of the environment of all other programs.
  const certificates = command === 'npm' && { NODE_EXTRA_CA_CERTS: process.env.H5TRACKS_TEST_CA_CERTS }
  const env = { ...(options.env ?? process.env), ...certificates }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
    const ended = { code: null as number | null, stdout: '', all: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      ended.stdout += chunk
      ended.all += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      ended.all += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}

/** Like `run`, but throws unless the exit code is 0. */
export async function succeed(...parameters: Parameters<typeof run>): Promise<Ended> {
  const ended = await run(...parameters)
  if (ended.code === 0) return ended
  throw new Error(`${parameters[0]} ${parameters[1].join(' ')}: exit code ${ended.code}\n${ended.all.slice(-8000)}`)
}

export const temporary = (name: string) => mkdtempSync(join(tmpdir(), `h5tracks-${name}-`))

/** An environment with little more than PATH and the network settings: no variables of npm, of vitest or of our own. */
export function plainEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = /^(PATH|HOME|LANG|TMPDIR|XDG_CACHE_HOME|SSL_CERT_\w+|\w+_proxy)$/i
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name))), ...more }
}

/** Like `plainEnvironment`, for a build in `directory`: it shares object files with the tests' other builds and is as strict. */
export function buildEnvironment(directory: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return plainEnvironment({ H5TRACKS_WERROR: 'ON', ...compilerCache(directory), ...more })
}

/** A copy of the checkout without ignored files: no build, no node_modules. */
export async function checkout(): Promise<string> {
  const directory = temporary('checkout')
  const { stdout } = await succeed('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  })
  for (const file of stdout.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    cpSync(join(ROOT, file), join(directory, file), { errorOnExist: true })
  }
  return directory
}
