import { H5TracksError } from '../errors.js'
import type { Durability } from './options.js'

/** What a writer knows of its frames when it fails for good. */
export interface Kept {
  path: string
  durability: Durability
  /** Frames of the file that were accepted, and how many of them are in whole chunks that it has. */
  accepted: number
  stored: number
}

const remedies: Record<string, string> = {
  ENOSPC: 'Free space on its disk',
  EDQUOT: 'Free space in your quota, or have it raised',
  EFBIG: 'Raise the limit on the size of files',
}

/** The error that ended a writer, with what has become of its frames and what to do next. */
export function withKept(error: H5TracksError, kept: Kept): H5TracksError {
  const { message, stack: _, ...fields } = error
  const explained = new H5TracksError(`${message}; ${fate(kept, remedies[error.code] ?? 'Put that right')}`, {
    ...fields,
    path: error.path ?? kept.path,
  })
  return Object.assign(explained, { cause: error })
}

function fate({ path, durability, accepted, stored }: Kept, remedy: string): string {
  const frames = accepted === 1 ? '1 frame was accepted' : `${accepted} frames were accepted`
  if (stored < accepted && durability === 'none') {
    return `${frames}, of which ${path} has ${stored}; the others are lost, as durability 'none' keeps no journal. ${remedy}, and write again`
  }
  const where = stored === accepted ? `all in ${path}` : `${stored} are in ${path}, the others in ${path}.journal`
  return `${frames}, and none is lost: ${where}. ${remedy}, then recover the file: h5tracks recover ${path}, or recover() or TrackingWriter.resume()`
}
