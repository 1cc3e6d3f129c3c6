// How many of this process's descriptors are of files in the directories.
import { readdirSync, readlinkSync } from 'node:fs'

/** @param {readonly string[]} directories */
export function descriptorsIn(directories) {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return directories.some((directory) => target.startsWith(`${directory}/`))
    } catch {
      return false // that of the listing itself
    }
  }).length
}
