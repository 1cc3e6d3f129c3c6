/**
 * Finds the rows of an unclosed file that are reliable. HDF5's chunk index in the file of a dead writer is that of its last flush. A
 * full chunk in the index is still valid, because nothing replaces it. A partial chunk, which `flush` published, may have been
 * replaced since, and the chunk of another dataset may be stored in its place.
 */
import { inflateSync } from 'node:zlib'
import { type Column, rowBytes } from '../../layout/model.js'
import { bytesOf, elementArrays } from '../../native/element-types.js'
import type { OpenColumn } from './open-columns.js'

/** The number of reliable rows, from the first row. `lengths`: the number of rows that each dataset claims. */
export function wholeRows(
  { columns, chunkFrames }: { columns: readonly OpenColumn[]; chunkFrames: number },
  lengths: readonly number[],
): number {
  const claimed = Math.min(...lengths)
  const tail = claimed % chunkFrames
  if (tail === 0) return claimed
  const agree = lengths.every((length) => length === claimed)
  return agree && columns.every((column) => endsThere(column, claimed - tail, tail)) ? claimed : claimed - tail
}

/** True if a chunk holds fill values after its first `rows` rows, as it did when it was published. */
function endsThere(column: OpenColumn, start: number, rows: number): boolean {
  try {
    const values = chunkOf(column, start)
    const fill = fillBytes(column)
    const from = rows * rowBytes(column)
    return from < values.length && values.subarray(from).every((byte, i) => byte === fill[i % fill.length])
  } catch {
    return false
  }
}

/** The decoded bytes of a chunk; empty if it is not stored. */
function chunkOf({ dataset, rowShape, type }: OpenColumn, start: number): Uint8Array {
  const chunk = dataset.readChunkSync([start, ...rowShape.map(() => 0)])
  if (chunk === null) return new Uint8Array(0)
  const used = (_: unknown, i: number) => ((chunk.filterMask >> i) & 1) === 0
  const ids = dataset
    .detailsSync()
    .filters.filter(used)
    .map(({ id }) => id)
  const bytes = new Uint8Array(chunk.data)
  const inflated = ids.at(-1) === 1 ? new Uint8Array(inflateSync(bytes)) : bytes
  return ids[0] === 2 ? unshuffled(inflated, bytesOf(type)) : inflated
}

function unshuffled(bytes: Uint8Array, size: number): Uint8Array {
  const count = bytes.length / size
  return bytes.map((_, i) => bytes[(i % size) * count + Math.floor(i / size)] as number)
}

function fillBytes({ type, fill }: Column): Uint8Array {
  const array = new elementArrays[type](1)
  array[0] = array instanceof BigInt64Array || array instanceof BigUint64Array ? BigInt(fill) : fill
  return new Uint8Array(array.buffer)
}
