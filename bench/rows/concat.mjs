// Joining the shards of a recording into one file: aligned at chunk boundaries, and with a seam inside a chunk.
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { above } from '../support/verdict.mjs'

const SHARDS = 10

export default async function concat({ frames, repeat, file }) {
  const each = Math.max(1000, Math.round((4 * frames) / SHARDS / 1000) * 1000)
  const path = file('concat')
  const results = await alternate(Math.min(repeat, 3), {
    aligned: () => ours('concat', { path, shards: SHARDS, frames: each, odd: 0 }),
    seam: () => ours('concat', { path, shards: SHARDS, frames: each, odd: 1 }),
  })
  const rate = (name) => results[name].map(({ frames, seconds }) => frames / seconds)
  return [
    above({ what: 'concat, aligned', unit: 'frames/s', ours: rate('aligned'), atLeast: 100_000, aim: 200_000 }),
    above({ what: 'concat, with a seam inside a chunk', unit: 'frames/s', ours: rate('seam') }),
  ]
}
