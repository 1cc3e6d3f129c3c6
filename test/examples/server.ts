import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import type { Frame } from '../support/tracking/frames.js'

export const example = (name: string) => join(ROOT, 'examples', name)

/** The server's answer at the end of a connection. */
export interface Answer {
  frames: number
  error?: { code: string; message: string; line: number }
}

/** Starts the example server with a fresh output directory and waits until it listens; disposing kills it. */
export async function startServer(...args: string[]) {
  const directory = dirname(scratch())
  const child = spawn(process.execPath, [example('serve.mjs'), '--dir', directory, ...args])
  let stderr = ''
  const lines: string[] = []
  const waiting = new Set<() => void>()
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string; lines: string[] }>(
    (resolve) => child.on('close', (code, signal) => resolve({ code, signal, stderr, lines })),
  )
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  /** Resolves with the first past or future line that matches. */
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const line = lines.find((one) => pattern.test(one))
        if (line === undefined) return
        waiting.delete(look)
        resolve(line)
      }
      waiting.add(look)
      look()
      ended.then(() => reject(new Error(`the server ended without saying ${pattern}\n${lines.join('\n')}\n${stderr}`)))
    })
  const address = (await said(/^listening on /)).replace('listening on ', '')
  return {
    directory,
    address,
    port: address.replace(/.*:/, ''),
    lines,
    said,
    ended,
    file: (rig: string) => join(directory, `${rig}.h5`),
    /** Opens a connection that sends the given values. */
    rig: (...start: unknown[]) => new RigClient(address, start),
    /** Sends a signal and returns how the server ended. */
    stop: (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** One connection to the server; strings are sent as they are, other values as a JSON line. */
export class RigClient {
  readonly socket: Socket
  /** The server's output until it closes its side. */
  readonly answer: Promise<Answer>

  constructor(address: string, start: readonly unknown[]) {
    const [host = '', port] = address.split(':')
    const where = port === undefined ? { path: address } : { host, port: Number(port) }
    this.socket = connect({ ...where, allowHalfOpen: true })
    this.socket.on('error', () => {})
    this.answer = text(this.socket).then((said) => JSON.parse(said) as Answer)
    // A rejection must not fail a test that ignores the answer.
    this.answer.catch(() => {})
    this.send(...start)
  }

  send(...values: unknown[]): this {
    for (const value of values) this.socket.write(typeof value === 'string' ? value : `${JSON.stringify(value)}\n`)
    return this
  }

  /** Ends this side and returns the answer. */
  end(): Promise<Answer> {
    this.socket.end()
    return this.answer
  }
}

/** A frame in the server's protocol. */
export const line = ({ frameIndex, tracks }: Frame) => ({ frame: Number(frameIndex), tracks })
