/** The files that one logical dataset consists of, in their order. */
import { invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'

/** The files of one logical dataset, in the order of their frames. */
export type ShardFiles = Iterable<string | URL>

/** The paths of at least one file. Throws ERR_INVALID_ARGUMENT. */
export function pathsOf(files: ShardFiles): string[] {
  if (typeof files === 'string' || typeof (files as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function') {
    throw invalidArgument('files', files, 'a list of paths')
  }
  const paths = [...files].map(toPath)
  if (paths.length === 0) throw invalidArgument('files', paths, 'a list of at least one path')
  return paths
}
