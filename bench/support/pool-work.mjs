// What the row `pool` does with a recording: it writes frames of the rig, record by record, into a run. 'tracked' makes each frame as it
// goes, as a tracker does; 'written' has them in memory, so that it only writes.
import { openRun } from '../../dist/library/batch.js'
import { Rig } from '../../dist/simulate/rig.js'
import { RIG, rigRecords } from './workload.mjs'

let made

function* repeated(frames) {
  made ??= rigRecords()
  for (let frame = 0; frame < frames; frame++) yield { tracks: made.tracks[frame % made.tracks.length] }
}

export default async function write({ out, frames, kind }) {
  const rig = new Rig({ ...RIG, frames })
  const run = await openRun(out, { cameras: [...rig.cameraNames], maxFish: RIG.fish, shardFrames: 10_000 })
  let frame = 0
  for (const { tracks } of kind === 'tracked' ? rig.frames() : repeated(frames)) {
    if (!run.writeFrame(frame++, tracks)) await run.drain()
  }
  await run.seal()
}
