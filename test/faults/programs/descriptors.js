// The descriptors that this process has open on files in the directories.
import { readdirSync, readlinkSync } from 'node:fs'

/** @param {readonly string[]} directories @returns {string} their number and their paths */
export function descriptorsIn(directories) {
  const held = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return directories.some((directory) => target.startsWith(`${directory}/`)) ? [target] : []
    } catch {
      return [] // the descriptor of the listing itself
    }
  })
  return [held.length, 'descriptors', ...held].join(' ')
}
