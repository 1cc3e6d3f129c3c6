/** Finds the traces of a writer that died: its journal, and the marks in the file. */
import { H5TracksError } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { refuseJournal } from '../file/journal.js'
import { lossesIn } from '../file/marks.js'
import { describeUnclosed, wasClosed } from '../file/unclosed.js'
import { type Finding, findingOf } from './report.js'

/** Finds the journal and the marks of a tracking file. Throws ERR_LOCKED while another process recovers it. */
export function findLeftBehind(file: File): Finding[] {
  // While a writer of this process has the file open, both are normal.
  if (file.native.writtenHere) return []
  const journal = findJournal(file.filename)
  if (wasClosed(file) !== false) return [...journal, ...findLosses(file)]
  const why = journal.length > 0 ? '' : `, ${describeUnclosed(file)}`
  const text = `the file was not closed by its writer${why}: what it accepted last may not be in it`
  return [...journal, findingOf('unclean-shutdown', text), ...findLosses(file)]
}

function findLosses(file: File): Finding[] {
  const losses = lossesIn(file)
  return losses.length === 0 ? [] : [findingOf('frames-lost', `frames were lost: ${losses.join('; ')}`)]
}

/** Finds the journal of a file that is not being written. The file need not be readable. */
export function findJournal(path: string): Finding[] {
  try {
    refuseJournal(path)
    return []
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'ERR_NEEDS_RECOVERY') throw error
    return [findingOf('journal-left', error.message)]
  }
}
