/** The limits of untrusted reading: the options, their checks and the error for a limit that was reached. */
import { checkInteger, checkOptions, H5TracksError, invalidArgument } from '../base/errors.js'

/** Limits of untrusted reading. A read that exceeds one rejects with ERR_LIMIT. */
export interface ReadLimits {
  /**
   * Memory in bytes that the reading process may take in addition to what it starts with, and the maximum size of one result.
   * An integer of at least 16 MiB. Default: 1 GiB.
   */
  bytes?: number
  /** Time in seconds that one call may take: opening, a `read`, a `trajectory`, the next window of `frames`. Default: 60. */
  seconds?: number
}

/** Options for reading an untrusted file. */
export interface UntrustedOptions {
  /** Read in a separate process, which may crash, hang or run out of memory without harm to the caller. */
  untrusted: true
  limits?: ReadLimits
  /** When it aborts, the process ends and pending calls reject with the signal's reason. */
  signal?: AbortSignal
}

export type CheckedLimits = Required<ReadLimits>

const leastBytes = 16 * 2 ** 20
const mostSeconds = 1_000_000

/** Checks the limits that a caller passed and fills in the defaults. Throws ERR_INVALID_ARGUMENT. */
export function checkLimits(limits: unknown = {}): CheckedLimits {
  checkOptions('limits', limits, ['bytes', 'seconds'])
  const { bytes = 2 ** 30, seconds = 60 } = limits as ReadLimits
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= mostSeconds)) {
    throw invalidArgument('limits.seconds', seconds, `a number above 0, at most ${mostSeconds}`)
  }
  return { bytes: checkInteger('limits.bytes', bytes, leastBytes, Number.MAX_SAFE_INTEGER), seconds }
}

/** The error ERR_LIMIT. `what` is subject and verb of its message, such as 'a frame takes'. */
export function limitReached(
  path: string,
  limits: CheckedLimits,
  which: keyof ReadLimits,
  what: string,
): H5TracksError {
  const allowed = which === 'bytes' ? `${limits.bytes} bytes of memory` : `${limits.seconds} s`
  return new H5TracksError(`reading '${path}': ${what} more than the ${allowed} that limits.${which} allows`, {
    code: 'ERR_LIMIT',
    path,
    field: `limits.${which}`,
  })
}
