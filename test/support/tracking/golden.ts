import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../process.js'

const directory = join(ROOT, '../shared/data/zebrafish')

/** Real zebrafish and the files that AquaPose's original writer makes of them; not part of the repository. */
export const zebrafish = (name: string): string => join(directory, `zebrafish_${name}`)

/** A reason to skip, or undefined. */
export const goldenAbsent: string | undefined = existsSync(directory)
  ? undefined
  : `skipped: the zebrafish recordings are absent (${directory})`

// A test that does not run is not to be taken for one that passed.
if (goldenAbsent) console.log(goldenAbsent)
