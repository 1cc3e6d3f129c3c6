/** Positions, and the ranges that hold them. */

export type Range = [from: number, to: number]
export type Point = readonly [x: number, y: number, z: number]

export function noRange(): Range {
  return [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
}

/** Enlarges a range so that it includes a value. */
export function include(range: Range, value: number): void {
  range[0] = Math.min(range[0], value)
  range[1] = Math.max(range[1], value)
}
