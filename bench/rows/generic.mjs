// The time of writeFrame on the main thread for each byte of a frame: by FrameWriter, against TrackingWriter.
import { ours } from '../support/child.mjs'
import { FRAME_BYTES } from '../support/layouts.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

export default async function generic({ frames, repeat, file }) {
  const path = file('generic.h5')
  const few = Math.min(frames, 20_000)
  const kinds = ['rig', 'tracking', 'poses', 'nested', 'sensor']
  const { rounds } = await alternate(repeat, {
    rounds: () => ours('layouts', { way: 'calls', kinds, frames: few, path }),
  })
  const line = (what, kind, bytes, limits) => {
    const times = rounds.map(({ calls }) => calls[kind].median)
    const peer = rounds.map(({ calls }) => calls.rig.median / FRAME_BYTES.tracking)
    const ratios = times.map((time, i) => time / bytes / peer[i])
    return {
      ...below({ what: `${what} (${median(times).toFixed(2)} us)`, unit: 'x', ours: ratios, ...limits }),
      calls: rounds.map(({ calls }) => calls[kind]),
    }
  }
  const limits = { atLeast: 1.5 }
  return [
    line('TrackingWriter.writeFrame of the rig', 'rig', FRAME_BYTES.tracking),
    line('the same records by FrameWriter, per byte', 'tracking', FRAME_BYTES.tracking, limits),
    line('poses, per byte', 'poses', FRAME_BYTES.poses, limits),
    line('poses in nested arrays, per byte', 'nested', FRAME_BYTES.poses),
    line('sensor, per byte', 'sensor', FRAME_BYTES.sensor),
  ]
}
