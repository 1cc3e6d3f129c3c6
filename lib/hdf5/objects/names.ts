/** Names as native code tells many: each with a NUL, which no name has, behind it. */
export function names(text: string): string[] {
  const list = text.split('\0')
  list.pop()
  return list
}
