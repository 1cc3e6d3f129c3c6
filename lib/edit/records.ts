/** Rows in which records are left out, or get other keys. Records always fill the slots from slot 0 by ascending key. */
import type { FrameFile } from '../frames/file/open.js'
import type { OpenColumn } from '../frames/file/open-columns.js'
import type { ColumnArray } from '../frames/file/window-source.js'
import { cellWidth, type Layout } from '../layout/model.js'
import type { TypedArray } from '../native/element-types.js'

/** The new key of a record, which may be the old one; null leaves the record out. */
export type KeyChange = (key: number, frameIndex: bigint) => number | null

const empty = -1

/** Applies a change to the columns of rows. The arrays of `read` may be changed in place. */
export function changeRecords(
  { layout, slots }: Pick<FrameFile, 'layout' | 'slots'>,
  columns: readonly OpenColumn[],
  read: readonly ColumnArray[],
  change: KeyChange,
): ColumnArray[] {
  const places = placesOf(layout, columns)
  const keys = (read[places.key] as ColumnArray).data as Int32Array
  const indices = (read[places.index] as ColumnArray).data as BigInt64Array
  const moves = movesIn(keys, indices, slots, change)
  return columns.map((column, i) => {
    const { data, shape } = read[i] as ColumnArray
    if (column.field === layout.key) return { data: moves.keys, shape } as ColumnArray
    if (column.field.perFrame || !moves.any) return read[i] as ColumnArray
    return { data: moved(data, moves.from, cellWidth(column.field), column.fill), shape } as ColumnArray
  })
}

function placesOf(layout: Layout, columns: readonly OpenColumn[]): { key: number; index: number } {
  return {
    key: columns.findIndex(({ field }) => field === layout.key),
    index: columns.findIndex(({ field }) => field === layout.index),
  }
}

interface Moves {
  keys: Int32Array
  /** For each slot of each row, the slot of the same array that its record comes from, or -1. */
  from: Int32Array
  /** A record is in another slot than before, or gone. */
  any: boolean
}

function movesIn(old: Int32Array, indices: BigInt64Array, slots: number, change: KeyChange): Moves {
  const keys = new Int32Array(old.length).fill(empty)
  const from = new Int32Array(old.length).fill(empty)
  let any = false
  for (let row = 0; row < indices.length; row++) {
    const first = row * slots
    const frame = indices[row] as bigint
    let count = 0
    for (let at = first; at < first + slots; at++) {
      const key = (old[at] as number) < 0 ? null : change(old[at] as number, frame)
      if (key === null) continue
      // Insertion sort: rows are short and nearly sorted.
      let to = first + count++
      for (; to > first && (keys[to - 1] as number) > key; to--) {
        keys[to] = keys[to - 1] as number
        from[to] = from[to - 1] as number
      }
      keys[to] = key
      from[to] = at
    }
    for (let at = first; !any && at < first + slots; at++) {
      any = from[at] !== at && (from[at] !== empty || (old[at] as number) >= 0)
    }
  }
  return { keys, from, any }
}

function moved(data: TypedArray, from: Int32Array, width: number, fill: number): TypedArray {
  const Data = data.constructor as new (length: number) => TypedArray
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array
  const result = new Data(data.length).fill((isBig ? BigInt(fill) : fill) as never)
  for (let to = 0; to < from.length; to++) {
    const at = from[to] as number
    if (at !== empty) result.set(data.subarray(at * width, (at + 1) * width) as never, to * width)
  }
  return result
}
