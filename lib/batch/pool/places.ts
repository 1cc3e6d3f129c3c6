/** Where a pool works on recordings: in processes of their own, or in this process. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { channels } from '../metrics/channels.js'
import type { Work } from './types.js'
import { WorkerProcess } from './worker-process.js'

/** Called with the name of a run that an attempt has opened, and the frames in it that count. */
export type OnRun = (name: string, frames: number) => void

/** One of the workers of a pool. */
export interface Place<R> {
  /** Makes an attempt at a recording. */
  work(recording: R, attempt: number, onRun: OnRun): Promise<void>
  /** Asks the attempt to end. */
  abort(reason: unknown): void
  /** Resolves when nothing runs there any more. */
  end(): Promise<void>
}

/** A process, which is replaced after an attempt that failed. */
export class ProcessPlace<R> implements Place<R> {
  readonly #module: string
  readonly #heartbeat: number | undefined
  readonly #grace: number
  #process: WorkerProcess | undefined

  constructor(module: string, heartbeat: number | undefined, grace: number) {
    this.#module = module
    this.#heartbeat = heartbeat
    this.#grace = grace
  }

  async work(recording: R, attempt: number, onRun: OnRun): Promise<void> {
    this.#process ??= new WorkerProcess(this.#heartbeat)
    try {
      await this.#process.work(this.#module, recording, attempt, onRun)
    } catch (error) {
      await this.end()
      throw error
    }
  }

  abort(reason: unknown): void {
    this.#process?.abort(reason, this.#grace)
  }

  async end(): Promise<void> {
    await this.#process?.end()
    this.#process = undefined
  }
}

const attempts = new AsyncLocalStorage<OnRun>()

/** This process: an attempt that ends it ends all of them. */
export class LocalPlace<R> implements Place<R> {
  readonly #work: Work<R>
  readonly #controller = new AbortController()

  constructor(work: Work<R>) {
    this.#work = work
  }

  async work(recording: R, attempt: number, onRun: OnRun): Promise<void> {
    await attempts.run(onRun, async () => this.#work(recording, { attempt, signal: this.#controller.signal }))
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }

  async end(): Promise<void> {}
}

/** Tells the attempts in this process what their runs report. Returns what ends that. */
export function listen(): () => void {
  const claimed = (message: unknown) => {
    const { run, frames } = message as { run: string; frames: number }
    attempts.getStore()?.(run, frames)
  }
  const counted = (message: unknown) => {
    const { run, totalFrames } = message as { run: string; totalFrames: number }
    attempts.getStore()?.(run, totalFrames)
  }
  subscribe(channels.claim, claimed)
  subscribe(channels.shard, counted)
  return () => {
    unsubscribe(channels.claim, claimed)
    unsubscribe(channels.shard, counted)
  }
}
