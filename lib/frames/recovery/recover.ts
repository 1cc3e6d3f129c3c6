/** `recover`: completes a file whose writer died. */
import { toPath } from '../../base/path.js'
import { File } from '../../hdf5/objects/file.js'
import { type NativeRecovery, native } from '../../native/native.js'
import { runAsync, runSync } from '../../native/operation.js'
import { nameOf } from '../file/choose.js'
import { countFrames } from '../file/last-frame-index.js'
import { layoutsToOpen, openLayouts } from '../file/open-layouts.js'
import { checkLoss, type LossOptions } from '../file/unclosed.js'
import { isToBeSalvaged, type Salvage, salvage } from './salvage.js'

/** The frames of one of several layouts in a recovered file. */
export interface LayoutFrames {
  name: string
  frames: number
  lastFrameIndex: number | bigint | null
}

/** The result of {@link recover}. */
export interface RecoveryReport {
  /** The path of the file, with symbolic links resolved. */
  path: string
  /**
   * 'rebuilt': the file was rebuilt from its journal. 'none': it was closed, so there was nothing to do. 'salvaged': its journal is
   * missing, and the loss was accepted.
   */
  action: 'rebuilt' | 'none' | 'salvaged'
  /** Number of frames in the recovered file; of its first layout, if it has several. */
  frames: number
  /** Index of the last frame; null without frames. A bigint only beyond the safe integers. */
  lastFrameIndex: number | bigint | null
  /** The layouts of the file by the names of their groups; absent unless there are several. */
  layouts?: LayoutFrames[]
  /**
   * What could not be restored, and why: objects and attributes; frames that were not synced before a loss of power or whose
   * journal is missing. Lost frames are also recorded in the metadata of the file (`losses`).
   */
  lost: string[]
  /** The new path of the old file, after 'salvaged'. If its journal is found later, more can be recovered from the two. */
  keptAs?: string
}

/**
 * Rebuilds a file whose writer died. A new HDF5 file with every accepted frame is written and replaces the old one when it is
 * complete; until then the old one is only read. Does nothing for a file that needs no recovery. An interrupted recovery can be
 * repeated. Needs disk space for a second copy, which is checked first.
 *
 * A file that was not closed and whose journal is missing has lost frames. With `acceptLoss`, the frames that HDF5 can read from all
 * datasets are written to a new file, in which the loss is recorded. It replaces the old file, which is renamed to
 * `<file>.unclosed`.
 *
 * Rejects with ERR_LOCKED while the writer or another recovery is alive; ERR_JOURNAL if the journal is damaged or belongs to another
 * run; ERR_NOT_CLOSED if it is missing; ENOSPC and other system errors; and, for a file without a journal, with the errors of the
 * constructor of TrackingReader.
 */
export async function recover(path: string | URL, options: LossOptions = {}): Promise<RecoveryReport> {
  const { acceptLoss } = checkLoss('recover', options)
  const recovery = await native.recover(toPath(path))
  const salvaged = acceptLoss && isToBeSalvaged(recovery.path) ? await runAsync(salvage(recovery.path)) : undefined
  return report(recovery, salvaged)
}

/** The blocking form of {@link recover}. */
export function recoverSync(path: string | URL, options: LossOptions = {}): RecoveryReport {
  const { acceptLoss } = checkLoss('recover', options)
  const recovery = native.recoverSync(toPath(path))
  const salvaged = acceptLoss && isToBeSalvaged(recovery.path) ? runSync(salvage(recovery.path)) : undefined
  return report(recovery, salvaged)
}

function report({ path, rebuilt, lost }: NativeRecovery, salvaged: Salvage | undefined): RecoveryReport {
  const action = salvaged ? 'salvaged' : rebuilt ? 'rebuilt' : 'none'
  // The layouts of a file that was just rebuilt are known to be valid; those of another file are checked here.
  using file = action === 'none' ? openLayouts(path).file : new File(path, 'r')
  const layouts = layoutsToOpen(file).map((layout) => ({ name: nameOf(layout.root), ...countFrames(file, layout) }))
  const { frames, lastFrameIndex } = layouts[0] as LayoutFrames
  return {
    path,
    action,
    frames,
    lastFrameIndex,
    ...(layouts.length > 1 && { layouts }),
    lost: salvaged?.lost ?? lost,
    ...(salvaged && { keptAs: salvaged.keptAs }),
  }
}
