import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Linear between neighbours; `q` from 0 to 1. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort()
  const place = (sorted.length - 1) * q
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}

export const median = (values) => quantile(values, 0.5)

/** Median seconds; where there are several rounds the first is not counted. */
export function timed(rounds, action) {
  const seconds = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    action()
    seconds.push((performance.now() - start) / 1000)
  }
  return { seconds: median(rounds > 1 ? seconds.slice(1) : seconds) }
}

/**
 * Runs every measurement once in each of `repeat` rounds, in turn forwards and backwards, so that what changes on the
 * machine meanwhile meets all of them; what one leaves to be written to the disk is written before the next begins. Gives
 * the samples of each.
 *
 * @template T
 * @param {Record<string, () => Promise<T>>} measurements
 * @returns {Promise<Record<string, T[]>>}
 */
export async function alternate(repeat, measurements) {
  const names = Object.keys(measurements)
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < repeat; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      await run('sync')
      samples[name].push(await measurements[name]())
    }
  }
  return samples
}
