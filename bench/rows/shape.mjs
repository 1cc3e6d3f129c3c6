// The cost per byte by number of cameras and fish; the total cost is linear where it stays that of the rig. The largest shape
// also runs with Maps keyed by camera, since objects with so many keys are slow by themselves.
import { ours } from '../support/child.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { below, judge } from '../support/verdict.mjs'

/** Cameras; fish; different frames, limited by memory; frames written, as a share of the rig's; whether with Maps. */
const SHAPES = [
  [1, 1, 4000, 10, false],
  [4, 4, 4000, 4, false],
  [13, 9, 4000, 1, false],
  [32, 32, 2000, 0.25, false],
  [64, 64, 1000, 0.08, false],
  [64, 64, 1000, 0.08, true],
]

/** The shape whose cost per byte has a goal, relative to the rig's. */
const LARGEST = 4

const rowBytes = (cameras, fish) => 8 + fish * (4 + 12 + 4 + 4 + 4 + 1 + cameras * 20)

export default async function shape({ frames, repeat, file }) {
  const path = file('shape.h5')
  const runs = SHAPES.map(([cameras, fish, distinct, share, maps]) => {
    const n = Math.max(1000, Math.round((frames * share) / 1000) * 1000)
    const name = `${cameras} ${cameras === 1 ? 'camera' : 'cameras'} x ${fish} fish${maps ? ' (Maps)' : ''}`
    return { name, bytes: rowBytes(cameras, fish), n, rig: { cameras, fish, distinct, maps } }
  })
  const results = await alternate(
    Math.min(repeat, 3),
    Object.fromEntries(
      runs.map(({ name, n, rig }) => [name, () => ours('write', { way: 'records', path, frames: n, ...rig })]),
    ),
  )
  const perByte = runs.map(({ name, bytes, n }) => results[name].map(({ seconds }) => (1e9 * seconds) / n / bytes))
  const rig = median(perByte[2])
  return runs.map(({ name, bytes, n }, i) => {
    const frame = (median(perByte[i]) * bytes) / 1000
    const line = below({
      what: `${name}: cost per byte (${Number(frame.toPrecision(3))} us per frame of ${bytes} bytes)`,
      unit: 'ns',
      ours: perByte[i],
    })
    if (i === 2) return { ...line, frames: n }
    const times = median(perByte[i]) / rig
    const reached = i === LARGEST ? ` (2, 1.5): ${judge(-times, -2, -1.5)}` : ''
    return { ...line, verdict: `${times.toFixed(2)} times the rig's${reached}`, frames: n }
  })
}
