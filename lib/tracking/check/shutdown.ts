/** What a writer that died leaves: its journal, and a file that says so. Looks at the journal and at one attribute. */
import { H5TracksError } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { refuseJournal } from '../file/journal.js'
import { lossesIn, readMetadata } from '../file/metadata.js'
import { describeUnclosed, wasClosed } from '../file/unclosed.js'
import { type Finding, findingOf } from './report.js'

/** For a tracking file. Throws ERR_LOCKED while another process recovers it. */
export function findLeftBehind(file: File): Finding[] {
  // While a writer of this process has it, both are as they should be.
  if (file.native.writtenHere) return []
  const journal = findJournal(file.filename)
  if (wasClosed(file) !== false) return [...journal, ...findLosses(file)]
  const why = journal.length > 0 ? '' : `, ${describeUnclosed(file)}`
  const text = `the file was not closed by its writer${why}: what it accepted last may not be in it`
  return [...journal, findingOf('unclean-shutdown', text), ...findLosses(file)]
}

function findLosses(file: File): Finding[] {
  const losses = lossesIn(readMetadata(file))
  return losses.length === 0 ? [] : [findingOf('frames-lost', `frames were lost: ${losses.join('; ')}`)]
}

/** The journal beside a file that is not being written, whether or not that can be opened. */
export function findJournal(path: string): Finding[] {
  try {
    refuseJournal(path)
    return []
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'ERR_NEEDS_RECOVERY') throw error
    return [findingOf('journal-left', error.message)]
  }
}
