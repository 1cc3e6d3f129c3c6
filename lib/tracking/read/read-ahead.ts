/** What `read` gives for each item, in order; while one is used, the next is read. Touches nothing itself. */
export async function* readAhead<T, R>(
  items: Iterator<T, unknown>,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const ahead = (): Promise<R> | undefined => {
    const item = items.next()
    if (item.done) return undefined
    const reading = read(item.value)
    // Who leaves the loop never awaits it; who stays gets the error from the await below.
    reading.catch(() => {})
    return reading
  }
  for (let next = ahead(); next; ) {
    const result = await next
    next = ahead()
    yield result
  }
}
