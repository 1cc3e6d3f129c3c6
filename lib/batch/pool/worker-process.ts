/** A process in which a pool works on one recording after the other. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { H5TracksError } from '../../base/errors.js'

/** What the process says. */
export type Said =
  | { type: 'beat' }
  | { type: 'run'; name: string; frames: number }
  | { type: 'done' }
  | { type: 'failed'; message: string; code: string | undefined; stack: string | undefined }

/** What the process is told. */
export type Told =
  | { type: 'work'; module: string; recording: unknown; attempt: number; beat: number | undefined }
  | { type: 'abort'; reason: string }

// Beside this file in the bundles, too.
const program = fileURLToPath(new URL('./pool-child.js', import.meta.url))
/** Number of characters that are kept from the end of what the process prints on standard error. */
const keptText = 2000
/** Least time that a process has to start and to import its module, ms: on a busy machine that takes seconds. */
const startMs = 30_000

export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #heartbeat: number | undefined
  #printed = ''
  #started = false
  #timer: NodeJS.Timeout | undefined
  #killed: string | undefined

  constructor(heartbeat: number | undefined) {
    this.#heartbeat = heartbeat
    this.#child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
    this.#child.stderr?.on('data', (text: Buffer) => {
      process.stderr.write(text)
      this.#printed = (this.#printed + text.toString()).slice(-keptText)
    })
  }

  /** Works on a recording. Rejects with the error of the work, or with ERR_CRASHED if the process ends. */
  async work(
    module: string,
    recording: unknown,
    attempt: number,
    onRun: (name: string, frames: number) => void,
  ): Promise<void> {
    const child = this.#child
    try {
      await new Promise<void>((resolve, reject) => {
        child.on('message', (said: Said) => {
          this.#started = true
          this.#watch()
          if (said.type === 'run') onRun(said.name, said.frames)
          if (said.type === 'done') resolve()
          if (said.type === 'failed') reject(errorOf(said))
        })
        child.once('error', reject)
        // 'close' comes when standard error has been read to its end.
        child.once('close', (code, signal) => reject(this.#death(code, signal)))
        const beat = this.#heartbeat && this.#heartbeat / 4
        this.#tell({ type: 'work', module, recording, attempt, beat }, reject)
        this.#watch(this.#started ? 0 : startMs)
      })
    } finally {
      clearTimeout(this.#timer)
      child.removeAllListeners('message').removeAllListeners('close')
    }
  }

  /** Asks the process to end its work, and kills it after `grace` ms. */
  abort(reason: unknown, grace: number): void {
    this.#tell({ type: 'abort', reason: String((reason as Error | undefined)?.message ?? reason) }, () => {})
    setTimeout(() => this.kill(`did not end its work within ${grace} ms after it was cancelled`), grace).unref()
  }

  kill(because: string): void {
    this.#killed = because
    this.#child.kill('SIGKILL')
  }

  /** Resolves when the process has ended. */
  async end(): Promise<void> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    this.kill('has nothing to do')
    await ended
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  #tell(message: Told, failed: (error: Error) => void): void {
    try {
      this.#child.send(message, (error) => error && failed(error))
    } catch (error) {
      failed(error as Error)
    }
  }

  #watch(atLeast = 0): void {
    if (this.#heartbeat === undefined) return
    clearTimeout(this.#timer)
    const wait = Math.max(this.#heartbeat, atLeast)
    this.#timer = setTimeout(() => this.kill(`gave no sign of life for ${wait} ms`), wait)
  }

  #death(code: number | null, signal: NodeJS.Signals | null): H5TracksError {
    const how = this.#killed ?? `ended with ${signal ?? `exit code ${code}`}`
    const printed = this.#printed.trim()
    const message = `the process of the attempt ${how}${printed === '' ? '' : `, and printed: ${printed}`}`
    return new H5TracksError(message, { code: 'ERR_CRASHED' })
  }
}

function errorOf({ message, code, stack }: Extract<Said, { type: 'failed' }>): Error {
  return Object.assign(new Error(message), {
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack }),
  })
}
