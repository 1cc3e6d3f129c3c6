/** `checkVirtual`: finds what would read as fill values, without an error, in a file of virtual datasets. */
import { setImmediate } from 'node:timers/promises'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { openLayouts } from '../../frames/file/open-layouts.js'
import { File } from '../../hdf5/objects/file.js'
import { differenceIn, type ShownPart, shownParts } from './shown-parts.js'
import { folderOf, sourcePath, unescaped } from './source-names.js'

/** Something that keeps the rows of a source from being read as they were when the file was written. */
export interface VirtualProblem {
  /** The path of the source; of the file itself if the limit of open files is too small. */
  path: string
  /** The code of the error of opening it: ENOENT, ERR_LOCKED, ERR_NOT_CLOSED, ERR_NEEDS_RECOVERY, EMFILE and others. */
  code?: string
  problem: string
}

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
  const open: File[] = []
  try {
    for (const [name, parts] of sources) {
      // Opening blocks, so other work gets a turn between two files.
      await setImmediate()
      signal?.throwIfAborted()
      const plain = unescaped(name)
      if (plain === null) {
        problems.push({ path: name, problem: 'a pattern of file names, which cannot be checked' })
        continue
      }
      const source = sourcePath(folderOf(given), plain)
      try {
        const { file } = openLayouts(source)
        // All of them at once, as readers have them.
        open.push(file)
        const problem = differenceIn(file, parts)
        if (problem !== null) problems.push({ path: source, problem })
      } catch (error) {
        if (!(error instanceof H5TracksError)) throw error
        if (error.code === 'EMFILE' || error.code === 'ENFILE') {
          problems.push(tooFew(given, error.code, open.length, sources.size))
          break
        }
        problems.push({ path: source, code: error.code, problem: error.message })
      }
    }
  } finally {
    for (const file of open) file.closeSync()
  }
  return { sources: sources.size, problems }
}

function sourcesOf(path: string): Map<string, ShownPart[]> {
  using file = new File(path)
  return shownParts(file)
}

function tooFew(path: string, code: string, most: number, wanted: number): VirtualProblem {
  const problem =
    `${most} of the ${wanted} sources can be open at the same time, and HDF5 reads the others as fill values: raise the limit of open ` +
    'files (ulimit -n), or join the files with concat'
  return { path, code, problem }
}
