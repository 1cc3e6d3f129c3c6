import { toPath } from '../../base/path.js'
import { File } from '../../hdf5/objects/file.js'
import { type NativeRecovery, native } from '../../native/native.js'
import { runAsync, runSync } from '../../native/operation.js'
import { countFrames } from '../file/last-frame-index.js'
import { openTrackingFile } from '../file/open.js'
import { checkLoss, type LossOptions } from '../file/unclosed.js'
import { isToBeSalvaged, type Salvage, salvage } from './salvage.js'

/** What `recover` did. */
export interface RecoveryReport {
  /** The file, symbolic links followed. */
  path: string
  /**
   * 'rebuilt' from its journal; 'none': it had been closed, so there was nothing to do; 'salvaged': its journal is missing, and its
   * loss was accepted.
   */
  action: 'rebuilt' | 'none' | 'salvaged'
  /** Frames in the file now. */
  frames: number
  /** Index of the last one; null where there is none. */
  lastFrameIndex: number | bigint | null
  /**
   * What could not be carried over, and why: objects, attributes; frames that were not synced before a loss of power, or that
   * were in a journal that is missing. The file's metadata says in `losses` which frames, from now on.
   */
  lost: string[]
  /** Where the old file is, after 'salvaged': should its journal be found, the two have more. */
  keptAs?: string
}

/**
 * Rebuilds a file whose writer died: a complete, ordinary HDF5 file, with every frame that was accepted, takes its place when
 * it is whole; until then the old one is only read. Harmless for a file that needs nothing, and safe to be repeated,
 * whatever interrupts it. Needs room for a second copy, and says so in advance.
 *
 * A file that was not closed and whose journal is missing has lost frames: with `acceptLoss` those that HDF5 can read from all of
 * its datasets go into a new file, which says for good that frames are missing, and takes its place in the same way; the old one
 * becomes `<file>.unclosed`.
 *
 * Rejects with ERR_LOCKED while the writer, or another recovery, lives; ERR_JOURNAL for a journal that is damaged or of
 * another run; ERR_NOT_CLOSED where it is missing; ENOSPC and what else the system refuses; without a journal, as TrackingReader
 * for a file that is none.
 */
export async function recover(path: string | URL, options: LossOptions = {}): Promise<RecoveryReport> {
  const { acceptLoss } = checkLoss('recover', options)
  const recovery = await native.recover(toPath(path))
  const salvaged = acceptLoss && isToBeSalvaged(recovery.path) ? await runAsync(salvage(recovery.path)) : undefined
  return report(recovery, salvaged)
}

/** As `recover`, on the calling thread. */
export function recoverSync(path: string | URL, options: LossOptions = {}): RecoveryReport {
  const { acceptLoss } = checkLoss('recover', options)
  const recovery = native.recoverSync(toPath(path))
  const salvaged = acceptLoss && isToBeSalvaged(recovery.path) ? runSync(salvage(recovery.path)) : undefined
  return report(recovery, salvaged)
}

function report({ path, rebuilt, lost }: NativeRecovery, salvaged: Salvage | undefined): RecoveryReport {
  const action = salvaged ? 'salvaged' : rebuilt ? 'rebuilt' : 'none'
  // A file that was just made is laid out as it must be; of another one nobody has asked yet.
  using file = action === 'none' ? openTrackingFile(path).file : new File(path, 'r')
  return {
    path,
    action,
    ...countFrames(file),
    lost: salvaged?.lost ?? lost,
    ...(salvaged && { keptAs: salvaged.keptAs }),
  }
}
