/** Errors for a file whose journal must be applied first. */
import type { H5TracksError } from '../../base/errors.js'
import { native } from '../../native/native.js'

/**
 * Throws if the file must not be opened because of its journal: ERR_NEEDS_RECOVERY if a dead writer left it, ERR_LOCKED while
 * another process writes or recovers the file.
 */
export function refuseJournal(path: string): void {
  native.refuseJournal(path)
}

/** The error ERR_NEEDS_RECOVERY. `remedy`: further advice for the message. */
export function needsRecovery(path: string, remedy = ''): H5TracksError {
  return native.needsRecovery(path, remedy)
}
