import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../process.js'

const directory = join(ROOT, '../shared/data/zebrafish')

/** Recordings of real zebrafish, written by AquaPose's original writer; not part of the repository. */
export const zebrafish = (name: string): string => join(directory, `zebrafish_${name}`)

/** A reason to skip, or undefined. */
export const goldenAbsent: string | undefined = existsSync(directory)
  ? undefined
  : `skipped: the zebrafish recordings are absent (${directory})`

// Printed, so that nobody takes a skipped test for a passed one.
if (goldenAbsent) console.log(goldenAbsent)
