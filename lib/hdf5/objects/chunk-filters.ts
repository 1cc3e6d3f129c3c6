/** Counts the chunks of a dataset that skip filters. */
import type { Dataset } from './dataset.js'
import type { DatasetInfo } from './dataset-info.js'

export interface ChunkFilters {
  /** Number of stored chunks; null if the dataset is not chunked. */
  chunks: number | null
  /** For each filter of the dataset, the number of these chunks that skip it. */
  skipped: number[]
}

export function chunkFilters(dataset: Dataset, { chunks, filters }: DatasetInfo): ChunkFilters {
  const skipped = filters.map(() => 0)
  if (chunks === null) return { chunks: null, skipped }
  const stored = dataset.storedChunksSync()
  for (const { filterMask } of stored) {
    for (let i = 0; i < skipped.length; i++) skipped[i]! += (filterMask >> i) & 1
  }
  return { chunks: stored.length, skipped }
}
