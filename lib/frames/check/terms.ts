/** The words and codes of findings: those of tracking files, and those of any other layout. */
import type { Layout } from '../../layout/model.js'
import { isTracking } from '../../layouts/tracking.js'
import type { FindingCode } from './report.js'

export interface CheckTerms {
  readonly isTracking: boolean
  /** What a key is called, alone and several of them. */
  readonly key: string
  readonly keys: string
  /** A key with its number is called e.g. "fish 3". */
  readonly record: string
  readonly aRecord: string
  readonly noRecord: string
  readonly aVector: string
  /** What fill values in all slots mean. */
  readonly nothing: string
  readonly negative: FindingCode
  readonly duplicate: FindingCode
  readonly withoutRecord: FindingCode
}

const fish: CheckTerms = {
  isTracking: true,
  key: 'an id',
  keys: 'ids',
  record: 'fish',
  aRecord: 'a fish',
  noRecord: 'no fish',
  aVector: 'a position',
  nothing: 'no fish had been seen',
  negative: 'negative-id',
  duplicate: 'duplicate-fish',
  withoutRecord: 'value-without-fish',
}

/** The terms of a layout. */
export function termsOf(layout: Layout): CheckTerms {
  if (isTracking(layout)) return fish
  return {
    isTracking: false,
    key: 'a key',
    keys: 'keys',
    record: layout.key?.name ?? 'record',
    aRecord: 'a record',
    noRecord: 'no record',
    aVector: 'a vector',
    nothing: 'nothing had been measured',
    negative: 'negative-key',
    duplicate: 'duplicate-key',
    withoutRecord: 'value-without-record',
  }
}
