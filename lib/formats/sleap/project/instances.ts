/** Which instances of a frame count, and as which individuals. */
import type { LabelledFrame } from './frame-order.js'
import type { Table } from './table.js'

export const instanceColumns = ['instance_type', 'skeleton', 'track', 'point_id_start', 'point_id_end']

/** An instance that counts. */
export interface Instance {
  readonly row: number
  readonly skeleton: number
  /** A person placed it; otherwise it was predicted. */
  readonly isUser: boolean
  /** The index of its track; those without a track in a frame are counted from the number of tracks on. */
  individual: number
  /** False if the instance has no track: its individual means nothing in other frames. */
  identified: boolean
  readonly firstPoint: number
  readonly lastPoint: number
  readonly score: number
  readonly trackingScore: number
}

/** The instances of a frame. */
export interface FrameInstances {
  readonly instances: readonly Instance[]
  /** Number of predictions that an instance of a person replaces. */
  readonly replaced: number
  /** Number of instances whose track another one of the frame has. */
  readonly twice: number
  /** Number of user instances that name a prediction. */
  readonly links: number
}

export interface InstanceRules {
  readonly tracks: number
  readonly skeletons: number
  /** Frames have at most one animal, so that an instance of a person replaces any prediction. */
  readonly single: boolean
}

interface Row extends Instance {
  readonly track: number
  readonly from: number
}

/** Reads the instances of a frame, by ascending individual. */
export async function instancesOf(
  table: Table,
  { ranges }: LabelledFrame,
  { tracks, skeletons, single }: InstanceRules,
): Promise<FrameInstances> {
  const rows: Row[] = []
  for (const [start, stop] of ranges) {
    for (let row = start; row < stop; row++) rows.push(rowOf(await table.windowAt(row), row))
  }
  for (const { row, skeleton, track } of rows) {
    if (skeleton >= skeletons) table.refuse(row, `names skeleton ${skeleton}; the project has ${skeletons}`)
    if (track >= tracks) table.refuse(row, `names track ${track}; the project has ${tracks}`)
  }
  const users = rows.filter(({ isUser }) => isUser)
  const linked = new Set(users.map(({ from }) => from))
  const owned = new Set(users.filter(({ track }) => track >= 0).map(({ track }) => track))
  const isReplaced = ({ isUser, row, track }: Row) =>
    !isUser && users.length > 0 && (single || linked.has(row) || owned.has(track))
  const kept = rows.filter((row) => !isReplaced(row))
  const twice = identify(kept, tracks)
  return {
    instances: kept.sort((a, b) => a.individual - b.individual),
    replaced: rows.length - kept.length,
    twice,
    links: users.filter(({ from }) => from >= 0).length,
  }
}

/** Gives each instance its individual. The first of several with one track keeps it. */
function identify(rows: readonly Row[], tracks: number): number {
  const taken = new Set<number>()
  let twice = 0
  let next = tracks
  for (const row of rows) {
    const free = row.track >= 0 && !taken.has(row.track)
    if (row.track >= 0 && !free) twice++
    row.identified = free
    row.individual = free ? row.track : next++
    taken.add(row.individual)
  }
  return twice
}

function rowOf({ start, columns }: Awaited<ReturnType<Table['windowAt']>>, row: number): Row {
  const at = row - start
  return {
    row,
    individual: -1,
    identified: false,
    isUser: columns.instance_type![at] === 0,
    skeleton: columns.skeleton![at]!,
    track: columns.track![at]!,
    from: columns.from_predicted?.[at] ?? -1,
    firstPoint: columns.point_id_start![at]!,
    lastPoint: columns.point_id_end![at]!,
    score: columns.score?.[at] ?? Number.NaN,
    trackingScore: columns.tracking_score?.[at] ?? Number.NaN,
  }
}
