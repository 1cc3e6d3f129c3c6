/** The thread that makes the requests of a process. Its program is `thread-program.ts`. */
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Answer, NoAnswer, type Question } from './exchange.js'
import type { Fingerprint } from './fingerprint.js'

/** What the thread is asked. */
export type Message =
  | { readonly id: number; readonly question: Question }
  | { readonly id: number; readonly abort: true }

/** What the thread says: at first, how it makes requests. */
export type Reply =
  | { readonly fingerprint: Fingerprint }
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly failure: string }

/** The file that the thread runs. */
const program = fileURLToPath(new URL('./remote-thread.js', import.meta.url))

interface Pending {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** Thrown if the thread has ended, or could not be started. */
export class NoThread extends Error {}

export class RequestThread {
  /** How it makes requests; rejects with NoThread. */
  readonly fingerprint: Promise<Fingerprint>
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #next = 0

  /** Throws the error of a process that may not start threads. */
  constructor() {
    this.#worker = new Worker(program, { name: 'h5tracks requests' })
    this.fingerprint = new Promise((resolve, reject) => {
      this.#worker.on('message', (reply: Reply) => {
        if ('fingerprint' in reply) resolve(reply.fingerprint)
        else this.#settle(reply)
      })
      const ended = (error?: unknown) => {
        const failure = new NoThread('the thread for requests has ended', { cause: error })
        reject(failure)
        for (const { reject } of this.#pending.values()) reject(failure)
        this.#pending.clear()
      }
      this.#worker.on('error', ended)
      this.#worker.on('exit', () => ended())
    })
    this.fingerprint.catch(() => undefined)
  }

  /** Makes a request. Rejects with NoAnswer, NoThread, or the reason of the signal. */
  async send(question: Question, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted()
    const id = this.#next++
    const abort = () => {
      this.#post({ id, abort: true })
      this.#pending.get(id)?.reject(signal.reason)
      this.#forget(id)
    }
    signal.addEventListener('abort', abort)
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject })
        // It keeps the process alive only while it works.
        this.#worker.ref()
        this.#post({ id, question })
      })
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Lets the process end although the thread lives. */
  unref(): void {
    this.#worker.unref()
  }

  #post(message: Message): void {
    this.#worker.postMessage(message)
  }

  #settle(reply: Exclude<Reply, { fingerprint: Fingerprint }>): void {
    const pending = this.#pending.get(reply.id)
    this.#forget(reply.id)
    if ('answer' in reply) pending?.resolve(reply.answer)
    else pending?.reject(new NoAnswer(reply.failure))
  }

  #forget(id: number): void {
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#worker.unref()
  }
}
