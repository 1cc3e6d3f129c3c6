/**
 * The loops over whole columns, one for each kind of typed array: a loop that meets several kinds is several times as slow.
 * Each gives the index of the first value that is not as it must be, or -1.
 */

/** Of values that do not ascend; `after`: what the first must be above, null: anything. Makes no bigint where all is well. */
export function firstNotAscending(values: BigInt64Array, after: number | bigint | null): number {
  if (values.length === 0) return -1
  if (after !== null && (values[0] as bigint) <= after) return 0
  // An int64 is two int32 here, the lower first and without a sign.
  const halves = new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
  let low = (halves[0] as number) >>> 0
  let high = halves[1] as number
  for (let i = 2; i < halves.length; i += 2) {
    const nextLow = (halves[i] as number) >>> 0
    const nextHigh = halves[i + 1] as number
    if (nextHigh < high || (nextHigh === high && nextLow <= low)) return i / 2
    low = nextLow
    high = nextHigh
  }
  return -1
}

// Looking at eight values at once takes a third of the time: most of a step is not the comparison.
const step = 8

/** Of values below `min`, which is 0 or less. */
export function firstBelow(values: Int32Array, min: number): number {
  const whole = values.length - (values.length % step)
  for (let i = 0; i < whole; i += step) {
    // Negative where one is below `min`, and where one is so large that it wraps around: a closer look tells them apart.
    const signs =
      ((values[i] as number) - min) |
      ((values[i + 1] as number) - min) |
      ((values[i + 2] as number) - min) |
      ((values[i + 3] as number) - min) |
      ((values[i + 4] as number) - min) |
      ((values[i + 5] as number) - min) |
      ((values[i + 6] as number) - min) |
      ((values[i + 7] as number) - min)
    if (signs >= 0) continue
    for (let at = i; at < i + step; at++) if ((values[at] as number) < min) return at
  }
  for (let i = whole; i < values.length; i++) if ((values[i] as number) < min) return i
  return -1
}

/** Of bytes other than 0 and 1. */
export function firstNotFlag(values: Uint8Array): number {
  const whole = values.length - (values.length % step)
  let i = 0
  for (; i < whole; i += step) {
    const bits =
      (values[i] as number) |
      (values[i + 1] as number) |
      (values[i + 2] as number) |
      (values[i + 3] as number) |
      (values[i + 4] as number) |
      (values[i + 5] as number) |
      (values[i + 6] as number) |
      (values[i + 7] as number)
    if (bits > 1) break
  }
  for (; i < values.length; i++) if ((values[i] as number) > 1) return i
  return -1
}

/**
 * Of the slots that break the order of a row: ids ascend from slot 0, slots without a fish (-1) come last. What those are is
 * put into `absent`, from its start; `count` says how many.
 */
export function firstMisplaced(ids: Int32Array, slots: number, absent: { cells: Int32Array; count: number }): number {
  absent.count = 0
  for (let row = 0; row < ids.length; row += slots) {
    const end = row + slots
    let before = -1
    let cell = row
    while (cell < end && (ids[cell] as number) > before) before = ids[cell++] as number
    for (; cell < end; cell++) {
      if (ids[cell] !== -1) return cell
      absent.cells[absent.count++] = cell
    }
  }
  return -1
}

/** Cells of `width` values; of those listed, the values other than `fill`. */
export interface Cells {
  cells: Int32Array
  count: number
  width: number
}

export function firstIntNotFill(values: Int32Array, { cells, count, width }: Cells, fill: number): number {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (values[at] !== fill) return at
  }
  return -1
}

export function firstByteNotFill(values: Uint8Array, { cells, count, width }: Cells, fill: number): number {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (values[at] !== fill) return at
  }
  return -1
}

export function firstFloatNotFill(values: Float32Array, { cells, count, width }: Cells, fill: number): number {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (!Object.is(values[at], fill)) return at
  }
  return -1
}
