import { execFileSync } from 'node:child_process'
import { python } from '../interpreter.js'

/** A reason to skip, or undefined. */
export const pandasAbsent: string | undefined = (() => {
  try {
    execFileSync(python(), ['-c', 'import pandas, tables'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'skipped: Python has no pandas and PyTables (Debian: python3-pandas python3-tables)'
  }
})()

if (pandasAbsent) console.log(pandasAbsent)
