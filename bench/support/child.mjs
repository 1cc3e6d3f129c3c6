// Every measurement runs in a separate process, which prints one JSON object as its last line.
import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { python } from '../../test/support/interpreter.js'
import { CLI, FLOOR } from './build.mjs'

/** The path of a program of the benchmark. */
export const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Runs a program; returns its output and the seconds from its start to its end. */
export function measure(command, args) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    let complaint = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint = (complaint + text).slice(-2000)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const wall = (performance.now() - start) / 1000
      if (code !== 0) {
        reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}: ${complaint.trim()}`))
      } else resolve({ wall, printed })
    })
  })
}

/** Runs a program; returns its last line of output, parsed as JSON. */
export async function answer(command, args) {
  const { printed } = await measure(command, args)
  return JSON.parse(printed.trim().split('\n').at(-1))
}

/** The same for a Node program with one argument. */
export const node = (program, argument) =>
  answer(process.execPath, ['--expose-gc', '--max-old-space-size=8192', program, argument])

/** Runs a program of bench/jobs. */
export const ours = (job, parameters) => node(here(`jobs/${job}.mjs`), JSON.stringify(parameters))

export const h5wasm = (command, parameters) =>
  node(here('peers/h5wasm.mjs'), JSON.stringify({ command, ...parameters }))

export const h5py = (command, parameters) =>
  answer(python(), [here('peers/aquapose_h5py.py'), JSON.stringify({ command, ...parameters })])

export const posesH5py = (command, parameters) =>
  answer(python(), [here('peers/poses_h5py.py'), JSON.stringify({ command, ...parameters })])

export const pandas = (command, parameters) =>
  answer(python(), [here('peers/pandas_csv.py'), JSON.stringify({ command, ...parameters })])

/** Runs the command line; returns the seconds of the clock and of the CPU, in all threads, from its start to its end. */
export async function commandLine(...args) {
  const { wall, printed } = await measure(process.execPath, ['--import', here('support/cpu-time.mjs'), CLI, ...args])
  return { seconds: wall, ...JSON.parse(printed.trim().split('\n').at(-1)) }
}

export const floor = ({ template, path, frames, distinct }) =>
  answer(FLOOR, [template, path, String(frames), String(distinct)])

/** The parameters of a job. */
export const parameters = () => JSON.parse(process.argv[2])

/** Collects the garbage left by making the frames, and returns its memory, before the clock starts. */
export async function settle() {
  globalThis.gc()
  await setTimeout(100)
}

/** The processor time of all threads since `start`, which process.cpuUsage returned, in seconds. */
export function cpuSeconds(start) {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** Prints the result of a job. */
export function report(result) {
  console.log(JSON.stringify(result))
}
