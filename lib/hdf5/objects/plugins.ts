import { statSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { native } from '../../native/native.js'

/**
 * From now on HDF5 loads filters that it has not itself (blosc, zstd, lz4, bitshuffle …) from this directory, in the whole
 * process: HDF5 has one place for them. Until then, and from anywhere else, none are loaded: they are programs, and a file
 * says which. Throws ENOTDIR, ENOENT.
 */
export function loadFilterPlugins(directory: string | URL): void {
  const path = toPath(directory)
  if (!statSync(path).isDirectory()) {
    throw new H5TracksError(`ENOTDIR: not a directory, '${path}'`, { code: 'ENOTDIR', path })
  }
  native.loadFilterPlugins(path)
}
