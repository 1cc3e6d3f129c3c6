// Cost per frame as a run grows: from 10 thousand frames to 500 thousand, with --long to 5 million.
import { ours } from '../support/child.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

export default async function length({ frames, repeat, long, file }) {
  const sizes = [frames / 5, frames, frames * 10, ...(long ? [frames * 100] : [])].map((n) =>
    Math.max(1000, Math.round(n)),
  )
  const path = file('length.h5')
  const results = await alternate(
    Math.min(repeat, 3),
    Object.fromEntries(sizes.map((n) => [`${n} frames`, () => ours('write', { way: 'records', path, frames: n })])),
  )
  const costs = sizes.map((n) => results[`${n} frames`].map(({ seconds }) => (1e6 * seconds) / n))
  const growth = costs.map((cost) => 100 * (median(cost) / median(costs[0]) - 1))
  return sizes.map((n, i) => ({
    ...below({ what: `a frame of ${n.toLocaleString('en').replaceAll(',', ' ')}`, unit: 'us', ours: costs[i] }),
    ...(i > 0 && {
      verdict: `${growth[i] > 0 ? '+' : ''}${growth[i].toFixed(1)} %: ${growth[i] <= 1 ? 'aim reached' : growth[i] <= 10 ? 'at least reached' : 'NOT REACHED'} (+10 %, flat)`,
    }),
  }))
}
