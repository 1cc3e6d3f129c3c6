import { H5TracksError } from '../../base/errors.js'
import type { Durability } from './options.js'

/** What a writer knows of its frames. */
export interface Told {
  readonly path: string
  readonly durability: Durability
  readonly chunkFrames: number
  /** Frames of the file that were accepted. */
  readonly length: number
  stats(): { blocks: number }
}

const remedies: Record<string, string> = {
  ENOSPC: 'Free space on its disk',
  EDQUOT: 'Free space in your quota, or have it raised',
  EFBIG: 'Raise the limit on the size of files',
}

/** The error that ended a writer of a file that had frames `before`, with what has become of them all and what to do next. */
export function withKept(error: H5TracksError, writer: Told, before: number): H5TracksError {
  const { message, stack: _, ...fields } = error
  // Its first chunk is one that the file may have had in part.
  const whole = before - (before % writer.chunkFrames) + writer.stats().blocks * writer.chunkFrames
  const what = fate(writer, Math.max(before, whole), remedies[error.code] ?? 'Put that right')
  const explained = new H5TracksError(`${message}; ${what}`, { ...fields, path: error.path ?? writer.path })
  return Object.assign(explained, { cause: error })
}

function fate({ path, durability, length: accepted }: Told, stored: number, remedy: string): string {
  const frames = accepted === 1 ? '1 frame was accepted' : `${accepted} frames were accepted`
  if (stored < accepted && durability === 'none') {
    return `${frames}, of which ${path} has ${stored}, read with acceptLoss: true; the others are lost, as durability 'none' keeps no journal. ${remedy}, and write again`
  }
  const where = stored === accepted ? `all in ${path}` : `${stored} are in ${path}, the others in ${path}.journal`
  return `${frames}, and none is lost: ${where}. ${remedy}, then recover the file: h5tracks recover ${path}, or recover() or TrackingWriter.resume()`
}
