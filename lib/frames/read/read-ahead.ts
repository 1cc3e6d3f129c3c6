/** Yields the result of `read` for each item, in order. While one result is used, the next one is read. */
export async function* readAhead<T, R>(
  items: Iterator<T, unknown>,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const ahead = (): Promise<R> | undefined => {
    const item = items.next()
    if (item.done) return undefined
    const reading = read(item.value)
    // If the caller leaves the loop, nobody awaits this promise; otherwise the await below throws the error.
    reading.catch(() => {})
    return reading
  }
  for (let next = ahead(); next; ) {
    const result = await next
    next = ahead()
    yield result
  }
}
