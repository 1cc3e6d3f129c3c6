/** What a pickle of plain data holds. */
import { FileArray } from './array.js'
import type { ByteRange } from './bytes.js'

/** Bytes of a pickle; long ones stay in the file. */
export class PickledBytes {
  readonly range: ByteRange
  constructor(range: ByteRange) {
    this.range = range
  }
}

/** Values of Python: dict, list, tuple and set, numbers, texts, bytes, arrays of NumPy. */
export type Plain = null | boolean | number | bigint | string | PickledBytes | FileArray | Plain[] | Map<Plain, Plain>

/** The values of a dict by its keys that are texts; undefined if it is not a dict. */
export function dictOf(value: Plain | undefined): Map<string, Plain> | undefined {
  if (!(value instanceof Map)) return undefined
  return new Map([...value].flatMap(([key, own]) => (typeof key === 'string' ? [[key, own] as const] : [])))
}

/** A value as JSON; arrays as lists. */
export function jsonOf(value: Plain): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(jsonOf)
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, own]) => [String(jsonOf(key)), jsonOf(own)]))
  if (value instanceof FileArray) return nested(value)
  if (value instanceof PickledBytes)
    return value.range.file.bytes(value.range.offset, value.range.length, 'bytes').toString('latin1')
  return value
}

function nested(array: FileArray): unknown {
  const flat: unknown[] = array.texts() ?? [...array.values()].map(jsonOf)
  if (array.shape.length === 0) return flat[0]
  return array.shape
    .slice(1)
    .reduceRight<unknown[]>(
      (list, n) =>
        Array.from({ length: Math.floor(list.length / Math.max(1, n)) }, (_, i) => list.slice(i * n, (i + 1) * n)),
      flat,
    )
}
