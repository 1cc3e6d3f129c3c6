/** Errors for a file whose journal must be applied first. */
import { H5TracksError } from '../../base/errors.js'
import { native } from '../../native/native.js'

/**
 * Throws if the file must not be opened because of its journal: ERR_NEEDS_RECOVERY if a dead writer left it, ERR_LOCKED while
 * another process writes or recovers the file.
 */
export function refuseJournal(path: string): void {
  const state = native.journalState(path)
  if (state === 'left') throw needsRecovery(path)
  if (state === 'in use') {
    throw new H5TracksError(`${path} is locked: another process is writing or recovering it`, {
      code: 'ERR_LOCKED',
      path,
    })
  }
}

/** The error ERR_NEEDS_RECOVERY. `remedy`: further advice for the message. */
export function needsRecovery(path: string, remedy = ''): H5TracksError {
  return new H5TracksError(
    `the writer of ${path} died; its last frames are in its journal: call recover(path) or run h5tracks recover <file> ` +
      `to restore them${remedy}`,
    { code: 'ERR_NEEDS_RECOVERY', path },
  )
}
