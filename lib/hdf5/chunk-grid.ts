import { product } from './decode.js'

const target = 1 << 20

/** Pieces of about 1 MiB of whole rows, for datasets without chunks. */
export function rowBlocks(shape: readonly number[], bytes: number): number[] {
  const row = product(shape.slice(1)) * bytes
  return [Math.max(1, Math.min(shape[0] ?? 1, Math.floor(target / Math.max(1, row)))), ...shape.slice(1)]
}

/** The pieces of a dataset in row-major order, cut where it ends. */
export function* chunkGrid(shape: readonly number[], chunks: readonly number[]) {
  if (product(shape) === 0) return
  const offset = shape.map(() => 0)
  for (;;) {
    const at = [...offset]
    yield { offset: at, shape: at.map((start, axis) => Math.min(chunks[axis]!, shape[axis]! - start)) }
    let axis = shape.length - 1
    while (axis >= 0 && offset[axis]! + chunks[axis]! >= shape[axis]!) offset[axis--] = 0
    if (axis < 0) return
    offset[axis]! += chunks[axis]!
  }
}
