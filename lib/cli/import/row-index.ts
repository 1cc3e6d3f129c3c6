/** The rows of a table in the order of their frames, in bounded memory: as numbers in a temporary file. */
import { readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Spool } from '../../formats/core/spool.js'
import type { FrameNumber } from '../../formats/csv/numbers.js'

/** A row in the bytes that are being read. */
export interface Row {
  bytes: Buffer
  /** Where the row is in the bytes, with its line end. */
  start: number
  end: number
  /** Where the row is in the file. */
  offset: number
  /** Counted from 1; the last line of a row that spans several lines. */
  line: number
}

/** A row of the index: its numbers if it is plain, else its bytes. Both are valid until the next row. */
export interface IndexedRow {
  values: Float64Array | undefined
  bytes: Buffer
  line: number
}

const [KEY, LINE, OFFSET, LENGTH, VALUES] = [0, 1, 2, 3, 4]
const PLAIN = -1

export class RowIndex implements AsyncDisposable {
  /** The rows were in this order already. */
  ascends = true
  readonly #spool: Spool
  readonly #row: Float64Array
  readonly #file: FileHandle
  /** The places of the frames in the order of their first rows; undefined if they are ordered by number. */
  readonly #places: Map<FrameNumber, number> | undefined
  #last = Number.NEGATIVE_INFINITY

  private constructor(file: FileHandle, columns: number, byNumber: boolean) {
    this.#file = file
    this.#row = new Float64Array(VALUES + columns)
    this.#spool = new Spool(this.#row.length)
    if (!byNumber) this.#places = new Map()
  }

  /** @param path the file of which `add` gets the rows */
  static async open(path: string, columns: number, byNumber: boolean): Promise<RowIndex> {
    return new RowIndex(await open(path), columns, byNumber)
  }

  /** Adds a row; `values` are the numbers of a plain one. If it returns a promise, await it before the next row. */
  add(
    frame: FrameNumber,
    { start, end, offset, line }: Row,
    values: Float64Array | undefined,
  ): Promise<void> | undefined {
    const key = this.#keyOf(frame)
    if (key < this.#last) this.ascends = false
    this.#last = key
    const row = this.#row
    row[KEY] = key
    row[LINE] = line
    row[OFFSET] = values ? PLAIN : offset
    row[LENGTH] = end - start
    if (values) row.set(values, VALUES)
    return this.#spool.add(row)
  }

  #keyOf(frame: FrameNumber): number {
    const places = this.#places
    if (!places) return Number(frame)
    const place = places.get(frame) ?? places.size
    places.set(frame, place)
    return place
  }

  /** Sorts the rows. Returns the largest number of rows of a frame. */
  async finish(): Promise<number> {
    await this.#spool.finish()
    const { width } = this.#spool
    let [most, count, key] = [0, 0, Number.NaN]
    for await (const block of this.#spool.blocks()) {
      for (let at = 0; at < block.length; at += width) {
        count = block[at + KEY] === key ? count + 1 : 1
        key = block[at + KEY] as number
        if (count > most) most = count
      }
    }
    return most
  }

  /** The rows, frame by frame. The rows of a frame keep their order. */
  async *rows(): AsyncGenerator<IndexedRow> {
    const { width } = this.#spool
    for await (const block of this.#spool.blocks()) {
      for (let at = 0; at < block.length; at += width) {
        const [offset, length] = [block[at + OFFSET] as number, block[at + LENGTH] as number]
        const isPlain = offset === PLAIN
        yield {
          line: block[at + LINE] as number,
          values: isPlain ? block.subarray(at + VALUES, at + width) : undefined,
          bytes: isPlain ? Buffer.alloc(0) : this.#bytes(offset, length),
        }
      }
    }
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    return bytes.subarray(0, readSync(this.#file.fd, bytes, 0, length, offset))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spool[Symbol.asyncDispose]()
    await this.#file.close()
  }
}
