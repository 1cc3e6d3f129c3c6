/** The index along each axis of a value with this index in row-major order. */
export function placeIn(index: number, shape: readonly number[]): number[] {
  let rest = index
  const reversed = shape.toReversed().map((length) => {
    const i = rest % length
    rest = Math.floor(rest / length)
    return i
  })
  return reversed.reverse()
}
