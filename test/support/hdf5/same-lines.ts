import { expect } from 'vitest'
import type { Line } from './interop.js'

/** Counts of what was compared. */
export interface Tally {
  objects: number
  attributes: number
  values: number
  /** Datasets that h5py does not return as stored; only their bytes were compared. */
  bytesOnly: Line[]
  /** Values that h5py reads wrongly, to be compared with h5dump's output. */
  printed: Line[]
  /** Values that neither library reads: missing filters, values in other files. */
  unread: Line[]
}

const key = ({ path, attribute }: Line) => JSON.stringify([path, attribute ?? null])

/** Expects our walk and h5py's to agree line by line, and counts the comparisons. */
export function expectSameLines(ours: readonly Line[], theirs: readonly Line[]): Tally {
  expect(ours.map(key)).toEqual(theirs.map(key))
  const tally: Tally = { objects: 0, attributes: 0, values: 0, bytesOnly: [], printed: [], unread: [] }
  for (const [i, their] of theirs.entries()) {
    const our = ours[i]!
    if (their.attribute === undefined) tally.objects++
    else tally.attributes++
    expectSameLine(our, their, tally)
  }
  return tally
}

function expectSameLine(our: Line, their: Line, tally: Tally): void {
  const { value: ourValue, ...ourRest } = our
  const { value: theirValue, ...theirRest } = their
  expect(ourRest).toEqual(theirRest)
  if (!theirValue || !ourValue) {
    expect(ourValue, key(their)).toEqual(theirValue)
    return
  }
  const { unreadable, head, ...hashes } = theirValue
  if (unreadable === undefined) {
    expect(ourValue, `${key(their)} ${head}`).toEqual(hashes)
    tally.values += hashes.count
  } else if (hashes.raw !== undefined) {
    const { count, raw } = ourValue
    expect({ count, raw }, key(their)).toEqual(hashes)
    tally.values += count
    tally.bytesOnly.push(their)
  } else if (unreadable.startsWith('sequence')) {
    tally.values += hashes.count
    tally.printed.push(their)
  } else {
    expect(ourValue, `${key(their)} ${unreadable}`).toHaveProperty('unreadable')
    tally.unread.push(their)
  }
}
