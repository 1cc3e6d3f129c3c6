/** What is wrong in an input, and where. */
import { H5TracksError } from '../../base/errors.js'
import { Failure } from '../shared/exit.js'

/** `file:line:column: field: what`; lines and columns count from 1. */
export class InputProblem extends Failure {
  constructor(
    at: { file: string; line: number; column?: number | undefined; field?: string | undefined },
    what: string,
  ) {
    const place = [at.file, at.line, at.column].filter((part) => part !== undefined).join(':')
    super([place, at.field, what].filter((part) => part !== undefined).join(': '))
  }
}

/** What a refused frame can be let in by. */
const REMEDIES: Record<string, string> = {
  ERR_TOO_MANY_FISH: '--max-fish makes room, --drop-excess-fish drops the highest ids',
  ERR_UNKNOWN_CAMERA: '--cameras names the cameras, --ignore-unknown-cameras ignores the others',
  ERR_FRAME_ORDER: '--any-frame-order accepts it, and takes a number that comes again as another frame',
}

/** True for a frame that the writer refused because of what is in it; other errors are about the file. */
export function isRefusal(error: unknown): error is H5TracksError {
  return (
    error instanceof H5TracksError &&
    (error.code in REMEDIES || ['ERR_INVALID_TRACK', 'ERR_OUT_OF_RANGE', 'ERR_DUPLICATE_FISH'].includes(error.code))
  )
}

export function refusalText(error: H5TracksError, remedy = REMEDIES[error.code]): string {
  // That the frame was not written goes without saying where the whole import stops.
  const message = error.message.replace(/; the frame was not written$/, '')
  return `${message} [${error.code}]${remedy === undefined ? '' : `; ${remedy}`}`
}
