/** By what a thread makes requests. */

/** The code of `fetch`, and of the class of undici's global dispatcher, which a process may replace by those of its own. */
export interface Fingerprint {
  readonly fetch: string
  /** undefined before the first request. */
  readonly dispatcher: string | undefined
}

// The place through which all copies of undici, also Node's own, share the dispatcher.
const key = Symbol.for('undici.globalDispatcher.1')

/** Both as they are now: they can be compared without their code. */
export function current(): { fetch: unknown; dispatcher: unknown } {
  return { fetch: globalThis.fetch, dispatcher: (globalThis as Record<symbol, unknown>)[key] }
}

export function fingerprint(): Fingerprint {
  const { fetch, dispatcher } = current()
  return { fetch: String(fetch), dispatcher: dispatcher?.constructor && String(dispatcher.constructor) }
}
