/** Recognizes files that their writer did not close and whose journal is missing, and makes the errors about them. */
import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { native } from '../../native/native.js'
import { needsRecovery } from './journal.js'
import { cleanAttribute, markedIn, runAttribute } from './marks.js'

/** Whether a file that has lost frames may be used. */
export interface LossOptions {
  /**
   * Use what is left of a file that its writer did not close and whose journal is missing, instead of throwing ERR_NOT_CLOSED. The
   * frames that were accepted last are missing. Default: false.
   */
  acceptLoss?: boolean
}

/** Checks the options and fills in the default. Throws ERR_INVALID_ARGUMENT. */
export function checkLoss(name: string, options: LossOptions): Required<LossOptions> {
  checkOptions(name, options, ['acceptLoss'])
  const { acceptLoss = false } = options
  if (typeof acceptLoss !== 'boolean') throw invalidArgument('acceptLoss', acceptLoss, 'true or false')
  return { acceptLoss }
}

/** True if the file is marked as closed, false if it is marked as not closed, null without a mark, as in files of AquaPose. */
export function wasClosed(file: File): boolean | null {
  const place = markedIn(file)
  if (place === null) return null
  using group = file.groupSync(place)
  return group.attributes.getSync(cleanAttribute) !== false
}

/** The error ERR_NOT_CLOSED for a file that is marked as not closed and has no journal. */
export function notClosed(file: File): H5TracksError {
  const { filename } = file
  const what = describeUnclosed(file)
  return new H5TracksError(
    `${filename} was not closed by its writer, ${what}: an unknown number of the last accepted frames may be lost. ` +
      `${keptJournal(file) ? `${remedy(filename)}, or pass` : 'Pass'} acceptLoss: true (--accept-loss) to read what is left`,
    { code: 'ERR_NOT_CLOSED', path: filename },
  )
}

/** Says why the last frames are lost. */
export function describeUnclosed(file: File): string {
  return keptJournal(file) ? 'and its journal is missing' : "which kept no journal (durability: 'none')"
}

function keptJournal(file: File): boolean {
  const place = markedIn(file)
  if (place === null) return true
  using group = file.groupSync(place)
  return !group.attributes.hasSync(runAttribute) || group.attributes.getSync(runAttribute) !== noJournal
}

// The run id of a writer without a journal, see native/stream/run_state/run_marks.h.
const noJournal = 'none'

function remedy(path: string): string {
  return `If ${basename(path)}.journal still exists, put it beside the file and run h5tracks recover`
}

/** If a dead writer may be the reason why a file cannot be opened, returns an error that says so and what to do; else `error`. */
export function explainDamage(path: string, error: H5TracksError): H5TracksError {
  if (!['ERR_NOT_HDF5', 'ERR_FORMAT', 'ERR_HDF5', 'ERR_DAMAGED'].includes(error.code)) return error
  if (native.journalState(path) === 'left') return needsRecovery(path)
  if (!mayBeUnclosed(path)) return error
  const why =
    'h5tracks wrote this file: if its writer was killed, the file was not closed, and its last frames are in its journal'
  return new H5TracksError(`${error.message}; ${why}. ${remedy(path)}`, { ...error, path })
}

/** Runs `action` on an open file. An error is explained as by {@link explainDamage}. */
export function explained<T>(file: File, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    // A file that is marked as closed was not damaged by a dead writer.
    throw saysItWasClosed(file) ? error : explainDamage(file.filename, error)
  }
}

/** False if the file is marked as not closed, or if the mark cannot be read. */
export function saysItWasClosed(file: File): boolean {
  try {
    return wasClosed(file) !== false
  } catch {
    return false
  }
}

const headBytes = 2 ** 18

// HDF5 cannot open the file, so this looks for the name of the attribute in the bytes where writers store it.
function mayBeUnclosed(path: string): boolean {
  try {
    const file = openSync(path, 'r')
    try {
      const head = Buffer.alloc(headBytes)
      return head.subarray(0, readSync(file, head, 0, headBytes, 0)).includes(cleanAttribute)
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}
