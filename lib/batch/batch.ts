/** Batches of columns that cross the end of a shard. */

/** The frame indices of a batch; null if it has none, which its writer refuses. */
export function indicesOf(batch: unknown): BigInt64Array | null {
  if (typeof batch !== 'object' || batch === null) return null
  const { frameIndex } = batch as Record<string, unknown>
  const own = arrayOf(frameIndex)
  if (own instanceof BigInt64Array) return own
  if (frameIndex !== undefined) return null
  // Several layouts in step, whose indices are equal.
  const first = arrayOf((Object.values(batch)[0] as Record<string, unknown> | undefined)?.frameIndex)
  return first instanceof BigInt64Array ? first : null
}

const arrayOf = (column: unknown): unknown =>
  typeof column === 'object' && column !== null && 'data' in column ? column.data : column

/** The frames `from` to `to` of a batch of `frames` frames. A column whose length is wrong is left as it is, for its writer to refuse. */
export function cut(batch: unknown, frames: number, from: number, to: number): unknown {
  if (ArrayBuffer.isView(batch) && !(batch instanceof DataView)) {
    const array = batch as BigInt64Array
    const width = array.length / frames
    return Number.isInteger(width) ? array.subarray(from * width, to * width) : array
  }
  if (Array.isArray(batch)) {
    const width = batch.length / frames
    return Number.isInteger(width) ? batch.slice(from * width, to * width) : batch
  }
  if (typeof batch !== 'object' || batch === null) return batch
  const parts = Object.entries(batch).map(([name, part]) => [
    name,
    isNoColumn(name, part) ? part : cut(part, frames, from, to),
  ])
  return Object.fromEntries(parts)
}

/** What a read returns beside its columns. */
function isNoColumn(name: string, part: unknown): boolean {
  if (name === 'metadata') return !ArrayBuffer.isView(part)
  if (name === 'cameraNames') return Array.isArray(part)
  return name === 'shape' && Array.isArray(part) && part.every((n) => typeof n === 'number')
}
