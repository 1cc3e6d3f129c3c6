/**
 * Loops over the values of a window, one for each kind of typed array, because a loop that is used with several kinds is several
 * times slower. Each calls `found` for every invalid value, in ascending order.
 */

/** Is called with the index of a value in its array. */
type Found = (at: number) => void

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

/** Finds integers below `min`. */
export function below(values: Int32Array, min: number, found: Found): void {
  for (let at = 0; at < values.length; at++) if ((values[at] as number) < min) found(at)
}

/** Finds bytes other than 0 and 1. */
export function notFlags(values: Uint8Array, found: Found): void {
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > 1) found(at)
}

/** Finds positions with one or two NaN; `found` gets the index of their first number. */
export function partialPositions(values: Float32Array, found: Found): void {
  for (let at = 0; at < values.length; at += 3) {
    const [x, y, z] = [values[at] as number, values[at + 1] as number, values[at + 2] as number]
    const unknown = Number(Number.isNaN(x)) + Number(Number.isNaN(y)) + Number(Number.isNaN(z))
    if (unknown === 1 || unknown === 2) found(at)
  }
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
