/** Divides a read that needs more bytes than the cache holds. */
import { fetchedFor, joined, type Range } from './ranges.js'

/** A range of rows that is to be read. */
export interface RowRead {
  first: number
  end: number
  /** Pieces begin at multiples of this many rows where they can. */
  chunkRows: number
  /** The bytes of the file that rows need. */
  rangesOf(first: number, end: number): Range[]
  read(first: number, end: number, ranges: readonly Range[]): Promise<void>
}

/** Reads the rows in pieces that need at most `room` bytes each, if rows are small enough for that. */
export async function readInPieces(room: number, { first, end, ...how }: RowRead): Promise<void> {
  const ranges = joined(how.rangesOf(first, end))
  if (end - first <= 1 || fetchedFor(ranges) <= room) return how.read(first, end, ranges)
  const half = (first + end) / 2
  const border = Math.floor(half / how.chunkRows) * how.chunkRows
  const middle = border > first ? border : Math.floor(half)
  await readInPieces(room, { ...how, first, end: middle })
  await readInPieces(room, { ...how, first: middle, end })
}
