/** What reading a file that is not trusted may take: options and the errors about them. Touches nothing else. */
import { checkInteger, checkOptions, H5TracksError, invalidArgument } from '../base/errors.js'

/** What reading may take before it is given up with ERR_LIMIT. */
export interface ReadLimits {
  /**
   * Memory: what the process that reads may take beyond what it starts with, and the size of any one result.
   * An integer from 16 MiB up. Default: 1 GiB.
   */
  bytes?: number
  /** Time that one call may take, s: opening, a `read`, a `trajectory`, the next window of `frames`. Default: 60. */
  seconds?: number
}

/** How a file that is not trusted is read. */
export interface UntrustedOptions {
  /** Read in a process of its own, which may crash, hang or run out of memory without harm. */
  untrusted: true
  limits?: ReadLimits
  /** Ends the reading, and its process, when it aborts: what is under way rejects with the signal's reason. */
  signal?: AbortSignal
}

export type CheckedLimits = Required<ReadLimits>

const leastBytes = 16 * 2 ** 20
const mostSeconds = 1_000_000

/** The limits as a caller gives them, checked, defaults filled in. */
export function checkLimits(limits: unknown = {}): CheckedLimits {
  checkOptions('limits', limits, ['bytes', 'seconds'])
  const { bytes = 2 ** 30, seconds = 60 } = limits as ReadLimits
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= mostSeconds)) {
    throw invalidArgument('limits.seconds', seconds, `a number above 0, at most ${mostSeconds}`)
  }
  return { bytes: checkInteger('limits.bytes', bytes, leastBytes, Number.MAX_SAFE_INTEGER), seconds }
}

/** The error for a limit that was reached: `what` would take more. */
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
