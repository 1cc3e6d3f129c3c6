import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT, type RunOptions, run } from '../support/process.js'

export const MAIN = join(ROOT, 'dist/command/h5tracks.js')

/** Runs the command line to its end. */
export function h5tracks(args: readonly string[], options: RunOptions = {}) {
  return run(process.execPath, [MAIN, ...args], options)
}

/** Starts the command line with its standard input open, for tests that act while it runs. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  child.stdin.on('error', () => {})
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stderr })),
  )
  return { child, ended }
}

/** A fish as in JSON lines, with the given fields replaced. */
export function fish(fishId: number, different: Record<string, unknown> = {}) {
  return {
    fishId,
    centroid3d: [1.5, 2.5, 3.5],
    confidence: 0.75,
    reprojectionResidual: 0.25,
    nCameras: 2,
    isConfirmed: true,
    cameraDetections: { top: 0, front: 3 },
    bboxes: { top: [1, 2, 3, 4], front: [5, 6, 7, 8] },
    ...different,
  }
}

export function lines(...values: unknown[]): string {
  return values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('')
}
