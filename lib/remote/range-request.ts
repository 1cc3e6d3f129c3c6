/** Fetches one range of a remote object, and checks that it is that range of that object. */
import { setTimeout as sleep } from 'node:timers/promises'
import { H5TracksError } from '../base/errors.js'
import { refuse, remoteError, replaced, Transient } from './errors.js'
import type { Answer } from './transport/exchange.js'
import { send } from './transport/send.js'

/** What is requested. */
export interface RemoteObject {
  readonly url: URL
  /** The URL without secrets, for messages. */
  readonly path: string
  readonly headers: Headers
  /** Longest time of one request, milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal
}

/** What tells one version of an object from another. */
export interface Version {
  readonly size: number
  /** null: the server sends none. */
  readonly etag: string | null
  readonly modified: string | null
}

export interface FetchedRange {
  bytes: Uint8Array
  version: Version
}

const attempts = 5
const firstWait = 100
const longestWait = 10_000

/**
 * Fetches the bytes from `begin` to `end`, or to the end of the object. Tries again after failures that may pass. `known`: the version
 * that the bytes must belong to.
 */
export async function fetchRange(
  object: RemoteObject,
  begin: number,
  end: number,
  known?: Version,
): Promise<FetchedRange> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestRange(object, begin, end, known)
    } catch (error) {
      object.signal.throwIfAborted()
      const failure = error instanceof H5TracksError ? error : transient(error)
      if (failure instanceof H5TracksError) throw failure
      if (attempt === attempts) {
        const problem = `${failure.message}, also when asked ${attempts} times`
        throw Object.assign(remoteError(failure.code, object.path, problem), { cause: failure.cause ?? failure })
      }
      const wait = firstWait * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
      await sleep(Math.min(Math.max(wait, failure.wait), longestWait), undefined, { signal: object.signal })
    }
  }
}

/** Everything but our own errors comes from the network. */
function transient(error: unknown): Transient {
  if (error instanceof Transient) return error
  const why = (error as Error).name === 'TimeoutError' ? 'the request took too long' : (error as Error).message
  return new Transient('ERR_HTTP_UNAVAILABLE', `the server cannot be reached (${why})`, 0, error)
}

async function requestRange(
  { url, path, headers, timeout, signal }: RemoteObject,
  begin: number,
  end: number,
  known?: Version,
): Promise<FetchedRange> {
  const all = new Headers(headers)
  all.set('range', `bytes=${begin}-${end - 1}`)
  all.set('accept-encoding', 'identity')
  // A weak ETag never matches.
  if (known?.etag && !known.etag.startsWith('W/')) all.set('if-match', known.etag)
  // Not AbortSignal.any, which keeps something of every request as long as the file is open.
  const limit = new AbortController()
  const stop = () => limit.abort(signal.reason)
  const timer = setTimeout(() => limit.abort(new DOMException('timeout', 'TimeoutError')), timeout)
  signal.addEventListener('abort', stop)
  try {
    const question = { url: url.href, headers: [...all], most: end - begin }
    const answer = await send(question, limit.signal)
    const { status } = answer
    if (status === 412) throw replaced(path, 'status 412')
    if (status === 416 && known) throw replaced(path, 'it is shorter')
    if (status === 416 && begin === 0) throw remoteError('ERR_NOT_HDF5', path, 'the object is empty')
    if (status !== 206) refuse(path, answer)
    const version = versionOf(path, answer, begin, end)
    if (known) checkSame(path, known, version)
    const length = Math.min(end, version.size) - begin
    return { bytes: bodyOf(path, answer, length), version }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function versionOf(path: string, { headers }: Answer, begin: number, end: number): Version {
  const text = headers.get('content-range') ?? ''
  const [, first, last, total] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  const size = total ?? 0
  const right = first === begin && last === Math.min(end, size) - 1 && Number.isSafeInteger(size)
  const coding = headers.get('content-encoding') ?? 'identity'
  if (!right || coding !== 'identity') {
    const sent = right ? `content-encoding ${coding}` : `content-range ${JSON.stringify(text)}`
    throw remoteError(
      'ERR_HTTP_RANGE',
      path,
      `the server was asked for the bytes ${begin} to ${end - 1} and sends ${sent}`,
    )
  }
  return { size, etag: headers.get('etag') ?? null, modified: headers.get('last-modified') ?? null }
}

function checkSame(path: string, known: Version, found: Version): void {
  if (found.size !== known.size) throw replaced(path, `its size was ${known.size} and is ${found.size}`)
  if (found.etag !== known.etag) throw replaced(path, `its ETag was ${known.etag} and is ${found.etag}`)
  if (known.etag === null && found.modified !== known.modified) {
    throw replaced(path, `it was modified on ${known.modified} and is of ${found.modified}`)
  }
}

/** The body, which must be `length` bytes. */
function bodyOf(path: string, { bytes, excess, broken }: Answer, length: number): Uint8Array {
  if (excess || bytes.length > length) {
    throw remoteError('ERR_HTTP_RANGE', path, `the server was asked for ${length} bytes and sends more`)
  }
  if (bytes.length === length) return bytes
  const problem = `the answer ends after ${bytes.length} of ${length} bytes`
  throw new Transient('ERR_HTTP_TRUNCATED', problem, 0, broken === undefined ? undefined : new Error(broken))
}
