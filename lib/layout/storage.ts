/** How values are stored: every column is an array of one storage type, whatever its values mean. */
import type { ElementType } from '../native/element-types.js'
import type { IntegerType } from './spec.js'

/** The arrays that hold the storage types. */
export const storageArrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const satisfies Record<ElementType, unknown>

/** The smallest and the largest value of each type of integers that numbers hold exactly. */
export const integerRanges: Readonly<Record<Exclude<IntegerType, 'int64' | 'uint64'>, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
}

/** The smallest and the largest value of the integers with 64 bits. */
export const wideRanges = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const

/** Size of an element of a storage type, bytes. */
export function bytesOf(type: ElementType): number {
  return storageArrays[type].BYTES_PER_ELEMENT
}
