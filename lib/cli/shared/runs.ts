/** The files that a command is given, or the run that they are the shards of. */
import { statSync } from 'node:fs'
import type { Run } from '../../batch/log/read-run.js'

/** A single folder is a run, whose log is read. */
export async function filesOrRun(files: readonly string[]): Promise<readonly string[] | Run> {
  const [only, ...others] = files
  if (only === undefined || others.length > 0 || !statSync(only, { throwIfNoEntry: false })?.isDirectory()) return files
  const { readRun } = await import('../../batch/log/read-run.js')
  return await readRun(only)
}
