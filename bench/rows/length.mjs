// The cost per frame of runs from 10 thousand to 500 thousand frames, with --long to 5 million.
import { ours } from '../support/child.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { spaced } from '../support/table.mjs'
import { below } from '../support/verdict.mjs'

export default async function length({ frames, repeat, long, file }) {
  const sizes = [frames / 5, frames, frames * 10, ...(long ? [frames * 100] : [])].map(Math.round)
  const path = file('length.h5')
  const results = await alternate(
    Math.min(repeat, 3),
    Object.fromEntries(sizes.map((n) => [`${n} frames`, () => ours('write', { way: 'records', path, frames: n })])),
  )
  const costs = sizes.map((n) => results[`${n} frames`].map(({ seconds }) => (1e6 * seconds) / n))
  return sizes.map((n, i) => {
    const line = below({ what: `cost per frame of a run of ${spaced(n)} frames`, unit: 'us', ours: costs[i] })
    if (i === 0) return line
    // Short runs include the warm-up, so a run is compared with the cheapest shorter one.
    const growth = 100 * (line.ours / Math.min(...costs.slice(0, i).map(median)) - 1)
    const reached = growth <= 1 ? 'aim reached' : growth <= 10 ? 'at least reached' : 'NOT REACHED'
    return { ...line, growthPercent: growth, verdict: `${growth.toFixed(1)} % (+10 %, flat): ${reached}` }
  })
}
