import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compilerCache } from '../../scripts/compiler-cache.mjs'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Where the build keeps libraries; the checks keep Node binaries and a Debian there too. */
export const CACHE = process.env.H5TRACKS_CACHE ?? join(process.env.HOME ?? tmpdir(), '.cache', 'h5tracks')
/** A build of HDF5 on a slow machine; a hang fails the check instead of stopping the run. */
const LIMIT_MS = 800_000

export interface Ended {
  code: number | null
  stdout: string
  /** Both streams as they came. */
  all: string
}

/** Runs a program to its end, without standard input. `env` is the whole environment when given. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
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

/** As `run`, for what must succeed. */
export async function succeed(...parameters: Parameters<typeof run>): Promise<Ended> {
  const ended = await run(...parameters)
  if (ended.code === 0) return ended
  throw new Error(`${parameters[0]} ${parameters[1].join(' ')}: exit code ${ended.code}\n${ended.all.slice(-8000)}`)
}

export const temporary = (name: string) => mkdtempSync(join(tmpdir(), `h5tracks-${name}-`))

/** Little more than where programs are and how the network is reached: nothing of npm's, of vitest's, or of our switches. */
export function plainEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = /^(PATH|HOME|LANG|TMPDIR|XDG_CACHE_HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|\w+_proxy)$/i
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name))), ...more }
}

/** The same, for a build in `directory`: it takes object files from the other builds of the tests, and is as strict as they are. */
export function buildEnvironment(directory: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return plainEnvironment({ H5TRACKS_WERROR: 'ON', ...compilerCache(directory), ...more })
}

/** A copy of the checkout as it would be committed: no build, no node_modules. */
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
