import type { NativeOperations } from './native.js'
import { native } from './native.js'

/** One call of native code, on the calling thread or as a promise. */
export interface EitherCall {
  sync(): unknown
  async(): Promise<unknown>
}

/**
 * An operation, written once for its blocking and its promised form: a generator that yields its calls of native code and gets
 * their results. {@link runSync} and {@link runAsync} run it.
 */
export type Operation<T> = Generator<EitherCall, T, unknown>

/** Calls one operation of native code. */
export function* call<K extends keyof NativeOperations>(
  name: K,
  ...args: Parameters<NativeOperations[K]>
): Operation<ReturnType<NativeOperations[K]>> {
  return (yield new NativeCall(name, args)) as ReturnType<NativeOperations[K]>
}

class NativeCall implements EitherCall {
  readonly #name: keyof NativeOperations
  readonly #args: readonly unknown[]

  constructor(name: keyof NativeOperations, args: readonly unknown[]) {
    this.#name = name
    this.#args = args
  }

  sync(): unknown {
    return native.callSync(this.#name, this.#args)
  }

  async(): Promise<unknown> {
    return native.call(this.#name, this.#args)
  }
}

/** A call of another kind, given in both forms. */
export function* callEither<T>(sync: () => T, async: () => Promise<T>): Operation<T> {
  return (yield { sync, async }) as T
}

export function runSync<T>(operation: Operation<T>): T {
  let next = operation.next()
  while (!next.done) {
    let result: unknown
    try {
      result = next.value.sync()
    } catch (error) {
      next = operation.throw(error)
      continue
    }
    next = operation.next(result)
  }
  return next.value
}

export async function runAsync<T>(operation: Operation<T>): Promise<T> {
  let next = operation.next()
  while (!next.done) {
    let result: unknown
    try {
      result = await next.value.async()
    } catch (error) {
      next = operation.throw(error)
      continue
    }
    next = operation.next(result)
  }
  return next.value
}

/** Runs the operations on one file one after the other, in the order of their calls. */
export class OperationQueue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(operation: Operation<T>): Promise<T> {
    const result = this.#last.then(() => runAsync(operation))
    this.#last = result.catch(() => undefined)
    return result
  }
}
