import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { python } from './interpreter.js'
import { environmentOf } from './sanitized.js'

/** Global set-up: finds Python once, and starts the process that runs the programs of support/python.ts. */
export default async function startPython(): Promise<(() => void) | undefined> {
  if (process.env.H5TRACKS_TEST_PYTHON_SERVER) return undefined // the other project has started it
  try {
    process.env.H5TRACKS_TEST_PYTHON = python()
  } catch {
    return undefined // the tests that need Python say what is missing
  }
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-python-'))
  const socket = join(directory, 'socket')
  const program = fileURLToPath(new URL('../python/server.py', import.meta.url))
  const env = { ...environmentOf(python()), OPENBLAS_NUM_THREADS: '1' } // a fork has no threads
  const server = spawn(python(), [program, socket], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  await Promise.race([once(server.stdout, 'data'), once(server, 'exit')])
  process.env.H5TRACKS_TEST_PYTHON_SERVER = socket
  return () => {
    server.stdin.end()
    rmSync(directory, { recursive: true })
  }
}
