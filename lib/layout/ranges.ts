/** What integers of each type can be. */
import type { IntegerType } from './spec.js'

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
