import type { Box } from './selection.js'

const flats: Float64Array[] = []

/**
 * Room for a box as native code takes it: start, count and stride, one number for each axis. There is one for each number of
 * axes, for a box is read before the call that it is given to returns, and native code moves the memory of a small array.
 */
export function flatOf(axes: number): Float64Array {
  const flat = flats[axes] ?? new Float64Array(3 * axes)
  flats[axes] = flat
  return flat
}

/** A box in that room. */
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
