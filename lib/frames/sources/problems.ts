/** Finds the sources of virtual datasets that HDF5 would read as fill values, without an error. */
import { H5TracksError } from '../../base/errors.js'
import { File } from '../../hdf5/objects/file.js'
import { openLayouts } from '../file/open-layouts.js'
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

/** Checks one source after the other. Yields null for a good one. Ends early if the limit of open files is reached. */
export function* problemsIn(path: string, sources = sourcesOf(path)): Generator<VirtualProblem | null, void, void> {
  const open: File[] = []
  try {
    for (const [name, parts] of sources) {
      const plain = unescaped(name)
      if (plain === null) {
        yield { path: name, problem: 'a pattern of file names, which cannot be checked' }
        continue
      }
      const source = sourcePath(folderOf(path), plain)
      try {
        const { file } = openLayouts(source)
        // All of them at once, as readers have them.
        open.push(file)
        const problem = differenceIn(file, parts)
        yield problem === null ? null : { path: source, problem }
      } catch (error) {
        if (!(error instanceof H5TracksError)) throw error
        const { code, message } = error
        if (code === 'EMFILE' || code === 'ENFILE') {
          yield { path, code, problem: tooFew(open.length, sources.size) }
          return
        }
        yield { path: source, code, problem: message }
      }
    }
  } finally {
    for (const file of open) file.closeSync()
  }
}

/** The sources of the virtual datasets of a file, by the names that it gives them. */
export function sourcesOf(path: string): Map<string, ShownPart[]> {
  using file = new File(path)
  return shownParts(file)
}

const tooFew = (most: number, wanted: number): string =>
  `${most} of the ${wanted} sources can be open at the same time, and HDF5 reads the others as fill values: raise the limit of open ` +
  'files (ulimit -n), or join the files with concat'
