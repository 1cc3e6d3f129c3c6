/** Rows with fewer slots become rows with more: the added slots are empty. */
import type { ColumnArray } from '../frames/file/window-source.js'
import type { Column } from '../layout/model.js'
import type { TypedArray } from '../native/element-types.js'

/** The values of a column of one file as those of the same column with the slots of another. */
export function inSlots(array: ColumnArray, from: Column, to: Column): ColumnArray {
  if (from.width === to.width) return array
  const { data } = array
  const rows = data.length / from.width
  const Data = data.constructor as new (length: number) => TypedArray
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array
  const wide = new Data(rows * to.width).fill((isBig ? BigInt(to.fill) : to.fill) as never)
  for (let row = 0; row < rows; row++) {
    wide.set(data.subarray(row * from.width, (row + 1) * from.width) as never, row * to.width)
  }
  return { data: wide, shape: [rows, ...to.rowShape] } as ColumnArray
}
