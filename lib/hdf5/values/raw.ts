/** Checks whether values can be read and written without conversion. */
import { H5TracksError } from '../../base/errors.js'
import type { Type } from './types.js'

function hasNewReferences(type: Type): boolean {
  if (type.class === 'compound') return type.members.some((member) => hasNewReferences(member.type))
  if (type.class === 'array' || type.class === 'vlen') return hasNewReferences(type.base)
  return type.class === 'reference' && type.to === 'any'
}

/**
 * Throws ERR_UNSUPPORTED for types of which HDF5 has only pointers in memory, so that there are no raw bytes. `what` names the
 * dataset or attribute in the message.
 */
export function refuseRaw(type: Type, what: string): void {
  if (!hasNewReferences(type)) return
  throw new H5TracksError(
    `${what} has references of type { class: 'reference', to: 'any' }, which have no raw bytes; call without the option raw`,
    { code: 'ERR_UNSUPPORTED' },
  )
}
