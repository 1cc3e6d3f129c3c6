/**
 * The loops over the values of a window, one for each kind of typed array: a loop that meets several kinds is several times
 * as slow. Each tells every place that is not as it must be to `found`, in ascending order. Touches nothing.
 */

/** Takes the index of a value in its array. */
type Found = (at: number) => void

/** Cells of `width` values, of which the first `count` of `cells` are meant. */
export interface Cells {
  cells: Int32Array
  count: number
}

/**
 * The rows whose ids do not ascend from slot 0 with the slots without a fish (-1) last: the index of their first cell.
 * Which slots are without a fish is put into `absent`.
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

/** Integers other than `fill` in the cells that are meant. */
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

/** Bytes other than `fill` in the cells that are meant. */
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

/** Floats other than `fill`, which may be NaN, in the cells that are meant. */
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

/** Integers below `min`. */
export function below(values: Int32Array, min: number, found: Found): void {
  for (let at = 0; at < values.length; at++) if ((values[at] as number) < min) found(at)
}

/** Bytes other than 0 and 1. */
export function notFlags(values: Uint8Array, found: Found): void {
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > 1) found(at)
}

/** Positions of which some numbers are NaN and others are not: the index of their first number. */
export function partialPositions(values: Float32Array, found: Found): void {
  for (let at = 0; at < values.length; at += 3) {
    const [x, y, z] = [values[at] as number, values[at + 1] as number, values[at + 2] as number]
    const unknown = Number(Number.isNaN(x)) + Number(Number.isNaN(y)) + Number(Number.isNaN(z))
    if (unknown === 1 || unknown === 2) found(at)
  }
}

/**
 * Boxes whose third or fourth number says "no box" while the others do not: the index of their first number. The first two
 * may well be -1: boxes reach over the edge of the picture.
 */
export function partialBoxes(values: Int32Array, found: Found): void {
  for (let at = 0; at < values.length; at += 4) {
    const [third, fourth] = [values[at + 2] as number, values[at + 3] as number]
    if (third !== -1 && fourth !== -1) continue
    if (((values[at] as number) & (values[at + 1] as number) & third & fourth) !== -1) found(at)
  }
}
