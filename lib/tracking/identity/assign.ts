import { munkres } from 'munkres'
import type { Vector } from '../../vectors.js'
import type { FishTrack } from './track.js'

/**
 * Which observation continues which track: the assignment of observations to the tracks' predictions with the smallest sum of
 * distances in x and y; z is too uncertain under water. Pairs farther apart than `maxDistance` are taken out of it afterwards.
 * For each track the index of its observation, -1 for none.
 *
 * Of several equally good ones, as there are where all stand in a line, that with the most pairs within `maxDistance` is taken,
 * and then the order of places decides, so that the order in which they are given does not.
 */
export function assign(
  tracks: readonly FishTrack[],
  observations: readonly Vector[],
  maxDistance: number,
): readonly number[] {
  const assigned: number[] = Array(tracks.length).fill(-1)
  const predictions = tracks.map((track) => track.predict())
  const rows = ordered(
    tracks.map(({ centroid3d, framesSinceUpdate }, i) => [...predictions[i]!, ...centroid3d, framesSinceUpdate]),
  )
  const columns = ordered(observations)
  // More than the rounding of sums, and less than any difference that means something.
  const surcharge = 1e-9 * maxDistance
  const costs = rows.map((row) =>
    columns.map((column) => {
      const apart = distance(predictions[row]!, observations[column]!)
      return apart <= maxDistance ? apart : apart + surcharge
    }),
  )
  for (const [row, column] of munkres(costs)) {
    if (costs[row]![column]! <= maxDistance) assigned[rows[row]!] = columns[column]!
  }
  return assigned
}

/** Indices of points, or of longer lists of numbers, ascending by the first number, then the second …; equal ones as they come. */
export function ordered(lists: readonly (readonly number[])[]): number[] {
  return Array.from(lists.keys()).sort((i, j) => {
    const [a, b] = [lists[i]!, lists[j]!]
    const first = a.findIndex((value, n) => value !== b[n])
    return first < 0 ? 0 : a[first]! - b[first]!
  })
}

function distance(a: Vector, b: Vector): number {
  const [x, y] = [a[0] - b[0], a[1] - b[1]]
  return Math.sqrt(x * x + y * y)
}
