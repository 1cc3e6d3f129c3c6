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

/** Of values below `min`. */
export function firstBelow(values: Int32Array, min: number): number {
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) < min) return i
  }
  return -1
}

/** Of bytes other than 0 and 1. */
export function firstNotFlag(values: Uint8Array): number {
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) > 1) return i
  }
  return -1
}

/**
 * Of the slots that break the order of a row: ids ascend from slot 0, slots without a fish (-1) come last. What those are is
 * put into `absent`, from its start; `count` says how many.
 */
export function firstMisplaced(ids: Int32Array, slots: number, absent: { cells: Int32Array; count: number }): number {
  absent.count = 0
  for (let row = 0; row < ids.length; row += slots) {
    let before = -1
    let ended = false
    for (let cell = row; cell < row + slots; cell++) {
      const id = ids[cell] as number
      if (id === -1) {
        ended = true
        absent.cells[absent.count++] = cell
        continue
      }
      if (id <= before || ended) return cell
      before = id
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
