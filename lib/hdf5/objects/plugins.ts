/** Filter plugins. */
import { statSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { native } from '../../native/native.js'

/**
 * Lets HDF5 load filter plugins (blosc, zstd, lz4, bitshuffle …) from a directory, in the whole process. A second call replaces the
 * directory. Plugins are never loaded from anywhere else, nor before this call, because they are native code and the file chooses
 * which of them to load. Throws ENOENT and ENOTDIR.
 */
export function loadFilterPlugins(directory: string | URL): void {
  const path = toPath(directory)
  if (!statSync(path).isDirectory()) {
    throw new H5TracksError(`ENOTDIR: not a directory, '${path}'`, { code: 'ENOTDIR', path })
  }
  native.loadFilterPlugins(path)
}
