// From detections of 13 cameras to tracks of 9 fish: the time per frame of the association and of the tracker.
import { ours } from '../support/child.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'
import { RIG } from '../support/workload.mjs'

// Each process runs over the 1000 frames this many times, after a first run that makes the input.
const ROUNDS = 5

export default async function tracker({ repeat }) {
  const { cameras, fish } = RIG
  const { runs } = await alternate(repeat, {
    runs: () => ours('tracker', { cameras, fish, frames: 1000, rounds: ROUNDS }),
  })
  const line = (what, part, atLeast) => ({
    ...below({ what, unit: 'us', ours: runs.map((result) => median(result[part])), atLeast }),
    runs,
  })
  return [
    line('FishTracker.update, per frame of 9 fish', 'tracker', 30),
    line('ransacCentroidCluster with seed points, per frame of 13 cameras and 9 fish', 'association', 2000),
  ]
}
