/** Errors of inputs: which file, which place in it, what is wrong and what to do. */
import { H5TracksError } from '../../base/errors.js'

/** The error for a file that is not what it should be. `place`: a line, a dataset, a key. `remedy`: what to do next. */
export function formatProblem(
  path: string,
  place: string | undefined,
  problem: string,
  remedy?: string,
): H5TracksError {
  const at = place === undefined ? path : `${path}: ${place}`
  return new H5TracksError(`${at}: ${problem}${remedy === undefined ? '' : `; ${remedy}`}`, {
    code: 'ERR_FORMAT',
    path,
    ...(place !== undefined && { field: place }),
  })
}
