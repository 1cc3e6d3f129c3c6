/** How a new file takes the name of an old one, so that the name leads to a whole file at any moment, also after a loss of power. */
import { chmodSync, chownSync, closeSync, fsyncSync, openSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Gives the file `to` the owner and the mode of the file `from`. */
export function copyOwnerAndMode(from: string, to: string): void {
  const { uid, gid, mode } = statSync(from)
  try {
    chownSync(to, uid, gid)
  } catch {
    // Only a privileged process may change an owner; the mode can still be right.
  }
  // Behind chown, which clears some of its bits.
  chmodSync(to, mode & 0o7777)
}

/** Renames `from` to `to` in the same directory; both the file and its new name are on the disk afterwards. */
export function takeName(from: string, to: string): void {
  syncPath(from)
  renameSync(from, to)
  syncPath(dirname(to))
}

/** Waits until a file's bytes, or a directory's names, are on the disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
