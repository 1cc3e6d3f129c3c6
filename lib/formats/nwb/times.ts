/** The times of series, which may differ, and the frames that they make together. */
import type { ReadOptions } from '../core/format.js'
import type { ForeignFile } from '../poses/input.js'

/** The times of a series in seconds; undefined if the file does not say. */
export interface SeriesTimes {
  readonly values: Float64Array | undefined
  readonly count: number
  readonly rate: number | undefined
}

/** Eight bytes each stay in memory. */
const most = 20_000_000

export async function seriesTimes(input: ForeignFile, path: string, count: number): Promise<SeriesTimes> {
  if (count > most) throw input.problem(`${path}/data`, `has ${count} frames, more than the ${most} that are read`)
  const place = `${path}/timestamps`
  const dataset = await input.find(place)
  if (dataset) {
    const { class: kind } = dataset.type
    if (kind !== 'float' && kind !== 'integer') throw input.problem(place, 'is not a list of numbers')
    const values = Float64Array.from((await input.read(dataset)).data as ArrayLike<number>)
    const ascends = values.every((value, i) => Number.isFinite(value) && (i === 0 || value > (values[i - 1] as number)))
    const problem =
      values.length === count ? (ascends ? undefined : 'do not ascend') : `are ${values.length}, data has ${count} rows`
    if (problem) throw input.problem(place, problem, 'write the file again with ndx-pose')
    return { values, count, rate: undefined }
  }
  const start = await input.find(`${path}/starting_time`)
  if (!start) return { values: undefined, count, rate: undefined }
  const [first] = (await input.read(start)).data as ArrayLike<number> as number[]
  const rate = await input.attribute(`${path}/starting_time`, 'rate')
  if (typeof rate !== 'number' || !(rate > 0) || !Number.isFinite(first))
    return { values: undefined, count, rate: undefined }
  return { values: Float64Array.from({ length: count }, (_, i) => (first as number) + i / rate), count, rate }
}

/** The rows of all series together. */
export interface Timeline {
  readonly count: number
  readonly seconds: Float64Array | undefined
  readonly rate: number | undefined
  frameIndex(row: number): number
  /** The row of each row of a series; undefined if they are the same. */
  placesOf(times: SeriesTimes): Int32Array | undefined
}

const equal = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

export function timelineOf(all: readonly SeriesTimes[], { fps, report }: ReadOptions): Timeline {
  const rate = fps ?? all.find((one) => one.rate !== undefined)?.rate
  const timed = all.filter((one): one is SeriesTimes & { values: Float64Array } => one.values !== undefined)
  if (timed.length < all.length) {
    // Rows without times are those of frames from the first.
    const count = Math.max(0, ...all.map((one) => one.count))
    report.guessed(
      'times',
      timed.length === 0
        ? 'none: the file has neither timestamps nor a rate'
        : 'none: some series have neither timestamps nor a rate',
    )
    return { count, seconds: undefined, rate, frameIndex: (row) => row, placesOf: () => undefined }
  }
  let seconds = timed[0]?.values ?? new Float64Array(0)
  for (const { values } of timed) {
    if (!equal(seconds, values)) seconds = Float64Array.from(new Set([...seconds, ...values])).sort()
  }
  const numbers = rate === undefined ? undefined : seconds.map((time) => Math.round(time * rate))
  const usable = numbers?.every(
    (n, i) => Number.isSafeInteger(n) && n >= 0 && (i === 0 || n > (numbers[i - 1] as number)),
  )
  if (!usable && seconds.length > 0) report.guessed('frame numbers', 'the rows are counted from 0')
  const rowOf = new Map<number, number>()
  return {
    count: seconds.length,
    seconds,
    rate,
    frameIndex: (row) => (usable ? (numbers?.[row] as number) : row),
    placesOf({ values }) {
      if (!values || equal(values, seconds)) return undefined
      if (rowOf.size === 0) for (const [row, time] of seconds.entries()) rowOf.set(time, row)
      return Int32Array.from(values, (time) => rowOf.get(time) as number)
    },
  }
}
