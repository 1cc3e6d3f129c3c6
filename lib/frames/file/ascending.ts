/**
 * Finds the first value that is not greater than the one before. Returns its index, or -1. The first value must be greater than
 * `after`, unless that is null. Makes no bigints if all values ascend.
 */
export function firstNotAscending(values: BigInt64Array, after: number | bigint | null): number {
  if (values.length === 0) return -1
  if (after !== null && (values[0] as bigint) <= after) return 0
  // Each int64 is read as two int32: the lower half first, unsigned.
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
