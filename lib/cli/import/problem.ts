/** Errors of an input: where it is wrong, what is wrong and which option helps. */
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

/** The options with which a refused frame is accepted. */
const REMEDIES: Record<string, string> = {
  ERR_TOO_MANY_FISH: '--max-fish makes room, --drop-excess-fish drops the highest ids',
  ERR_UNKNOWN_CAMERA: '--cameras names the cameras, --ignore-unknown-cameras ignores the others',
  ERR_FRAME_ORDER: '--any-frame-order accepts it; a repeated number then makes another frame',
}

/** True if the writer refused the frame because of its content; other errors concern the file. */
export function isRefusal(error: unknown): error is H5TracksError {
  return (
    error instanceof H5TracksError &&
    (error.code in REMEDIES || ['ERR_INVALID_TRACK', 'ERR_OUT_OF_RANGE', 'ERR_DUPLICATE_FISH'].includes(error.code))
  )
}

export function refusalText(error: H5TracksError, remedy = REMEDIES[error.code]): string {
  // The import stops here, so the message need not say that the frame was not written.
  const message = error.message.replace(/; the frame was not written$/, '')
  return `${message} [${error.code}]${remedy === undefined ? '' : `; ${remedy}`}`
}
