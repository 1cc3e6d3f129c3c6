/** Matrices as files write them. */

/** Replaces OpenCV's matrices, `{ rows, cols, data }`, by lists of rows, in everything within `value`. */
export function inflate(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 32) return value
  if (Array.isArray(value)) return value.map((element) => inflate(element, depth + 1))
  const { rows, cols, data } = value as { rows?: unknown; cols?: unknown; data?: unknown }
  if (typeof rows === 'number' && typeof cols === 'number' && data !== undefined) {
    const list: unknown[] = Array.isArray(data) ? data : [data]
    // The caller says which matrix it is, and that its size is wrong.
    if (!(rows >= 0 && cols >= 1 && rows * cols === list.length)) return list
    return Array.from({ length: rows }, (_, row) => list.slice(row * cols, (row + 1) * cols))
  }
  const entries = Object.entries(value).map(([name, element]) => [name, inflate(element, depth + 1)] as const)
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

/** All numbers of a list of any depth; undefined if it has anything else. */
export function numbersOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const flat: unknown[] = value.flat(3)
  return flat.every((element) => typeof element === 'number') ? (flat as number[]) : undefined
}

/** Nine numbers as a matrix of three rows. */
export function square(numbers: readonly number[]): number[][] {
  return [numbers.slice(0, 3), numbers.slice(3, 6), numbers.slice(6, 9)]
}

/** The rotation matrix of a Rodrigues vector: the axis, as long as the angle in rad. */
export function rotationOf([x, y, z]: readonly [number, number, number]): number[][] {
  const angle = Math.hypot(x, y, z)
  if (angle === 0) return square([1, 0, 0, 0, 1, 0, 0, 0, 1])
  const [a, b, c] = [x / angle, y / angle, z / angle]
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const rest = 1 - cos
  return [
    [cos + a * a * rest, a * b * rest - c * sin, a * c * rest + b * sin],
    [a * b * rest + c * sin, cos + b * b * rest, b * c * rest - a * sin],
    [a * c * rest - b * sin, b * c * rest + a * sin, cos + c * c * rest],
  ]
}
