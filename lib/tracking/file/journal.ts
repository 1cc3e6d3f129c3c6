import { H5TracksError } from '../../base/errors.js'
import { native } from '../../native/native.js'

/**
 * Throws where a journal beside the file says that it must not be opened: ERR_NEEDS_RECOVERY for that of a dead writer,
 * ERR_LOCKED while another process writes or recovers the file.
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

export function needsRecovery(path: string, remedy = ''): H5TracksError {
  return new H5TracksError(
    `the writer of ${path} died; its last frames are in its journal: await recover(path), or h5tracks recover <file>, ` +
      `puts them into the file${remedy}`,
    { code: 'ERR_NEEDS_RECOVERY', path },
  )
}
