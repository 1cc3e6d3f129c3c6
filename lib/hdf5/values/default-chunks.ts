/** Chooses the shape of chunks. */

// Bytes. Large enough that the cost of a chunk does not matter, small enough for caches and for reading small parts.
const target = 256 * 1024
// The extent that is assumed for an axis that is still shorter but may grow.
const growth = 1024

/**
 * The default shape of chunks: that of the dataset, halved along one axis after the other, the slowest first, until a chunk has
 * about 256 KiB. No chunk is longer than the maximum extent of its axis. `bytes`: the size of an element.
 */
export function defaultChunks(shape: readonly number[], limits: readonly (number | null)[], bytes: number): number[] {
  const chunks = shape.map((extent, axis) =>
    Math.max(1, Math.min(Math.max(extent, growth), limits[axis] ?? Number.POSITIVE_INFINITY)),
  )
  const size = () => chunks.reduce((all, n) => all * n, bytes)
  // All axes are halved in turn, also those that may grow.
  for (let axis = 0; size() > target && chunks.some((extent) => extent > 1); axis = (axis + 1) % chunks.length) {
    chunks[axis] = Math.ceil((chunks[axis] as number) / 2)
  }
  return chunks
}
