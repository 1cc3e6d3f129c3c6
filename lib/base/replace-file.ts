/** Replaces a file by a new one so that its name leads to a complete file at any moment, also after a loss of power. */
import { chmodSync, chownSync, closeSync, fsyncSync, openSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Gives the file `to` the owner and the mode of the file `from`. */
export function copyOwnerAndMode(from: string, to: string): void {
  const { uid, gid, mode } = statSync(from)
  try {
    chownSync(to, uid, gid)
  } catch {
    // Only a privileged process may change the owner. The mode is copied in any case.
  }
  // After chown, which clears some bits of the mode.
  chmodSync(to, mode & 0o7777)
}

/** Renames `from` to `to` in the same directory, and syncs the file and its new name to the disk. */
export function takeName(from: string, to: string): void {
  syncPath(from)
  renameSync(from, to)
  syncPath(dirname(to))
}

/** Windows keeps names safe by itself and cannot sync a directory; it syncs files that are open for writing. */
export const syncing =
  process.platform === 'win32' ? ({ names: false, flags: 'r+' } as const) : ({ names: true, flags: 'r' } as const)

/** Syncs the bytes of a file, or the names in a directory, to the disk. */
export function syncPath(path: string): void {
  if (!syncing.names && statSync(path).isDirectory()) return
  const descriptor = openSync(path, syncing.flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
