/** Explains the error that ended a writer. */
import { H5TracksError } from '../../base/errors.js'
import type { Durability } from './open/options.js'

/** The properties of a writer that the message needs. */
export interface FailedWriter {
  readonly path: string
  readonly durability: Durability
  readonly chunkFrames: number
  /** Number of accepted frames in the file. */
  readonly length: number
  stats(): { blocks: number }
}

const remedies: Record<string, string> = {
  ENOSPC: 'Free space on its disk',
  EDQUOT: 'Free space in your quota, or have it raised',
  EFBIG: 'Raise the limit on the size of files',
}

/**
 * Adds to the error that ended a writer what has become of the frames and what to do next. `before`: the number of frames that the
 * file held when it was opened. `resume`: the method that continues such a file.
 */
export function withKept(error: H5TracksError, writer: FailedWriter, before: number, resume: string): H5TracksError {
  const { message, stack: _, ...fields } = error
  // The first chunk that was written may have been in the file in part.
  const whole = before - (before % writer.chunkFrames) + writer.stats().blocks * writer.chunkFrames
  const what = fate(writer, Math.max(before, whole), remedies[error.code] ?? 'Put that right', resume)
  const explained = new H5TracksError(`${message}; ${what}`, { ...fields, path: error.path ?? writer.path })
  return Object.assign(explained, { cause: error })
}

function fate(
  { path, durability, length: accepted }: FailedWriter,
  stored: number,
  remedy: string,
  resume: string,
): string {
  const frames = accepted === 1 ? '1 frame was accepted' : `${accepted} frames were accepted`
  if (stored < accepted && durability === 'none') {
    return `${frames}, of which ${path} has ${stored} (pass acceptLoss: true to read them); the others are lost, because durability 'none' keeps no journal. ${remedy}, and write again`
  }
  const where = stored === accepted ? `all in ${path}` : `${stored} are in ${path}, the others in ${path}.journal`
  return `${frames}, and none is lost: ${where}. ${remedy}, then recover the file: h5tracks recover ${path}, or recover() or ${resume}()`
}
