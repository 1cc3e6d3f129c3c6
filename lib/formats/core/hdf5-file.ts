/** Opens HDF5 files of other programs. */
import { H5TracksError } from '../../base/errors.js'
import { File } from '../../hdf5/objects/file.js'
import { formatProblem } from './problem.js'

export const damagedRemedy =
  'the file is damaged or truncated: copy it again, or write it again with the program that made it'

/** Opens a file. Throws as `new File` does, and ERR_FORMAT for one whose root group is damaged, which HDF5 does not name. */
export function openHdf5(path: string): File {
  try {
    return new File(path)
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'ERR_HDF5') throw error
    throw Object.assign(formatProblem(path, '/', `cannot be opened (${error.message})`, damagedRemedy), {
      cause: error,
    })
  }
}
