/** Assigns observations to tracks. */
import { munkres } from 'munkres'
import type { Vector } from '../../base/vectors.js'
import type { FishTrack } from './track.js'

/**
 * Finds the assignment of observations to the predictions of the tracks with the smallest sum of distances in x and y (z is too
 * uncertain under water), by the Hungarian algorithm. Pairs farther apart than `maxDistance` are then removed. Returns, for each
 * track, the index of its observation; -1 for none.
 *
 * If several assignments are equally good, for instance when all fish are in a line, the one with the most pairs within
 * `maxDistance` is taken, and then the order of positions decides. The order in which the observations are given has no effect.
 */
export function assign(
  tracks: readonly FishTrack[],
  observations: readonly Vector[],
  maxDistance: number,
): readonly number[] {
  const predictions = tracks.map((track) => track.predict())
  const rows = sorted(
    tracks.length,
    (i, j) => byPlace(predictions[i]!, predictions[j]!) || byPlace(tracks[i]!.centroid3d, tracks[j]!.centroid3d),
  )
  const columns = sorted(observations.length, (i, j) => byPlace(observations[i]!, observations[j]!))
  const costs = rows.map((row) => costsOf(predictions[row]!, columns, observations, maxDistance))
  const assigned: number[] = []
  while (assigned.length < tracks.length) assigned.push(-1)
  for (const pair of munkres(costs)) {
    if (costs[pair[0]]![pair[1]]! <= maxDistance) assigned[rows[pair[0]]!] = columns[pair[1]]!
  }
  return assigned
}

/** The distances of a prediction to the observations, in the order of `columns`. */
function costsOf(
  prediction: Vector,
  columns: readonly number[],
  observations: readonly Vector[],
  maxDistance: number,
): number[] {
  // Larger than the rounding error of the sums, and smaller than any meaningful difference.
  const surcharge = 1e-9 * maxDistance
  const costs: number[] = []
  for (let i = 0; i < columns.length; i++) {
    const observation = observations[columns[i]!]!
    const x = observation[0] - prediction[0]
    const y = observation[1] - prediction[1]
    const apart = Math.sqrt(x * x + y * y)
    costs.push(apart <= maxDistance ? apart : apart + surcharge)
  }
  return costs
}

/** The indices 0 to n - 1 sorted by `compare`; equal ones ascending. An insertion sort, because there are few. */
export function sorted(n: number, compare: (i: number, j: number) => number): number[] {
  const order: number[] = []
  for (let i = 0; i < n; i++) {
    let at = i
    for (; at > 0 && compare(order[at - 1]!, i) > 0; at--) order[at] = order[at - 1]!
    order[at] = i
  }
  return order
}

/** Compares points by x, then y, then z. */
export function byPlace(a: Vector, b: Vector): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
