/** Which animal an instance of a JABS file is. */
import type { Report } from '../core/report.js'

/** What a file says of the instances of the frames of a window. */
export interface Instances {
  readonly count: number
  readonly perFrame: number
  /** Number of instances in each frame; undefined if the file does not say. */
  readonly present: ArrayLike<number> | undefined
  /** Identities from 1, 0 for none; undefined in files older than version 4. */
  readonly embedded: ArrayLike<number> | undefined
  /** 1 where the identity is not valid. */
  readonly mask: ArrayLike<number> | undefined
  /** Tracks; undefined in version 2. */
  readonly tracks: ArrayLike<number> | undefined
  /** True if a keypoint of the instance was found. */
  isSeen(cell: number): boolean
}

/**
 * The identity of each instance, -1 for none. In a frame, instances that the program gave no identity, or one that another instance has, get
 * numbers from `first` on.
 */
export function identitiesOf(instances: Instances, first: number, report: Report): Int32Array {
  const { count, perFrame, present, embedded, mask, tracks } = instances
  const identities = new Int32Array(count * perFrame).fill(-1)
  let unnamed = 0
  for (let frame = 0; frame < count; frame++) {
    const taken = new Set<number>()
    const others: number[] = []
    const most = present ? (present[frame] as number) : perFrame
    for (let i = 0; i < perFrame; i++) {
      const cell = frame * perFrame + i
      const isNamed = embedded !== undefined && mask?.[cell] === 0 && (embedded[cell] as number) > 0
      if (!isNamed && (i >= most || !instances.isSeen(cell))) continue
      const identity = embedded
        ? isNamed
          ? (embedded[cell] as number) - 1
          : -1
        : tracks
          ? (tracks[cell] as number)
          : i
      if (identity < 0 || taken.has(identity)) others.push(cell)
      else {
        taken.add(identity)
        identities[cell] = identity
      }
    }
    let next = first
    for (const cell of others) {
      while (taken.has(next)) next++
      taken.add(next)
      identities[cell] = next
    }
    unnamed += others.length
  }
  if (unnamed > 0)
    report.guessed(
      'identities of instances that have none or one that another instance has',
      `in each frame from ${first} on`,
    )
  return identities
}
