/** Splits a list of names from native code, in which each name is followed by a NUL. */
export function names(text: string): string[] {
  const list = text.split('\0')
  list.pop()
  return list
}
