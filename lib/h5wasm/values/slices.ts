import type { Slice } from './types.js'

/** One axis of a selection, as the floor below takes it. */
export interface Range {
  start: number
  stop: number
  step: number
}

/**
 * h5wasm's ranges: what is missing is all of an axis, what lies outside is cut off, and a range that ends before it starts
 * selects nothing.
 */
export function toRanges(shape: readonly number[], slices: readonly Slice[] = []): Range[] {
  return shape.map((length, axis) => {
    const [start, stop, step] = slices[axis] ?? []
    const low = Math.min(Math.max(start ?? 0, 0), length)
    const high = Math.min(stop ?? length, length)
    return { start: low, stop: Math.max(low, high), step: step ?? 1 }
  })
}
