/** `runPool`: works on many recordings on one machine. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { markDead } from '../log/mark-dead.js'
import { LocalPlace, listen, type Place, ProcessPlace } from './places.js'
import type { PoolOptions, PoolProgress, PoolResult, Work } from './types.js'

const optionNames = ['workers', 'attempts', 'onProgress', 'signal', 'heartbeat', 'grace'] as const
const longest = 2 ** 31 - 1

/** A recording that waits for an attempt, or has one. */
interface Job<R> {
  recording: R
  attempt: number
  /** The frames that count in each run that its attempts have opened, by the name of the run. */
  runs: Map<string, number>
}

/**
 * Works on recordings on this machine, without any service: `workers` at a time, each with up to `attempts` attempts. A recording that
 * failed is tried again after the others that wait. Resolves when all are finished; recordings whose attempts all failed are in `dead`, with
 * the last error, which is also recorded in the log of their runs.
 *
 * `work` as a path or file: URL of a module: its default export is called in a process of its own for each worker. A recording that kills its
 * process (a crash, `process.exit`, no memory) costs no other one. Recordings are passed by structured clone. `work` as a function: it is
 * called in this process. That saves the processes and takes any recordings, and isolates nothing but exceptions: a crash ends all, and all
 * share one event loop.
 *
 * ```ts
 * // track.mjs
 * export default async function ({ video, out }, { signal }) {
 *   await using run = await openRun(out, { cameras: ['top', 'front'], signal })
 *   for await (const { index, tracks } of track(video, { from: run.nextFrame })) {
 *     if (!run.writeFrame(index, tracks)) await run.drain()
 *   }
 *   await run.seal()
 * }
 * // main.mjs
 * const { dead } = await runPool(recordings, new URL('track.mjs', import.meta.url), { workers: 8, onProgress })
 * ```
 *
 * Rejects with ERR_INVALID_ARGUMENT for arguments, and with the reason of `signal`.
 */
export async function runPool<R>(
  recordings: Iterable<R>,
  work: Work<R> | string | URL,
  options: PoolOptions<R> = {},
): Promise<PoolResult<R>> {
  const { workers, attempts, onProgress, signal, place } = check(work, options)
  signal?.throwIfAborted()
  const jobs = Array.from(recordings, (recording): Job<R> => ({ recording, attempt: 1, runs: new Map() }))
  const places = Array.from({ length: Math.min(workers, jobs.length) }, place)
  const cancelled = new AbortController()
  const cancel = () => cancelled.abort(signal?.reason)
  signal?.addEventListener('abort', cancel)
  const unlisten = listen()
  try {
    return await new Pool(jobs, attempts, onProgress, cancelled).run(places)
  } finally {
    unlisten()
    signal?.removeEventListener('abort', cancel)
  }
}

class Pool<R> {
  readonly #result: PoolResult<R> = { done: [], dead: [], fenced: [] }
  readonly #waiting: Job<R>[]
  readonly #total: number
  readonly #attempts: number
  readonly #onProgress: ((progress: PoolProgress<R>) => void) | undefined
  readonly #cancelled: AbortController
  #inHand = 0
  #idle: (() => void)[] = []

  constructor(
    jobs: Job<R>[],
    attempts: number,
    onProgress: ((progress: PoolProgress<R>) => void) | undefined,
    cancelled: AbortController,
  ) {
    this.#waiting = jobs
    this.#total = jobs.length
    this.#attempts = attempts
    this.#onProgress = onProgress
    this.#cancelled = cancelled
  }

