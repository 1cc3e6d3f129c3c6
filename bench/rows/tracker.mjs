// Detections of 13 cameras to tracks of 9 fish: what the association and the tracker cost a frame.
import { ours } from '../support/child.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'
import { RIG } from '../support/workload.mjs'

// Each process takes the 1000 frames this many times, after a first time that also made what it is given.
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
    line('FishTracker.update, a frame of 9 fish', 'tracker', 30),
    line('ransacCentroidCluster, a frame of 13 cameras and 9 fish, with seed points', 'association', 2000),
  ]
}
