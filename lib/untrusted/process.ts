/**
 * The process that reads a file for us, seen from here: requests out, replies in, limits kept. However it ends, whoever
 * waits gets an H5TracksError. It is killed when it is done, never asked to go: it has nothing to lose.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { H5TracksError } from '../base/errors.js'
import { decodeError, expect, ProtocolError } from './json-values.js'
import { type CheckedLimits, limitReached } from './limits.js'
import { Replies } from './replies.js'

interface Request {
  /** Where the bytes of the answer go, all of them. */
  into: readonly Uint8Array[]
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  /** Of the answer, while its bytes are still arriving. */
  value?: unknown
}

const program = fileURLToPath(new URL('child.js', import.meta.url))
/** What the loader and the addon need; a file that takes the process over finds no secrets in its environment. */
const inherited = /^(PATH|TMPDIR|TZ|LANG|LC_\w+|LD_\w+|DYLD_\w+|PREBUILDS_ONLY|H5TRACKS_\w+|[A-Z]+SAN_OPTIONS)$/
/** Text that the process may print, of which the end is kept. */
const keptText = 4096

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
      env,
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

  /** Runs what makes requests: the process is killed when that takes longer than the limit. Keeps the event loop until then. */
  async within<T>(task: () => Promise<T>): Promise<T> {
    const late = () => this.#fail(limitReached(this.path, this.limits, 'seconds', 'it takes'))
    const timer = setTimeout(late, 1000 * this.limits.seconds)
    try {
      return await task()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Asks for `what`; the answer fills `into`, where there is any, and is given back. To be called `within`. */
  request(what: Record<string, unknown>, into: readonly Uint8Array[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end)
      this.#requests.push({ into, resolve, reject })
      this.#child.stdin?.write(`${JSON.stringify(what)}\n`)
    })
  }

  /** Runs what looks at an answer; a process whose answer it cannot use is given up. */
  checked<T>(look: () => T): T {
    try {
      return look()
    } catch (error) {
      if (error instanceof ProtocolError) this.#fail(this.#crash(`answered with nonsense: ${error.message}`))
      throw this.#end ?? error
    }
  }

  /** Ends the process; what is under way rejects with ERR_CLOSED. Resolves when it is gone, and its lock on the file. */
  async close(): Promise<void> {
    this.#fail(new H5TracksError(`${this.path} is closed`, { code: 'ERR_CLOSED', path: this.path }))
    this.#child.ref()
    await this.#exited
  }

  /** Ends the process and waits for nothing. */
  abandon(): void {
    this.#child.kill('SIGKILL')
  }

  #listen(): void {
    const longestText = Math.floor(this.limits.bytes / 32) // as values in memory it takes several times as much
    const replies = new Replies(
      longestText,
      (reply) => this.#begin(reply),
      () => this.#finish(),
    )
    const [requests, , printed, answers] = this.#child.stdio as unknown as [Writable, null, Readable, Readable]
    requests.on('error', () => {}) // the process is gone, which 'close' tells
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
    // Who waits for an answer waits `within` a time limit, whose timer holds the event loop.
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
    if (signal === 'SIGXCPU') return limitReached(this.path, this.limits, 'seconds', 'it takes')
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
