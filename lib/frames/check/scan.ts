/**
 * Loops over the values of a window, one for each kind of typed array, because a loop that is used with several kinds is several
 * times slower. Each calls `found` for every invalid value, in ascending order.
 */

/** Is called with the index of a value in its array. */
export type Found = (at: number) => void

/** A list of slots: the first `count` elements of `cells`. */
export interface Cells {
  cells: Int32Array
  count: number
}

/**
 * Finds rows whose ids do not ascend from slot 0 with the empty slots (-1) last; `found` gets the index of their first slot. Stores
 * the empty slots in `absent`.
 */
export function irregularRows(ids: Int32Array, slots: number, absent: Cells, found: Found): void {
  const { cells } = absent
  let count = 0
  for (let row = 0; row < ids.length; row += slots) {
    let before = -1
    let ended = false
    let irregular = false
    for (let cell = row; cell < row + slots; cell++) {
      const id = ids[cell] as number
      if (id === -1) {
        ended = true
        cells[count++] = cell
        continue
      }
      if (id <= before || ended) irregular = true
      before = id
    }
    if (irregular) found(row)
  }
  absent.count = count
}

/** Finds integers other than `fill` in the listed slots, which have `width` values each. */
export function intsNotFill(
  values: Int32Array,
  { cells, count }: Cells,
  width: number,
  fill: number,
  found: Found,
): void {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (values[at] !== fill) found(at)
  }
}

/** Finds bytes other than `fill` in the listed slots. */
export function bytesNotFill(
  values: Uint8Array,
  { cells, count }: Cells,
  width: number,
  fill: number,
  found: Found,
): void {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (values[at] !== fill) found(at)
  }
}

/** Finds floats other than `fill`, which may be NaN, in the listed slots. */
export function floatsNotFill(
  values: Float32Array,
  { cells, count }: Cells,
  width: number,
  fill: number,
  found: Found,
): void {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (!Object.is(values[at], fill)) found(at)
  }
}

/** Finds doubles other than `fill`, which may be NaN, in the listed slots. */
export function doublesNotFill(
  values: Float64Array,
  { cells, count }: Cells,
  width: number,
  fill: number,
  found: Found,
): void {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (!Object.is(values[at], fill)) found(at)
  }
}

/** Finds 64-bit integers other than `fill` in the listed slots. `halves` holds two int32 for each, the lower half first. */
export function widesNotFill(
  halves: Int32Array,
  { cells, count }: Cells,
  width: number,
  [low, high]: readonly [number, number],
  found: Found,
): void {
  for (let i = 0; i < count; i++) {
    const start = (cells[i] as number) * width
    for (let at = start; at < start + width; at++) if (halves[2 * at] !== low || halves[2 * at + 1] !== high) found(at)
  }
}

/** Finds integers below `least` or above `most`, except for `fill`. */
export function intsOutside(values: Int32Array, least: number, most: number, fill: number, found: Found): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    if ((value < least || value > most) && value !== fill) found(at)
  }
}

/** Finds floats that are not from `least` to `most`, except for `fill`, which may be NaN. */
export function floatsOutside(values: Float32Array, least: number, most: number, fill: number, found: Found): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    if (!(value >= least && value <= most) && !Object.is(value, fill)) found(at)
  }
}

/** Finds doubles that are not from `least` to `most`, except for `fill`, which may be NaN. */
export function doublesOutside(values: Float64Array, least: number, most: number, fill: number, found: Found): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    if (!(value >= least && value <= most) && !Object.is(value, fill)) found(at)
  }
}

/** Finds numbers that are not among `members`. */
export function notMembers(values: Int32Array | Float64Array, members: ReadonlySet<number>, found: Found): void {
  // Labels often repeat for many records.
  let known = members.values().next().value as number
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    if (value === known) continue
    if (members.has(value)) known = value
    else found(at)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Finds texts of `length` bytes that are not UTF-8 or have bytes after their NUL padding; `found` gets the index of their first byte. */
export function notTexts(values: Uint8Array, length: number, found: Found): void {
  for (let start = 0; start < values.length; start += length) {
    let end = start
    let isAscii = true
    while (end < start + length && values[end] !== 0) if ((values[end++] as number) > 127) isAscii = false
    let rest = end
    while (rest < start + length && values[rest] === 0) rest++
    if (rest < start + length || !(isAscii || isText(values.subarray(start, end)))) found(start)
  }
}

function isText(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Finds bytes other than 0 and 1. */
export function notFlags(values: Uint8Array, found: Found): void {
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > 1) found(at)
}

/**
 * Finds vectors of `size` floats that are neither all finite nor all NaN; `found` gets the index of their first number.
 */
export function partialFloats(values: Float32Array, size: number, found: Found): void {
  for (let at = 0; at < values.length; at += size) {
    // The sum of finite float32 is finite as a double.
    let sum = 0
    for (let k = at; k < at + size; k++) sum += values[k] as number
    if (sum - sum !== 0 && !areNaN(values, at, size)) found(at)
  }
}

/** The same for doubles. */
export function partialDoubles(values: Float64Array, size: number, found: Found): void {
  for (let at = 0; at < values.length; at += size) {
    let finite = true
    for (let k = at; k < at + size; k++) if (!Number.isFinite(values[k])) finite = false
    if (!finite && !areNaN(values, at, size)) found(at)
  }
}

function areNaN(values: Float32Array | Float64Array, at: number, size: number): boolean {
  for (let k = at; k < at + size; k++) if (!Number.isNaN(values[k])) return false
  return true
}

/**
 * Finds boxes whose third or fourth number is -1, which means "no box", while not all four are; `found` gets the index of their first
 * number. The first two may be -1, because boxes can extend beyond the edge of the image.
 */
export function partialBoxes(values: Int32Array, found: Found): void {
  for (let at = 0; at < values.length; at += 4) {
    const [third, fourth] = [values[at + 2] as number, values[at + 3] as number]
    if (third !== -1 && fourth !== -1) continue
    if (((values[at] as number) & (values[at + 1] as number) & third & fourth) !== -1) found(at)
  }
}
