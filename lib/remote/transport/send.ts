/** Makes requests in a thread of their own, whose garbage and streams do not delay the caller's event loop. */
import { type Answer, exchange, type Question } from './exchange.js'
import { current, type Fingerprint, fingerprint } from './fingerprint.js'
import { NoThread, RequestThread } from './thread.js'

let thread: Promise<{ requests: RequestThread; theirs: Fingerprint } | null> | undefined
let compared: ReturnType<typeof current> | undefined
let same = false

/**
 * Makes a request. A process that has replaced `fetch` or undici's global dispatcher, for a proxy or a test, makes its requests in the
 * thread that calls; so does one that cannot start threads. Rejects with NoAnswer, or with the reason of the signal.
 */
export async function send(question: Question, signal: AbortSignal): Promise<Answer> {
  thread ??= start()
  const started = await thread
  signal.throwIfAborted()
  if (started && isLikeHere(started.theirs)) {
    try {
      return await started.requests.send(question, signal)
    } catch (error) {
      if (!(error instanceof NoThread)) throw error
      thread = Promise.resolve(null)
    }
  }
  return exchange(question, signal)
}

async function start() {
  try {
    const requests = new RequestThread()
    const theirs = await requests.fingerprint
    requests.unref()
    return { requests, theirs }
  } catch {
    return null
  }
}

/** Whether a request of the thread is the same as one of the caller's. */
function isLikeHere(theirs: Fingerprint): boolean {
  const now = current()
  if (now.fetch === compared?.fetch && now.dispatcher === compared?.dispatcher) return same
  compared = now
  const ours = fingerprint()
  same = ours.fetch === theirs.fetch && (ours.dispatcher === undefined || ours.dispatcher === theirs.dispatcher)
  return same
}
