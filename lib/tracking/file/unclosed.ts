/** Files that their writer did not close and whose journal is not there: how they are known, and what is said of them. */
import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { native } from '../../native/native.js'
import { needsRecovery } from './journal.js'
import { root } from './layout.js'
import { cleanAttribute, runAttribute } from './metadata.js'

export interface LossOptions {
  /**
   * Take what is there of a file that its writer did not close and whose journal is missing, instead of ERR_NOT_CLOSED: the frames
   * that it accepted last are not in it. Default false.
   */
  acceptLoss?: boolean
}

export function checkLoss(name: string, options: LossOptions): Required<LossOptions> {
  checkOptions(name, options, ['acceptLoss'])
  const { acceptLoss = false } = options
  if (typeof acceptLoss !== 'boolean') throw invalidArgument('acceptLoss', acceptLoss, 'true or false')
  return { acceptLoss }
}

/** What the file says: null where it says nothing, as AquaPose's do. */
export function wasClosed(file: File): boolean | null {
  using group = file.groupSync(root)
  if (!group.attributes.hasSync(cleanAttribute)) return null
  return group.attributes.getSync(cleanAttribute) !== false
}

/** What is told of a file that says it was not closed, where no journal is left beside it. */
export function notClosed(file: File): H5TracksError {
  const { filename } = file
  const what = describeUnclosed(file)
  return new H5TracksError(
    `${filename} was not closed by its writer, ${what}: frames that it accepted last may be missing, nobody knows ` +
      `how many. ${keptJournal(file) ? `${remedy(filename)}; ` : ''}acceptLoss: true (--accept-loss) takes what HDF5 can read of it`,
    { code: 'ERR_NOT_CLOSED', path: filename },
  )
}

/** Why there is nothing that has its last frames. */
export function describeUnclosed(file: File): string {
  return keptJournal(file) ? 'and its journal is missing' : "which kept no journal (durability: 'none')"
}

function keptJournal(file: File): boolean {
  using group = file.groupSync(root)
  return !group.attributes.hasSync(runAttribute) || group.attributes.getSync(runAttribute) !== noJournal
}

// As native/stream/run_state/run_marks.h has it.
const noJournal = 'none'

function remedy(path: string): string {
  return `If there still is a ${basename(path)}.journal, put it beside the file and h5tracks recover it`
}

/**
 * What kept a file from being opened, with what a dead writer may have to do with it: its journal, or that it is missing.
 */
export function explainDamage(path: string, error: H5TracksError): H5TracksError {
  if (!['ERR_NOT_HDF5', 'ERR_FORMAT', 'ERR_HDF5', 'ERR_DAMAGED'].includes(error.code)) return error
  if (native.journalState(path) === 'left') return needsRecovery(path)
  if (!mayBeUnclosed(path)) return error
  const why = 'h5tracks wrote it: if its writer was killed, it was not closed, and its last frames are in its journal'
  return new H5TracksError(`${error.message}; ${why}. ${remedy(path)}`, { ...error, path })
}

/** What `action` throws about an open file, explained. */
export function explained<T>(file: File, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    // Of a file that tells how it ended, nothing need be guessed.
    throw saysItWasClosed(file) ? error : explainDamage(file.filename, error)
  }
}

/** False also where it cannot be asked. */
export function saysItWasClosed(file: File): boolean {
  try {
    return wasClosed(file) !== false
  } catch {
    return false
  }
}

const headBytes = 2 ** 18

// HDF5 cannot be asked: whether the name of the attribute stands where writers put it.
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
