/** The times of a movement file: seconds, or frames. */
import type { ReadOptions } from '../core/format.js'
import type { ForeignFile } from '../poses/input.js'

export interface Times {
  readonly count: number
  /** The times in seconds; undefined if the file counts frames. */
  readonly seconds: Float64Array | undefined
  frameIndex(row: number): number
}

/** Eight bytes each stay in memory. */
const most = 20_000_000

/** Reads the coordinate `time`. The rate, if there is one, gives the frame numbers; else the rows are counted. */
export async function timesOf(
  input: ForeignFile,
  count: number,
  { time_unit, fps: own }: Readonly<Record<string, unknown>>,
  { fps, report }: ReadOptions,
): Promise<Times> {
  const dataset = await input.find('time')
  if (!dataset) throw input.problem('time', 'there is no such coordinate', 'give a file that movement saved')
  if (count > most) throw input.problem('time', `has ${count} values, more than the ${most} that are read`)
  const { class: kind } = dataset.type
  if (kind !== 'float' && kind !== 'integer') throw input.problem('time', 'is not a list of numbers')
  const values = Float64Array.from((await input.read(dataset)).data as ArrayLike<number>)
  if (values.length !== count)
    throw input.problem('time', `has ${values.length} values, position has ${count} along it`)
  const ascends = (list: Float64Array) =>
    list.every((value, i) => Number.isFinite(value) && (i === 0 || value > (list[i - 1] as number)))
  if (!ascends(values)) throw input.problem('time', 'does not ascend', 'sort the dataset by time')
  const isFrames = time_unit === 'frames' || (time_unit !== 'seconds' && kind === 'integer')
  const rate = fps ?? (typeof own === 'number' && own > 0 ? own : undefined)
  const numbers = isFrames ? values : rate === undefined ? undefined : values.map((time) => Math.round(time * rate))
  const usable = numbers?.every((n) => Number.isSafeInteger(n) && n >= 0) && ascends(numbers)
  if (!usable && values.length > 0) report.guessed('frame numbers', 'the rows are counted from 0')
  return {
    count,
    seconds: isFrames ? undefined : values,
    frameIndex: (row) => (usable ? (numbers?.[row] as number) : row),
  }
}
