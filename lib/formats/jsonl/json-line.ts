/** Lines of JSON with all numbers that a float can have. */

/** A line of JSON. JSON has no infinity; 1e999 is valid JSON, and parsers read it as infinity. */
export function jsonLine(value: unknown, mayBeInfinite = true): string {
  const text = JSON.stringify(value, mayBeInfinite ? markInfinite : undefined)
  return `${text.replace(/"\\u0000(-?)infinite"/g, '$11e999').replaceAll('"\\u0000-0"', '-0')}\n`
}

/** Replaces infinite numbers, and the negative zero, by a mark that begins with NUL, since no name in a file contains NUL. */
function markInfinite(_key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return '\0infinite'
  if (Object.is(value, -0)) return '\0-0'
  return value === Number.NEGATIVE_INFINITY ? '\0-infinite' : value
}
