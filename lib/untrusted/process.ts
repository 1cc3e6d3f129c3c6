/**
 * Starts and controls the process that reads an untrusted file: sends requests, receives replies and enforces the limits. However
 * the process ends, pending calls reject with an H5TracksError. It is always ended by SIGKILL: it has nothing to save.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { H5TracksError } from '../base/errors.js'
import { decodeError, expect, ProtocolError } from './json-values.js'
import { type CheckedLimits, limitReached } from './limits.js'
import { Replies } from './replies.js'

interface Request {
  /** Memory for the raw bytes of the answer; they fill it exactly. */
  into: readonly Uint8Array[]
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  /** The JSON part of the answer, while its raw bytes are still arriving. */
  value?: unknown
}

// Beside this file in the bundles, too.
const program = fileURLToPath(new URL('./child.js', import.meta.url))
/** The variables that the loader and the addon need. No others, so a file that takes the process over finds no secrets. */
const inherited = /^(PATH|TMPDIR|TZ|LANG|LC_\w+|LD_\w+|DYLD_\w+|LIBC|PREBUILDS_ONLY|H5TRACKS_\w+|[A-Z]+SAN_OPTIONS)$/
/** Electron's program is an application, unless it is told to be Node. */
const asNode = process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }
/** Number of characters that are kept from the end of what the process prints. */
const keptText = 4096
/** The exit code of a process that Windows ends because it takes more processor time than its job allows: ERROR_NOT_ENOUGH_QUOTA. */
const exceededOnWindows = 1816

export class ReadingProcess {
  readonly path: string
  readonly limits: CheckedLimits
  readonly #child: ChildProcess
  readonly #requests: Request[] = []
  readonly #exited: Promise<void>
  #end: unknown
  #printed = ''

  constructor(path: string, limits: CheckedLimits, signal?: AbortSignal) {
    signal?.throwIfAborted()
    this.path = path
    this.limits = limits
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name)))
    this.#child = spawn(process.execPath, [program, String(limits.bytes), String(limits.seconds)], {
      env: { ...env, ...asNode },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    })
    const abort = () => this.#fail(signal?.reason)
    signal?.addEventListener('abort', abort)
    this.#exited = new Promise((resolve) => {
      const ended = () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      this.#child.once('close', (code, killedBy) => {
        this.#fail(this.#death(code, killedBy))
        ended()
      })
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        this.#fail(this.#crash(`could not be started: ${error.message}`))
        ended()
      })
    })
    this.#listen()
  }

  get isAlive(): boolean {
    return this.#end === undefined
  }

  /** Runs a task that makes requests. If it exceeds the time limit, the process is killed. The task keeps the event loop alive. */
  async within<T>(task: () => Promise<T>): Promise<T> {
    const late = () => this.#fail(limitReached(this.path, this.limits, 'seconds', 'it takes'))
    const timer = setTimeout(late, 1000 * this.limits.seconds)
    try {
      return await task()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Sends a request and returns the answer; its raw bytes fill `into`. Call it inside {@link within}. */
  request(what: Record<string, unknown>, into: readonly Uint8Array[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end)
      this.#requests.push({ into, resolve, reject })
      this.#child.stdin?.write(`${JSON.stringify(what)}\n`)
    })
  }

  /** Runs a check of an answer. If the answer breaks the protocol, ends the process and throws ERR_CRASHED. */
  checked<T>(look: () => T): T {
    try {
      return look()
    } catch (error) {
      // RangeError: values that are nested too deep.
      const isNonsense = error instanceof ProtocolError || error instanceof RangeError
      if (isNonsense) this.#fail(this.#crash(`answered with nonsense: ${error.message}`))
      throw this.#end ?? error
    }
  }

  /** Ends the process. Pending calls reject with ERR_CLOSED. Resolves when the process, and its lock on the file, are gone. */
  async close(): Promise<void> {
    this.#fail(new H5TracksError(`${this.path} is closed`, { code: 'ERR_CLOSED', path: this.path }))
    this.#child.ref()
    await this.#exited
  }

  /** Ends the process without waiting. */
  abandon(): void {
    this.#child.kill('SIGKILL')
  }

  #listen(): void {
    const longestText = Math.floor(this.limits.bytes / 32) // parsed, the text takes several times as much memory
    const replies = new Replies(
      longestText,
      (reply) => this.#begin(reply),
      () => this.#finish(),
    )
    const [requests, , printed, answers] = this.#child.stdio as unknown as [Writable, null, Readable, Readable]
    requests.on('error', () => {}) // the process has ended, which the event 'close' reports
    printed.on('data', (text) => {
      this.#printed = (this.#printed + text).slice(-keptText)
    })
    answers.on('data', (bytes: Buffer) => {
      try {
        if (this.#end === undefined) replies.push(bytes)
      } catch (error) {
        this.#fail(this.#crash(`answered with nonsense: ${(error as Error).message}`))
      }
    })
    // While a call waits for an answer, the timer of `within` keeps the event loop alive.
    for (const stream of [requests, printed, answers]) (stream as unknown as { unref?(): void }).unref?.()
    this.#child.unref()
  }

  #begin(reply: unknown): readonly Uint8Array[] {
    const request = this.#requests[0]
    expect(request !== undefined && typeof reply === 'object' && reply !== null, 'reply')
    if ('error' in reply) {
      const error = decodeError(reply.error)
      this.#requests.shift()
      request.reject(error.code === 'ERR_LIMIT' ? this.#outOfMemory(error) : error)
      return []
    }
    expect('ok' in reply, 'reply')
    request.value = reply.ok
    return request.into
  }

  #finish(): void {
    if (this.#requests[0] === undefined || !('value' in this.#requests[0])) return
    const request = this.#requests.shift() as Request
    request.resolve(request.value)
  }

  #fail(error: unknown): void {
    if (this.#end !== undefined && !(error instanceof H5TracksError && error.code === 'ERR_CLOSED')) return
    this.#end = error
    this.#child.kill('SIGKILL')
    for (const request of this.#requests.splice(0)) request.reject(error)
  }

  #death(code: number | null, signal: NodeJS.Signals | null): H5TracksError {
    if (signal === 'SIGXCPU' || code === exceededOnWindows)
      return limitReached(this.path, this.limits, 'seconds', 'it takes')
    if (/out of memory|allocation failed|bad_alloc/i.test(this.#printed)) return this.#outOfMemory()
    const words = this.#printed.replace(/\s+/g, ' ').trim().slice(0, 200)
    return this.#crash(`died: ${signal ?? `exit code ${code}`}${words && `, having printed ${JSON.stringify(words)}`}`)
  }

  #outOfMemory(cause?: H5TracksError): H5TracksError {
    const error = limitReached(this.path, this.limits, 'bytes', 'it takes')
    return cause?.hdf5 ? Object.assign(error, { hdf5: cause.hdf5 }) : error
  }

  #crash(how: string): H5TracksError {
    return new H5TracksError(`the process that read '${this.path}' ${how}`, { code: 'ERR_CRASHED', path: this.path })
  }
}
