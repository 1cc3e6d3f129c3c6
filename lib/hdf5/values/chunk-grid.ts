/** Divides a dataset into its chunks. */
import type { ChunkInfo } from '../../native/native.js'
import { product } from './decode.js'

const target = 1 << 20

/** The shape of pieces of whole rows of about 1 MiB, for datasets without chunks. `bytes`: the size of an element. */
export function rowBlocks(shape: readonly number[], bytes: number): number[] {
  const row = product(shape.slice(1)) * bytes
  return [Math.max(1, Math.min(shape[0] ?? 1, Math.floor(target / Math.max(1, row)))), ...shape.slice(1)]
}

/** A chunk or piece, cut off at the end of the dataset. */
export interface Piece {
  offset: number[]
  shape: number[]
}

/** The number of pieces of a dataset. */
export function pieceCount(shape: readonly number[], chunks: readonly number[]): number {
  return product(shape.map((length, axis) => Math.ceil(length / chunks[axis]!)))
}

const piece = (shape: readonly number[], chunks: readonly number[], offset: readonly number[]): Piece => ({
  offset: [...offset],
  shape: offset.map((start, axis) => Math.min(chunks[axis]!, shape[axis]! - start)),
})

/** Yields the pieces of a dataset in row-major order. */
export function* chunkGrid(shape: readonly number[], chunks: readonly number[]): Generator<Piece> {
  if (product(shape) === 0) return
  const offset = shape.map(() => 0)
  for (;;) {
    yield piece(shape, chunks, offset)
    let axis = shape.length - 1
    while (axis >= 0 && offset[axis]! + chunks[axis]! >= shape[axis]!) offset[axis--] = 0
    if (axis < 0) return
    offset[axis]! += chunks[axis]!
  }
}

/** The pieces of the stored chunks, in row-major order. */
export function storedPieces(
  shape: readonly number[],
  chunks: readonly number[],
  stored: readonly ChunkInfo[],
): Piece[] {
  return stored
    .map(({ offset }) => offset)
    .filter((offset) => offset.every((start, axis) => start < shape[axis]!))
    .sort((one, other) => {
      const axis = one.findIndex((start, at) => start !== other[at])
      return axis < 0 ? 0 : one[axis]! - other[axis]!
    })
    .map((offset) => piece(shape, chunks, offset))
}
