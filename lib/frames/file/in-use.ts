/** Refuses to replace a file that is in use. */
import { H5TracksError } from '../../base/errors.js'
import { File } from '../../hdf5/objects/file.js'
import { refuseJournal } from './journal.js'

/** Throws ERR_LOCKED if a file is in use, and ERR_NEEDS_RECOVERY if a dead writer left a journal beside it. */
export function refuseInUse(path: string): void {
  refuseJournal(path)
  try {
    new File(path, 'r').closeSync()
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'ERR_LOCKED') throw error
  }
}
