/** Appends the rows of a layout, file by file, to the datasets of a new file. */
import { H5TracksError } from '../../base/errors.js'
import { type FrameFile, lengthOf } from '../../frames/file/open.js'
import type { OpenColumn } from '../../frames/file/open-columns.js'
import { isPlain } from '../../frames/file/stored-type.js'
import type { ColumnArray } from '../../frames/file/window-source.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import { rowsIn } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import { call, runAsync } from '../../native/operation.js'

// The lock of HDF5 is held for a piece of this size.
const pieceMemory = 8 * 2 ** 20

/** How the rows of a file are appended. */
export interface AppendOptions {
  /** The datasets are stored as in the new file, so encoded chunks may be copied. */
  sameStorage: boolean
  /** No rows of this layout follow. */
  isLast: boolean
  signal: AbortSignal | undefined
  onRows(rows: number): void
}

/** Appends to the datasets of one layout. */
export class RowAppender {
  /** Number of rows that were copied with their chunks, and that were encoded again. */
  copied = 0
  encoded = 0
  readonly #file: File
  #targets: Dataset[] | undefined
  #rows = 0
  /** The rows after the last whole chunk of the files so far. */
  #rest: TypedArray[] = []
  #restRows = 0

  constructor(file: File) {
    this.#file = file
  }

  async append(opened: FrameFile, options: AppendOptions): Promise<void> {
    const { columns } = opened
    this.#targets ??= columns.map(({ path }) => this.#file.datasetSync(path))
    const frames = lengthOf(opened)
    const step = chunkRowsOf(this.#targets)
    const meets = this.#restRows === 0 && step !== null && this.#rows % step === 0
    let start = 0
    if (options.sameStorage && meets && step !== null) {
      start = options.isLast ? frames : frames - (frames % step)
      await this.#copyChunks(columns, step, start, options)
    }
    await this.#encode(opened, step ?? 1, start, frames, options)
  }

  close(): void {
    for (const target of this.#targets ?? []) target.close()
  }

  async #copyChunks(columns: readonly OpenColumn[], step: number, rows: number, options: AppendOptions): Promise<void> {
    if (rows === 0) return
    const targets = this.#targets as Dataset[]
    const at = this.#rows
    await this.#grow(columns, rows)
    const [first] = targets as [Dataset]
    const to = targets.map(({ handle }) => handle)
    const from = columns.map(({ dataset }) => dataset.handle)
    const piece = Math.max(step, Math.floor(rowsIn(pieceMemory, columns) / step) * step)
    for (let start = 0; start < rows; start += piece) {
      options.signal?.throwIfAborted()
      const end = Math.min(rows, start + piece)
      await runAsync(call('chunks.copy', first.handle, to, from, step, start, end, at + start))
      options.onRows(end - start)
    }
    this.copied += rows
  }

  /** Encodes rows so that each chunk is written once: those after the last whole chunk wait for the next file. */
  async #encode(opened: FrameFile, step: number, from: number, to: number, options: AppendOptions): Promise<void> {
    const { columns } = opened
    const window = Math.max(step, Math.floor(rowsIn(pieceMemory, columns) / step) * step)
    for (let start = from; start < to; ) {
      options.signal?.throwIfAborted()
      const stop = Math.min(to, start + window - this.#restRows)
      const read = await opened.readColumns(columns, start, stop)
      const values = read.map(({ data }, i) => joined(this.#rest[i], data))
      const rows = this.#restRows + stop - start
      const whole = stop === to && options.isLast ? rows : rows - (rows % step)
      await this.#write(columns, values, whole)
      this.#rest = columns.map(({ width }, i) => (values[i] as TypedArray).slice(whole * width))
      this.#restRows = rows - whole
      options.onRows(stop - start)
      start = stop
    }
  }

  async #write(columns: readonly OpenColumn[], values: readonly TypedArray[], rows: number): Promise<void> {
    if (rows === 0) return
    const start = this.#rows
    await this.#grow(columns, rows)
    const writes = columns.map(async ({ field, width }, i) => {
      const part = (values[i] as TypedArray).subarray(0, rows * width)
      const plain = isPlain(field)
      const data = plain ? part : new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
      await (this.#targets as Dataset[])[i]?.write(data as ColumnArray['data'], [{ start, stop: start + rows }], {
        raw: !plain,
      })
    })
    await Promise.all(writes)
    this.encoded += rows
  }

  async #grow(columns: readonly OpenColumn[], rows: number): Promise<void> {
    this.#rows += rows
    for (const [i, target] of (this.#targets as Dataset[]).entries()) {
      const { rowShape, path } = columns[i] as OpenColumn
      try {
        await target.resize([this.#rows, ...rowShape])
      } catch (error) {
        if (!(error instanceof H5TracksError) || error.code !== 'ERR_OUT_OF_RANGE') throw error
        throw new H5TracksError(`${path} of the first file cannot hold more rows: ${error.message}`, { ...error })
      }
    }
  }
}

/** The number of rows in a chunk; null if the datasets do not agree, or have no chunks. */
function chunkRowsOf(datasets: readonly Dataset[]): number | null {
  const sizes = new Set(datasets.map((dataset) => dataset.detailsSync().chunks?.[0]))
  const [only] = sizes
  return sizes.size === 1 ? (only ?? null) : null
}

function joined(rest: TypedArray | undefined, data: TypedArray): TypedArray {
  if (rest === undefined || rest.length === 0) return data
  const all = new (data.constructor as new (length: number) => TypedArray)(rest.length + data.length)
  all.set(rest as never)
  all.set(data as never, rest.length)
  return all
}
