import { munkres } from 'munkres'
import type { Vector } from '../../vectors.js'

/**
 * Which observation continues which track: the assignment with the smallest sum of distances in x and y; z is too uncertain
 * under water. Pairs farther apart than `maxDistance` are taken out of it afterwards. For each prediction the index of its
 * observation, -1 for none.
 *
 * Of several equally good ones, as there are where all stand in a line, that with the most pairs within `maxDistance` is taken,
 * and then the order of places decides, so that the order in which they are given does not.
 */
export function assign(
  predictions: readonly Vector[],
  observations: readonly Vector[],
  maxDistance: number,
): readonly number[] {
  const assigned: number[] = Array(predictions.length).fill(-1)
  const rows = byPlace(predictions)
  const columns = byPlace(observations)
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

/** Indices of points, ascending by x, then y, then z; those of equal points as they come. */
export function byPlace(points: readonly Vector[]): number[] {
  return Array.from(points.keys()).sort((i, j) => {
    const [a, b] = [points[i]!, points[j]!]
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
  })
}

function distance(a: Vector, b: Vector): number {
  const [x, y] = [a[0] - b[0], a[1] - b[1]]
  return Math.sqrt(x * x + y * y)
}
