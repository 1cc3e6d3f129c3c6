/** Lists of values, flat in row-major order or nested as their shape says. */

export type List = ArrayLike<unknown>

export function isList(value: unknown): value is List {
  return typeof value === 'object' && value !== null && typeof (value as List).length === 'number'
}

/**
 * Appends the values of nested lists to `flat` from `at` on. Returns the index after the last; -1 if the lists do not have the shape, from
 * its axis `axis` on.
 */
export function flatten(value: unknown, shape: readonly number[], axis: number, flat: unknown[], at: number): number {
  if (!isList(value) || value.length !== shape[axis]) return -1
  if (axis === shape.length - 1) {
    for (let i = 0; i < value.length; i++) flat[at + i] = value[i]
    return at + value.length
  }
  for (let i = 0; i < value.length; i++) {
    at = flatten(value[i], shape, axis + 1, flat, at)
    if (at === -1) return -1
  }
  return at
}

/** Does what {@link flatten} does for numbers. Returns -1 for any other value, too. */
export function flattenNumbers(
  value: unknown,
  shape: readonly number[],
  axis: number,
  flat: Float64Array,
  at: number,
): number {
  if (!isList(value) || value.length !== shape[axis]) return -1
  const last = axis === shape.length - 1
  for (let i = 0; i < value.length; i++) {
    const item = value[i]
    if (!last) {
      at = flattenNumbers(item, shape, axis + 1, flat, at)
      if (at === -1) return -1
    } else if (typeof item === 'number') flat[at++] = item
    else return -1
  }
  return at
}