  async run(places: readonly Place<R>[]): Promise<PoolResult<R>> {
    const { signal } = this.#cancelled
    signal.addEventListener('abort', () => {
      for (const place of places) place.abort(signal.reason)
      this.#wake()
    })
    await Promise.all(places.map((place) => this.#serve(place)))
    signal.throwIfAborted()
    return this.#result
  }

  /** Gives jobs to a worker until none is left, or the pool is cancelled. */
  async #serve(place: Place<R>): Promise<void> {
    const { signal } = this.#cancelled
    try {
      while (!signal.aborted) {
        const job = this.#waiting.shift()
        if (job) await this.#attempt(place, job)
        // The job that another worker has in hand may fail, and wait again.
        else if (this.#inHand > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
        else break
      }
    } catch (error) {
      // Thrown by `onProgress`.
      this.#cancelled.abort(error)
    } finally {
      this.#wake()
      await place.end()
    }
  }

  async #attempt(place: Place<R>, job: Job<R>): Promise<void> {
    this.#inHand++
    try {
      this.#report(job, 'started')
      const error = await this.#work(place, job)
      if (error === null) this.#finish(job, 'done')
      else if (!this.#cancelled.signal.aborted) await this.#failed(job, error)
    } finally {
      this.#inHand--
      this.#wake()
    }
  }

  /** Makes an attempt. Returns its error, or null. */
  async #work(place: Place<R>, job: Job<R>): Promise<Error | null> {
    try {
      await place.work(job.recording, job.attempt, (run, frames) => {
        job.runs.set(run, frames)
        this.#counted(job)
      })
      return null
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** Called within an event of a process, where an exception would end the program. */
  #counted(job: Job<R>): void {
    try {
      this.#report(job, 'frames')
    } catch (error) {
      this.#cancelled.abort(error)
    }
  }

  async #failed(job: Job<R>, error: Error): Promise<void> {
    if ((error as { code?: unknown }).code === 'ERR_FENCED') return this.#finish(job, 'fenced', error)
    if (job.attempt < this.#attempts) {
      this.#report(job, 'retry', error)
      job.attempt++
      this.#waiting.push(job)
      return
    }
    const runs: string[] = []
    for (const run of job.runs.keys()) {
      // The place may be out of reach; `runs` then lacks it.
      if (await markDead(run, error).catch(() => false)) runs.push(run)
    }
    this.#result.dead.push({ recording: job.recording, attempts: job.attempt, error, runs })
    this.#report(job, 'dead', error)
  }

  #finish(job: Job<R>, state: 'done' | 'fenced', error?: Error): void {
    this.#result[state].push(job.recording)
    this.#report(job, state, error)
  }

  #report({ recording, attempt, runs }: Job<R>, state: PoolProgress<R>['state'], error?: Error): void {
    const { done, dead, fenced } = this.#result
    const frames = [...runs.values()].reduce((sum, n) => sum + n, 0)
    const finished = done.length + dead.length + fenced.length
    const total = this.#total
    this.#onProgress?.({ recording, state, attempt, frames, ...(error && { error }), finished, total })
  }

  #wake(): void {
    const idle = this.#idle
    this.#idle = []
    for (const resume of idle) resume()
  }
}

function check<R>(work: unknown, options: PoolOptions<R>) {
  checkOptions('runPool', options, optionNames)
  const { workers = availableParallelism(), attempts = 3, onProgress, signal, heartbeat, grace = 10_000 } = options
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidArgument('onProgress', onProgress, 'a function')
  }
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  if (heartbeat !== undefined) checkInteger('heartbeat', heartbeat, 1, longest)
  checkInteger('grace', grace, 0, longest)
  return {
    workers: checkInteger('workers', workers, 1, 1000),
    attempts: checkInteger('attempts', attempts, 1, 1000),
    ...{ onProgress, signal, place: placeFor<R>(work, heartbeat, grace) },
  }
}

function placeFor<R>(work: unknown, heartbeat: number | undefined, grace: number): () => Place<R> {
  if (typeof work === 'function') {
    if (heartbeat !== undefined) throw invalidArgument('heartbeat', heartbeat, 'left out, unless work is a module')
    return () => new LocalPlace(work as Work<R>)
  }
  const isUrl = work instanceof URL || (typeof work === 'string' && work.startsWith('file:'))
  if (!isUrl && (typeof work !== 'string' || work === '')) {
    throw invalidArgument('work', work, 'the path or URL of a module, or a function')
  }
  const module = isUrl ? String(work) : pathToFileURL(resolve(work as string)).href
  return () => new ProcessPlace(module, heartbeat, grace)
}
