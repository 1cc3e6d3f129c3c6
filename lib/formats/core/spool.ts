/** Rows of numbers in bounded memory: kept in a temporary file beyond some size, and sorted by their first number if they are not. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemError } from '../../base/errors.js'

const bufferBytes = 16 * 2 ** 20
const blockBytes = 2 ** 20

/** Rows with the same number of numbers. They are read in the order of their first number; rows with equal ones keep their order. */
export class Spool implements AsyncDisposable {
  /** Number of rows. */
  rows = 0
  readonly width: number
  readonly #capacity: number
  #buffer: Float64Array
  #used = 0
  #last = Number.NEGATIVE_INFINITY
  #ascends = true
  #file: FileHandle | undefined
  /** The rows of each sorted run in the file. */
  #runs: { at: number; rows: number }[] = []

  constructor(width: number) {
    this.width = width
    this.#capacity = Math.max(1, Math.floor(bufferBytes / 8 / width))
    this.#buffer = new Float64Array(Math.min(this.#capacity, 1024) * width)
  }

  /** Adds a row, which is copied. If it returns a promise, await it before the next row. */
  add(row: Float64Array): Promise<void> | undefined {
    const { width } = this
    const first = row[0] as number
    if (first < this.#last) this.#ascends = false
    this.#last = first
    if ((this.#used + 1) * width > this.#buffer.length) this.#grow()
    this.#buffer.set(row.length === width ? row : row.subarray(0, width), this.#used * width)
    this.#used++
    this.rows++
    return this.#used === this.#capacity ? this.#flush() : undefined
  }

  /** Sorts the rows. None can be added after it. */
  async finish(): Promise<void> {
    if (!this.#ascends && this.#used > 0) sortRows(this.#buffer, this.#used, this.width)
    if (this.#runs.length === 0) return
    if (this.#used > 0) await this.#flush()
    if (!this.#ascends) await this.#merge()
    this.#buffer = new Float64Array(0)
  }

  /** Blocks of rows in their order. A block is valid until the next one is asked for. */
  async *blocks(): AsyncGenerator<Float64Array, void, void> {
    if (!this.#file) {
      yield this.#buffer.subarray(0, this.#used * this.width)
      return
    }
    const step = Math.max(1, Math.floor(blockBytes / 8 / this.width))
    const block = new Float64Array(step * this.width)
    for (let row = 0; row < this.rows; row += step) {
      const count = Math.min(step, this.rows - row)
      yield await readRows(this.#file, block, row, count, this.width)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(2 * this.#buffer.length, this.#capacity * this.width))
    larger.set(this.#buffer)
    this.#buffer = larger
  }

  async #flush(): Promise<void> {
    if (!this.#ascends) sortRows(this.#buffer, this.#used, this.width)
    this.#file ??= await temporaryFile()
    const at = this.rows - this.#used
    await writeRows(this.#file, this.#buffer, at, this.#used, this.width)
    this.#runs.push({ at, rows: this.#used })
    this.#used = 0
  }

  async #merge(): Promise<void> {
    const from = this.#file as FileHandle
    const to = await temporaryFile()
    try {
      const { width } = this
      const step = Math.max(1, Math.floor(bufferBytes / 8 / width / this.#runs.length))
      const runs = await Promise.all(this.#runs.map((run) => new Run(from, run, step, width).fill()))
      const out = new Float64Array(Math.max(1, Math.floor(blockBytes / 8 / width)) * width)
      let [used, written] = [0, 0]
      const heap = new RunHeap(runs.filter((run) => run.hasRow))
      for (let run = heap.top; run; run = heap.top) {
        out.set(run.row, used)
        used += width
        if (used === out.length) {
          await writeRows(to, out, written, used / width, width)
          written += used / width
          used = 0
        }
        if (run.next()) await run.fill()
        heap.sift(run.hasRow)
      }
      if (used > 0) await writeRows(to, out, written, used / width, width)
    } catch (error) {
      await to.close()
      throw error
    }
    await from.close()
    this.#file = to
  }
}

/** A sorted run that is being read. */
class Run {
  readonly index: number
  readonly #file: FileHandle
  readonly #width: number
  readonly #block: Float64Array
  #at: number
  #left: number
  #held: Float64Array = new Float64Array(0)
  #place = 0

  constructor(file: FileHandle, { at, rows }: { at: number; rows: number }, step: number, width: number) {
    this.#file = file
    this.#width = width
    this.#block = new Float64Array(step * width)
    this.#at = at
    this.#left = rows
    this.index = at
  }

  get hasRow(): boolean {
    return this.#place < this.#held.length
  }

  get key(): number {
    return this.#held[this.#place] as number
  }

  get row(): Float64Array {
    return this.#held.subarray(this.#place, this.#place + this.#width)
  }

  /** Goes to the next row. True if more rows must be read first. */
  next(): boolean {
    this.#place += this.#width
    return !this.hasRow && this.#left > 0
  }

  async fill(): Promise<this> {
    const count = Math.min(this.#left, this.#block.length / this.#width)
    this.#held = await readRows(this.#file, this.#block, this.#at, count, this.#width)
    this.#at += count
    this.#left -= count
    this.#place = 0
    return this
  }
}

/** Runs by their next row; of equal ones, the earlier run first. */
class RunHeap {
  readonly #runs: Run[]

  constructor(runs: Run[]) {
    this.#runs = runs.sort((a, b) => a.key - b.key || a.index - b.index)
  }

  get top(): Run | undefined {
    return this.#runs[0]
  }

  /** Restores the order after the first run went on. `stays` is false if it has ended. */
  sift(stays: boolean): void {
    const runs = this.#runs
    if (!stays) {
      const last = runs.pop() as Run
      if (runs.length === 0) return
      runs[0] = last
    }
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < runs.length && before(runs[child], runs[least])) least = child
      if (least === at) return
      ;[runs[at], runs[least]] = [runs[least] as Run, runs[at] as Run]
      at = least
    }
  }
}

function before(a: Run | undefined, b: Run | undefined): boolean {
  const [one, other] = [a as Run, b as Run]
  return one.key < other.key || (one.key === other.key && one.index < other.index)
}

function sortRows(buffer: Float64Array, rows: number, width: number): void {
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
  order.sort((a, b) => (buffer[a * width] as number) - (buffer[b * width] as number) || a - b)
  const sorted = new Float64Array(rows * width)
  for (let i = 0; i < rows; i++) {
    const from = (order[i] as number) * width
    sorted.set(buffer.subarray(from, from + width), i * width)
  }
  buffer.set(sorted)
}

/** A file without a name, which no kill leaves behind. */
async function temporaryFile(): Promise<FileHandle> {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'h5tracks-'))
    const handle = await open(join(folder, 'rows'), 'wx+', 0o600)
    await rm(folder, { recursive: true })
    return handle
  } catch (error) {
    throw systemError(error)
  }
}

async function writeRows(
  file: FileHandle,
  rows: Float64Array,
  at: number,
  count: number,
  width: number,
): Promise<void> {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, count * width * 8)
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, at * width * 8 + done)).bytesWritten
    }
  } catch (error) {
    throw systemError(error)
  }
}

async function readRows(
  file: FileHandle,
  block: Float64Array,
  at: number,
  count: number,
  width: number,
): Promise<Float64Array> {
  const bytes = new Uint8Array(block.buffer, block.byteOffset, count * width * 8)
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, at * width * 8 + done)
    if (bytesRead === 0) throw new Error('the temporary file of rows is too short')
    done += bytesRead
  }
  return block.subarray(0, count * width)
}
