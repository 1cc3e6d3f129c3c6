/** Which requests fetch a set of ranges. */

/** The bytes from `begin` to `end`. */
export interface Range {
  readonly begin: number
  readonly end: number
}

/** Bytes between two ranges that are fetched too, because they cost less than another request. */
const gap = 64 * 2 ** 10
/** Only whole pages are kept. */
const page = 4096
/** The most bytes of a request, so that large reads go through several connections. */
const most = 4 * 2 ** 20

/** Pairs of numbers as ranges. */
export function rangesOf(pairs: Float64Array): Range[] {
  return Array.from({ length: pairs.length / 2 }, (_, i) => {
    return { begin: pairs[2 * i] as number, end: pairs[2 * i + 1] as number }
  })
}

export function pairsOf(ranges: readonly Range[]): Float64Array {
  return Float64Array.from(ranges.flatMap(({ begin, end }) => [begin, end]))
}

/** Joins ranges that overlap, or that lie no further apart than `apart`. */
export function joined(ranges: readonly Range[], apart = 0): Range[] {
  const result: { begin: number; end: number }[] = []
  for (const { begin, end } of [...ranges].sort((a, b) => a.begin - b.begin)) {
    const last = result.at(-1)
    if (last && begin - last.end <= apart) last.end = Math.max(last.end, end)
    else result.push({ begin, end })
  }
  return result
}

/** Number of bytes in ranges that do not overlap. */
export function bytesIn(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { begin, end }) => sum + end - begin, 0)
}

/** Number of bytes that are fetched for ranges. */
export function fetchedFor(ranges: readonly Range[]): number {
  const pages = ranges.map(({ begin, end }) => {
    return { begin: Math.floor(begin / page) * page, end: Math.ceil(end / page) * page }
  })
  return bytesIn(joined(pages, gap))
}

/** The requests that fetch these ranges, and what lies between them if that is no more than `room` bytes in all. */
export function requestsFor(ranges: readonly Range[], room: number): Range[] {
  const close = joined(ranges, gap)
  return (bytesIn(close) <= room ? close : joined(ranges)).flatMap(({ begin, end }) => {
    // Of about the same size each, at borders of pages.
    const count = Math.ceil((end - begin) / most)
    const size = Math.ceil((end - begin) / count / page) * page
    return Array.from({ length: count }, (_, i) => {
      return { begin: begin + i * size, end: Math.min(begin + (i + 1) * size, end) }
    }).filter((range) => range.begin < range.end)
  })
}
