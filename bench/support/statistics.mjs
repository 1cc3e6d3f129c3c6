import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The quantile `q`, from 0 to 1, with linear interpolation. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort()
  const place = (sorted.length - 1) * q
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}

export const median = (values) => quantile(values, 0.5)

/** Median seconds, without the first round if there are several. */
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
 * Runs every measurement once in each of `repeat` rounds, alternately forwards and backwards, so that changes on the machine
 * affect all of them. Dirty pages of one measurement are written to the disk before the next begins. Returns the samples of
 * each.
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
