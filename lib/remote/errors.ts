/** The errors of requests. */
import { H5TracksError } from '../base/errors.js'
import type { Answer } from './transport/exchange.js'

/** Makes an error about a remote file. */
export function remoteError(code: string, path: string, problem: string, more: object = {}): H5TracksError {
  return new H5TracksError(`${path}: ${problem}`, { code, path, ...more })
}

/** The server may answer the same request better after a while. */
export class Transient extends Error {
  readonly code: string
  /** How long the server asks to wait, milliseconds. */
  readonly wait: number

  constructor(code: string, message: string, wait = 0, cause?: unknown) {
    super(message, { cause })
    this.code = code
    this.wait = wait
  }
}

const refusals: Record<number, readonly [code: string, problem: string]> = {
  401: ['ERR_HTTP_FORBIDDEN', 'the server asks for credentials (status 401); pass them as headers'],
  403: [
    'ERR_HTTP_FORBIDDEN',
    'the server refuses (status 403): the URL has expired, or the credentials do not suffice',
  ],
  404: ['ERR_HTTP_NOT_FOUND', 'the server has no such object (status 404)'],
  410: ['ERR_HTTP_NOT_FOUND', 'the object was removed (status 410)'],
}

/** Throws the error of a response that is not the requested range. */
export function refuse(path: string, { status, headers }: Answer): never {
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after') ?? 0)
    throw new Transient('ERR_HTTP_UNAVAILABLE', `the server answers with status ${status}`, 1000 * (seconds || 0))
  }
  if (status === 200) {
    throw remoteError(
      'ERR_HTTP_NO_RANGES',
      path,
      'the server sends the whole object instead of the requested range (status 200 instead of 206); download it, or use a server with range requests',
    )
  }
  const [code, problem] = refusals[status] ?? ['ERR_HTTP_STATUS', `the server answers with status ${status}`]
  throw remoteError(code, path, problem)
}

/** The error of an object that is not the one that was opened. */
export function replaced(path: string, how: string): H5TracksError {
  return remoteError('ERR_REPLACED', path, `the object was replaced since it was opened (${how}); open it again`)
}
