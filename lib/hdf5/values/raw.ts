import { H5TracksError } from '../../base/errors.js'
import type { Type } from './types.js'

function hasNewReferences(type: Type): boolean {
  if (type.class === 'compound') return type.members.some((member) => hasNewReferences(member.type))
  if (type.class === 'array' || type.class === 'vlen') return hasNewReferences(type.base)
  return type.class === 'reference' && type.to === 'any'
}

/**
 * Throws ERR_UNSUPPORTED where HDF5 has pointers in memory for what is in the file, so that there are no bytes to read or
 * write as they are. `what` is for the message.
 */
export function refuseRaw(type: Type, what: string): void {
  if (!hasNewReferences(type)) return
  throw new H5TracksError(
    `${what} has references of type { class: 'reference', to: 'any' }, which have no raw bytes; leave out raw`,
    { code: 'ERR_UNSUPPORTED' },
  )
}
