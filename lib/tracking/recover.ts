import { toPath } from '../hdf5/path.js'
import { type NativeRecovery, native } from '../native.js'
import { lastFrameIndex } from './last-index.js'
import { lengthOf, openTrackingFile } from './open.js'

/** What `recover` did. */
export interface RecoveryReport {
  /** The file, symbolic links followed. */
  path: string
  /** 'rebuilt' from its journal; 'none': no journal lay beside it, so there was nothing to do. */
  action: 'rebuilt' | 'none'
  /** Frames in the file now. */
  frames: number
  /** Index of the last one; null where there is none. */
  lastFrameIndex: number | bigint | null
  /** What could not be carried over, and why: objects, attributes; after a loss of power also frames that were not synced. */
  lost: string[]
}

/**
 * Rebuilds a file whose writer died: a complete, ordinary HDF5 file, with every frame that was accepted, takes its place when
 * it is whole; until then the old one is only read. Harmless for a file that needs nothing, and safe to be repeated,
 * whatever interrupts it. Needs room for a second copy, and says so in advance.
 *
 * Rejects with ERR_LOCKED while the writer, or another recovery, lives; ERR_JOURNAL for a journal that is damaged or of
 * another run; ENOSPC and what else the system refuses; without a journal, as TrackingReader for a file that is none.
 */
export async function recover(path: string | URL): Promise<RecoveryReport> {
  return report(await native.recover(toPath(path)))
}

/** As `recover`, on the calling thread. */
export function recoverSync(path: string | URL): RecoveryReport {
  return report(native.recoverSync(toPath(path)))
}

function report({ path, rebuilt, lost }: NativeRecovery): RecoveryReport {
  const tracking = openTrackingFile(path)
  try {
    const frames = lengthOf(tracking)
    return {
      path,
      action: rebuilt ? 'rebuilt' : 'none',
      frames,
      lastFrameIndex: lastFrameIndex(tracking, frames),
      lost,
    }
  } finally {
    tracking.file.closeSync()
  }
}
