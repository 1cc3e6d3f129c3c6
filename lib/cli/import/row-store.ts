/** Gathers the rows of each frame in memory, wherever they are in the file. */

import type { FrameNumber } from '../../formats/csv/numbers.js'
import { Failure } from '../shared/exit.js'

/** A row as it is in the file. */
export interface StoredRow {
  bytes: Buffer
  /** Where the row is in the bytes, with its line end. */
  start: number
  end: number
  /** Counted from 1; the last line of a row that spans several lines. */
  line: number
}

const BLOCK = 16 * 2 ** 20
const MOST_BYTES = 2 ** 30

export class RowStore {
  readonly #blocks: Buffer[] = []
  /** Bytes used in the last block. */
  #used = 0
  #bytes = 0
  #count = 0
  /** Four numbers for each row: block, offset, length, line. */
  #places = new Uint32Array(4096)
  /** The frame of each row. Frames are counted from 0 in the order in which they first occur. */
  #rankOfRow = new Uint32Array(1024)
  readonly #ranks = new Map<FrameNumber, number>()

  /** @throws Failure if the rows exceed 1 GiB */
  add(frame: FrameNumber, { bytes, start, end, line }: StoredRow): void {
    const length = end - start
    this.#bytes += length
    if (this.#bytes > MOST_BYTES) {
      const remedy = 'sort it by frame and import it without --sort and --any-frame-order'
      throw new Failure(`the file is too large to sort its rows in memory: ${remedy}`)
    }
    let block = this.#blocks.at(-1)
    if (block === undefined || this.#used + length > block.length) {
      block = Buffer.allocUnsafeSlow(Math.max(BLOCK, length))
      this.#blocks.push(block)
      this.#used = 0
    }
    bytes.copy(block, this.#used, start, end)
    if (4 * this.#count === this.#places.length) {
      this.#places = grown(this.#places)
      this.#rankOfRow = grown(this.#rankOfRow)
    }
    this.#places.set([this.#blocks.length - 1, this.#used, length, line], 4 * this.#count)
    const rank = this.#ranks.get(frame) ?? this.#ranks.size
    this.#ranks.set(frame, rank)
    this.#rankOfRow[this.#count++] = rank
    this.#used += length
  }

  /**
   * Yields the rows frame by frame. The rows of a frame keep their order. Frames come by number if `sorted`, else in the order of
   * their first rows.
   */
  *rows(sorted: boolean): Generator<StoredRow> {
    const frames = [...this.#ranks.keys()]
    if (sorted) frames.sort((a, b) => (a < b ? -1 : 1))
    const placeOfRank = new Uint32Array(frames.length)
    for (const [place, frame] of frames.entries()) placeOfRank[this.#ranks.get(frame)!] = place
    // A counting sort: find where the rows of each frame begin, then put each row at the next free place of its frame.
    const next = new Uint32Array(frames.length + 1)
    const placeOf = (row: number) => placeOfRank[this.#rankOfRow[row]!]!
    for (let row = 0; row < this.#count; row++) next[placeOf(row) + 1]!++
    for (let place = 0; place < frames.length; place++) next[place + 1]! += next[place]!
    const order = new Uint32Array(this.#count)
    for (let row = 0; row < this.#count; row++) order[next[placeOf(row)]!++] = row
    for (const row of order) {
      const [block, start, length, line] = this.#places.subarray(4 * row, 4 * row + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      yield { bytes: this.#blocks[block]!, start, end: start + length, line }
    }
  }
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length)
  larger.set(array)
  return larger
}
