/** Converts h5wasm's slices to selections. */
import type { Slice } from './types.js'

/** One axis of a selection, as h5tracks/hdf5 takes it. */
export interface Range {
  start: number
  stop: number
  step: number
}

/**
 * Converts h5wasm's slices. An axis without a slice is selected completely. A slice is clipped to the axis, and selects nothing if
 * it ends before it starts.
 */
export function toRanges(shape: readonly number[], slices: readonly Slice[] = []): Range[] {
  return shape.map((length, axis) => {
    const [start, stop, step] = slices[axis] ?? []
    const low = Math.min(Math.max(start ?? 0, 0), length)
    const high = Math.min(stop ?? length, length)
    return { start: low, stop: Math.max(low, high), step: step ?? 1 }
  })
}
