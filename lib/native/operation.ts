import type { Operations } from './native.js'
import { native } from './native.js'

/** One question to native code, which can be asked on the calling thread or on the I/O thread. */
export interface Step {
  now(): unknown
  later(): Promise<unknown>
}

/**
 * An operation of this floor, written once: a generator of the questions that it asks. `run` makes a promise of it and
 * `runSync` a result.
 */
export type Steps<T> = Generator<Step, T, unknown>

/** Asks one operation of native code. */
export function* ask<K extends keyof Operations>(
  name: K,
  ...args: Parameters<Operations[K]>
): Steps<ReturnType<Operations[K]>> {
  return (yield new Call(name, args)) as ReturnType<Operations[K]>
}

class Call implements Step {
  readonly #name: keyof Operations
  readonly #args: readonly unknown[]

  constructor(name: keyof Operations, args: readonly unknown[]) {
    this.#name = name
    this.#args = args
  }

  now(): unknown {
    return native.callSync(this.#name, this.#args)
  }

  later(): Promise<unknown> {
    return native.call(this.#name, this.#args)
  }
}

/** A question of another kind. */
export function* step<T>(now: () => T, later: () => Promise<T>): Steps<T> {
  return (yield { now, later }) as T
}

export function runSync<T>(steps: Steps<T>): T {
  let next = steps.next()
  while (!next.done) {
    let answer: unknown
    try {
      answer = next.value.now()
    } catch (error) {
      next = steps.throw(error)
      continue
    }
    next = steps.next(answer)
  }
  return next.value
}

/** The same as a promise. */
export async function runLater<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next()
  while (!next.done) {
    let answer: unknown
    try {
      answer = await next.value.later()
    } catch (error) {
      next = steps.throw(error)
      continue
    }
    next = steps.next(answer)
  }
  return next.value
}

/** The promises of one file, in the order of their calls. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(steps: Steps<T>): Promise<T> {
    const result = this.#last.then(() => runLater(steps))
    this.#last = result.catch(() => undefined)
    return result
  }
}
