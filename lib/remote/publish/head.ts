/** The place before the first chunk for the indexes of the chunks. */
import type { Part } from './blocks.js'

// Of HDF5's B-tree, version 1, at its default size: a node has up to 64 entries.
const header = 24
const entries = 64
// Entries of a node that was filled in ascending order and then split.
const afterSplit = 56

/** Room for the indexes of all chunks, bytes. It is a little more than HDF5 needs. */
export function indexBytes(parts: readonly Part[]): number {
  let bytes = 4096
  for (const { columns, frames, chunkFrames } of parts) {
    const chunks = Math.ceil(frames / chunkFrames)
    for (const { rowShape } of columns) bytes += nodes(chunks) * nodeBytes(rowShape.length + 1)
  }
  return bytes
}

function nodes(chunks: number): number {
  const level = chunks <= entries ? 1 : Math.ceil(chunks / afterSplit)
  return level === 1 ? 1 : level + nodes(level)
}

function nodeBytes(rank: number): number {
  const key = 8 + 8 * (rank + 1)
  return header + (entries + 1) * key + entries * 8
}
