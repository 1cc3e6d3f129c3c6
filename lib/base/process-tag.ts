/** Marks temporary files with their process, so that those of dead processes can be recognised. */
import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** The host and the id of this process: 16 hexadecimal digits, a hyphen, decimal digits. */
export const processTag = (): string => `${host()}-${process.pid}`

/**
 * Removes files and folders in a folder whose names are a prefix, a process tag of this host whose process has ended, and anything after a
 * hyphen. `mayRemove` may keep some. What cannot be removed stays: it only takes space.
 */
export function removeAbandoned(
  folder: string,
  prefix: string,
  mayRemove: (path: string) => boolean = () => true,
): void {
  for (const name of namesIn(folder)) {
    if (!name.startsWith(prefix)) continue
    const [, of, pid] = /^([0-9a-f]{16})-(\d+)-./.exec(name.slice(prefix.length)) ?? []
    const path = join(folder, name)
    if (of !== host() || isAlive(Number(pid)) || !mayRemove(path)) continue
    try {
      rmSync(path, { recursive: true, force: true })
    } catch {}
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const host = () => createHash('sha256').update(hostname()).digest('hex').slice(0, 16)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
