/** The words and codes of the errors that refuse a frame: those of tracking files, and those of any other layout. */

/** How a layout speaks of its records. */
export interface Terms {
  /** Name of the list of records: the argument of `writeFrame`. */
  readonly records: string
  /** The type of their elements. */
  readonly ofType: string
  /** One record, as in "fish 3" and "a slot without a fish". */
  readonly record: string
  readonly article: string
  /** Name of the field with the key. */
  readonly key: string
  /** Property of the error that holds the key. */
  readonly property: 'fish' | 'key'
  readonly invalid: string
  readonly duplicate: string
  readonly tooMany: string
}

/** The terms of tracking files. */
export const fishTerms: Terms = {
  records: 'tracks',
  ofType: 'TrackRecord',
  record: 'fish',
  article: 'a fish',
  key: 'fishId',
  property: 'fish',
  invalid: 'ERR_INVALID_TRACK',
  duplicate: 'ERR_DUPLICATE_FISH',
  tooMany: 'ERR_TOO_MANY_FISH',
}

/** The terms of a layout whose key has this name. */
export function recordTerms(key: string): Terms {
  return {
    records: 'records',
    ofType: 'records',
    record: key,
    article: 'a record',
    key,
    property: 'key',
    invalid: 'ERR_INVALID_RECORD',
    duplicate: 'ERR_DUPLICATE_KEY',
    tooMany: 'ERR_TOO_MANY_RECORDS',
  }
}
