// The time of writeFrame on the main thread for each byte of a frame: by FrameWriter, against TrackingWriter.
import { ours } from '../support/child.mjs'
import { FRAME_BYTES } from '../support/layouts.mjs'
import { alternate } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

export default async function generic({ frames, repeat, file }) {
  const path = file('generic.h5')
  const few = Math.min(frames, 20_000)
  const time = (kind) => () => ours('layouts', { way: 'calls', kind, frames: few, path })
  const results = await alternate(repeat, {
    rig: time('rig'),
    tracking: time('tracking'),
    poses: time('poses'),
    nested: time('nested'),
    sensor: time('sensor'),
  })
  const perByte = (name, bytes) => results[name].map((result) => result.median / bytes)
  const peer = perByte('rig', FRAME_BYTES.tracking)
  const line = (what, name, bytes, limits) => {
    const ratios = perByte(name, bytes).map((value, i) => value / peer[i])
    const [median] = [results[name].map((result) => result.median).sort((a, b) => a - b)[repeat >> 1]]
    return {
      ...below({ what: `${what} (${median.toFixed(2)} us)`, unit: 'x', ours: ratios, ...limits }),
      calls: results[name],
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
