/** Runs operations that are written once, as generators, either synchronously or as promises. */
import type { NativeOperations } from './native.js'
import { native } from './native.js'

/** One call of native code: `sync` runs it on the calling thread, `async` on the I/O thread. */
export interface EitherCall {
  sync(): unknown
  async(): Promise<unknown>
}

/**
 * An operation: a generator that yields calls of native code and receives their results. {@link runAsync} returns its result as a
 * promise, {@link runSync} directly.
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

/** Makes a call that is not one of {@link NativeOperations}. */
export function* callEither<T>(sync: () => T, async: () => Promise<T>): Operation<T> {
  return (yield { sync, async }) as T
}

/** Runs an operation on the calling thread. */
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

/** Runs a call that returns a promise, possibly several times. */
export type Around = (call: () => Promise<unknown>) => Promise<unknown>

/** Runs an operation with its calls on the I/O thread, each of them by `around` if it is given. */
export async function runAsync<T>(operation: Operation<T>, around?: Around): Promise<T> {
  let next = operation.next()
  while (!next.done) {
    let result: unknown
    try {
      const { value } = next
      result = await (around ? around(() => value.async()) : value.async())
    } catch (error) {
      next = operation.throw(error)
      continue
    }
    next = operation.next(result)
  }
  return next.value
}

const ignore = () => undefined

/** Runs the operations of one file one after the other, in the order of the calls; but reads that follow one another together. */
export class OperationQueue {
  readonly #around: Around | undefined
  /** Settles after every operation that reads wait for. */
  #change: Promise<unknown> = Promise.resolve()
  /** Settles after all operations. */
  #all: Promise<unknown> = this.#change

  constructor(around?: Around) {
    this.#around = around
  }

  run<T>(operation: Operation<T>): Promise<T> {
    const result = this.#all.then(() => runAsync(operation, this.#around))
    this.#change = result.then(ignore, ignore)
    this.#all = this.#change
    return result
  }

  /** Runs an operation that changes nothing. It waits for those before it, except for others that change nothing. */
  read<T>(operation: Operation<T>): Promise<T> {
    if (this.#around) return this.run(operation)
    const result = this.#change.then(() => runAsync(operation))
    this.#all = Promise.all([this.#all, result.then(ignore, ignore)]).then(ignore)
    return result
  }
}
