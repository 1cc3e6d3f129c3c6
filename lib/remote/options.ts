/** Options for opening a remote file. */
import { checkInteger, checkOptions, invalidArgument } from '../base/errors.js'

/** Options for opening a file by its http: or https: URL. */
export interface RemoteOptions {
  /** Headers of every request, such as `Authorization`. */
  headers?: Readonly<Record<string, string>>
  /** Memory for fetched bytes, bytes: 1 MiB or more. The least recently used ones are dropped. Default: 64 MiB. */
  cache?: number
  /** Longest time of one request, milliseconds. Default: 60 000. */
  timeout?: number
  /** Aborts opening, and every later request for the file. */
  signal?: AbortSignal
}

/** Names of the options. */
export const remoteOptions = ['headers', 'cache', 'timeout', 'signal'] as const

/** Options with their defaults. */
export interface CheckedRemoteOptions {
  headers: Headers
  cache: number
  timeout: number
  signal: AbortSignal | undefined
}

/** Checks the options and fills in the defaults. Throws ERR_INVALID_ARGUMENT. */
export function checkRemote(options: RemoteOptions, known: readonly string[] = remoteOptions): CheckedRemoteOptions {
  checkOptions('options of a URL', options, known)
  const { headers = {}, cache = 64 * 2 ** 20, timeout = 60_000, signal } = options
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  return {
    headers: checkedHeaders(headers),
    cache: checkInteger('cache', cache, 2 ** 20, Number.MAX_SAFE_INTEGER),
    timeout: checkInteger('timeout', timeout, 1, 2 ** 31 - 1),
    signal,
  }
}

function checkedHeaders(headers: Readonly<Record<string, string>>): Headers {
  if (typeof headers !== 'object' || headers === null) throw invalidArgument('headers', headers, 'an object of strings')
  try {
    return new Headers(headers)
  } catch (cause) {
    // The values may be secrets.
    throw Object.assign(invalidArgument('headers', Object.keys(headers), 'an object of valid header values'), { cause })
  }
}
