// Large enough that what is done once per chunk does not count, small enough for a cache and for reading little.
const target = 256 * 1024
// Of an axis that may grow, where it has little yet.
const growth = 1024

/**
 * Extents of chunks for a dataset of which none were told: whole rows as far as they go, halved from the slowest axis until
 * a chunk has about 256 KiB. No chunk is longer than its axis can become.
 */
export function defaultChunks(shape: readonly number[], limits: readonly (number | null)[], bytes: number): number[] {
  const chunks = shape.map((extent, axis) =>
    Math.max(1, Math.min(Math.max(extent, growth), limits[axis] ?? Number.POSITIVE_INFINITY)),
  )
  const size = () => chunks.reduce((all, n) => all * n, bytes)
  // An axis that grows is cut no further than others that do not: rows of it come one by one.
  for (let axis = 0; size() > target && chunks.some((extent) => extent > 1); axis = (axis + 1) % chunks.length) {
    chunks[axis] = Math.ceil((chunks[axis] as number) / 2)
  }
  return chunks
}
