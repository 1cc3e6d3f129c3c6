/** The ranges of the axes. A few positions far from all others do not crush the picture: they lie outside, and are counted. */
import type { Point, Range } from './range.js'

/** Positions that are looked at. */
const MOST_SAMPLES = 2 ** 16
/** The share of positions at each end of an axis that may be outside. */
const MOST_OUTSIDE = 0.005
/** At least so many may be outside, if there are more. */
const FEW = 2
/** A picture of so many times the range without outliers is not crushed. */
const BEARABLE = 5
/** An animal is visible if its first position is within so many times the width of the others. */
const FARTHEST = 20

/** A random sample of positions, of which any part of a recording contributes its share. */
export class Sample {
  readonly #values: Float64Array = new Float64Array(3 * MOST_SAMPLES)
  #seen = 0
  #state = 1

  add(point: Point): void {
    const at = this.#seen < MOST_SAMPLES ? this.#seen : Math.floor(this.#random() * (this.#seen + 1))
    this.#seen++
    if (at < MOST_SAMPLES) this.#values.set(point, 3 * at)
  }

  /** The sampled values along an axis, ascending. */
  along(axis: number): Float64Array {
    return Float64Array.from(
      { length: Math.min(this.#seen, MOST_SAMPLES) },
      (_, i) => this.#values[3 * i + axis]!,
    ).sort()
  }

  // Every run of the command draws the same picture.
  #random(): number {
    this.#state = (this.#state * 48271) % 2147483647
    return this.#state / 2147483647
  }
}

/**
 * The range of an axis without its outliers: from the core, which has nearly all values, outward as far as the next value is nearer than the
 * width of the core.
 *
 * @param values sampled values, ascending
 * @param whole the smallest and the largest of all values
 * @param firsts the first value of each animal
 */
export function robustRange(values: Float64Array, whole: Range, firsts: Iterable<number>): Range {
  const cut = Math.max(FEW, Math.floor(MOST_OUTSIDE * values.length))
  if (values.length < 4 * cut) return whole
  let [low, high] = [cut, values.length - 1 - cut]
  const width = values[high]! - values[low]!
  if (width === 0) return whole
  while (low > 0 && values[low]! - values[low - 1]! <= width) low--
  while (high < values.length - 1 && values[high + 1]! - values[high]! <= width) high++
  const range: Range = [
    low === 0 && values[0]! - whole[0] <= width ? whole[0] : values[low]!,
    high === values.length - 1 && whole[1] - values[high]! <= width ? whole[1] : values[high]!,
  ]
  for (const first of firsts) {
    if (first < values[low]! - FARTHEST * width || first > values[high]! + FARTHEST * width) continue
    range[0] = Math.min(range[0], first)
    range[1] = Math.max(range[1], first)
  }
  return whole[1] - whole[0] <= BEARABLE * (range[1] - range[0]) ? whole : range
}
