/** Boxes in the form that native code takes. */
import type { Box } from './selection.js'

const flats: Float64Array[] = []

/**
 * An array for a box: start, count and stride, each with one number per axis. One array for each number of axes is reused: native
 * code reads it before the call returns, and passing a new small array would make V8 move its memory.
 */
export function flatOf(axes: number): Float64Array {
  const flat = flats[axes] ?? new Float64Array(3 * axes)
  flats[axes] = flat
  return flat
}

/** Writes a box into the shared array. */
export function flatBox({ start, count, stride }: Box): Float64Array {
  const axes = start.length
  const flat = flatOf(axes)
  for (let axis = 0; axis < axes; axis++) {
    flat[axis] = start[axis]!
    flat[axes + axis] = count[axis]!
    flat[2 * axes + axis] = stride[axis]!
  }
  return flat
}
