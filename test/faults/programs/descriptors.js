// What this process's descriptors hold of the files in the directories.
import { readdirSync, readlinkSync } from 'node:fs'

/** @param {readonly string[]} directories @returns {string} how many, and of what */
export function descriptorsIn(directories) {
  const held = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return directories.some((directory) => target.startsWith(`${directory}/`)) ? [target] : []
    } catch {
      return [] // that of the listing itself
    }
  })
  return [held.length, 'descriptors', ...held].join(' ')
}
