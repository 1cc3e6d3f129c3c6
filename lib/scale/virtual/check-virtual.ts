/** `checkVirtual`: finds what would read as fill values, without an error, in a file of virtual datasets. */
import { setImmediate } from 'node:timers/promises'
import { checkOptions, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { problemsIn, sourcesOf, type VirtualProblem } from '../../frames/sources/problems.js'

export type { VirtualProblem }

export interface VirtualCheck {
  /** Number of files that the virtual datasets show. */
  sources: number
  problems: VirtualProblem[]
}

/**
 * Checks that every source of the virtual datasets of a file can be read: that it is there, can be opened, is not being written, was
 * closed by its writer, and has the datasets, types and lengths that the file was written for; and that this process may have all of them open
 * at the same time (`ulimit -n`). HDF5 reads the rows of other sources as fill values. Values are not compared. A file without virtual
 * datasets has no sources.
 *
 * Rejects with the errors of opening the file itself.
 */
export async function checkVirtual(path: string | URL, options: { signal?: AbortSignal } = {}): Promise<VirtualCheck> {
  checkOptions('checkVirtual', options, ['signal'])
  const { signal } = options
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  const given = toPath(path)
  const sources = sourcesOf(given)
  const problems: VirtualProblem[] = []
  for (const problem of problemsIn(given, sources)) {
    if (problem !== null) problems.push(problem)
    // Opening blocks, so other work gets a turn between two files.
    await setImmediate()
    signal?.throwIfAborted()
  }
  return { sources: sources.size, problems }
}
