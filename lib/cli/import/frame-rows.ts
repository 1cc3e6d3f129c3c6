/** Gathers the rows of a frame and writes the frame when the next one begins. */
import type { TrackRecord } from '../../base/track-record.js'
import type { FrameNumber } from '../../formats/csv/numbers.js'
import { canScan, NOT_PLAIN, RowScanner } from '../../formats/csv/row-scanner.js'
import { checkInterruption } from '../shared/exit.js'
import type { Batch } from './batch.js'
import type { Columns } from './columns.js'
import type { CsvParser } from './csv-parser.js'
import type { Dialect } from './dialect.js'
import type { Import } from './job.js'
import { kindsOf } from './kinds.js'
import { PlainRows } from './plain-rows.js'
import { InputProblem, isRefusal, refusalText } from './problem.js'
import { RowStore, type StoredRow } from './row-store.js'
import { BadCell, RowReader } from './rows.js'
import type { Sink } from './sink.js'

/** For instance, a file sorted by fish has the rows of each frame in many places. */
const ORDER_REMEDY =
  '--sort sorts the rows by frame; --any-frame-order takes frames in the order of their first rows. ' +
  'The frames written so far may lack fish whose rows come later in the file'

const isText = (cell: string): boolean => cell.trim() !== ''

/**
 * A frame whose rows are plain goes into a batch of columns. If a row is not plain, or if the batch cannot take the frame, all its
 * rows become records: then the writer checks the frame and says what is wrong.
 */
export class FrameRows {
  readonly #job: Import
  readonly #columns: Columns
  readonly #parser: CsvParser
  readonly #reader: RowReader
  readonly #sink: Sink
  readonly #batch: Batch
  /** Undefined if no row can be plain. */
  readonly #scanner: RowScanner | undefined
  readonly #plain: PlainRows
  /** True if empty cells beyond the header are accepted. Not with commas: there, a decimal comma makes extra cells. */
  readonly #mayEndEmpty: boolean
  /** Holds all rows until the end of the input; undefined if the rows need not be gathered. */
  readonly #store: RowStore | undefined
  #frame: FrameNumber | null = null
  /** The rows of the frame as records; undefined while all of them are plain. */
  #tracks: TrackRecord[] | undefined
  /** The line of each row. */
  #lines: number[] = []

  constructor(job: Import, columns: Columns, { delimiter }: Dialect, parser: CsvParser, sink: Sink) {
    const { sort, anyFrameOrder, decimalComma, confirmed, refuseFractionalBoxes } = job.options
    this.#job = job
    this.#columns = columns
    this.#parser = parser
    this.#reader = new RowReader(columns, { commas: decimalComma || delimiter === ';', confirmedBy: confirmed })
    this.#sink = sink
    this.#batch = sink.makeBatch(columns.cameras)
    this.#scanner = canScan(delimiter)
      ? new RowScanner(kindsOf(columns, delimiter), columns.named, delimiter, this.#reader.numbers)
      : undefined
    const limits = { maxFish: sink.writer.maxFish, refuseFractions: refuseFractionalBoxes }
    this.#plain = new PlainRows(columns, this.#scanner?.values.length ?? 0, this.#reader, limits)
    this.#mayEndEmpty = delimiter !== ','
    this.#store = sort || anyFrameOrder ? new RowStore() : undefined
  }

  /** Reads a row if it is plain. Returns the position after it; `takeScanned` then takes it. Otherwise NOT_PLAIN. */
  scan(bytes: Buffer, at: number): number {
    const scanner = this.#scanner
    if (scanner === undefined) return NOT_PLAIN
    const { numbers } = this.#reader
    const { mark } = numbers
    const end = scanner.scan(bytes, at)
    if (end !== NOT_PLAIN && this.#plain.check(scanner.values)) return end
    // The row is read again from its cells, which may give another mark first.
    numbers.mark = mark
    return NOT_PLAIN
  }

  /** Takes the row that was scanned last. If it returns a promise, await it before the next row. */
  takeScanned(row: StoredRow): Promise<void> | undefined {
    const frame = this.#scanner!.values[this.#columns.frame]! + 0
    if (this.#store === undefined) return this.#scanned(frame, row.line)
    this.#store.add(frame, row)
    return undefined
  }

  /** Takes a row with these cells. */
  async take(cells: string[], row: StoredRow): Promise<void> {
    if (this.#store === undefined) await this.#row(cells, row.line)
    else this.#store.add(this.#frameOf(cells, row.line), row)
  }

  /** Passes the frames that are complete to the writer. */
  async flush(): Promise<void> {
    await this.#sink.flush()
  }

  async finish(): Promise<void> {
    let rows = 0
    // Rows from the store are read again, in their order.
    if (this.#store !== undefined) this.#reader.numbers.mark = undefined
    for (const { bytes, start, end, line } of this.#store?.rows(this.#job.options.sort) ?? []) {
      if (this.scan(bytes, start) === NOT_PLAIN) {
        await this.#row(this.#parser.cells(bytes.subarray(start, end), line) ?? [], line)
      } else {
        await this.#scanned(this.#scanner!.values[this.#columns.frame]! + 0, line)
      }
      if (++rows % 4096 === 0) await checkInterruption()
    }
    await this.#end()
    this.#job.notes.guessed += this.#reader.guessed
    this.#job.notes.decimalCommas = this.#reader.numbers.readCommas
  }

  #scanned(frame: number, line: number): Promise<void> | undefined {
    if (frame === this.#frame) {
      this.#addScanned(line)
      return undefined
    }
    const wait = this.#end()
    this.#frame = frame
    if (wait !== undefined) return wait.then(() => this.#addScanned(line))
    this.#addScanned(line)
    return undefined
  }

  #addScanned(line: number): void {
    const { values } = this.#scanner!
    if (this.#tracks !== undefined || !this.#plain.add(values)) this.#records().push(this.#plain.record(values))
    this.#lines.push(line)
  }

  async #row(cells: string[], line: number): Promise<void> {
    // First of all: a row of another frame, even an invalid one, ends the frame before it.
    const frame = this.#frameOf(cells, line)
    if (frame !== this.#frame) {
      await this.#end()
      this.#frame = frame
    }
    this.#checkLength(cells, line)
    try {
      this.#records().push(this.#reader.track(cells))
      this.#lines.push(line)
    } catch (error) {
      if (!(error instanceof BadCell)) throw error
      throw this.#problem(line, error.column, error.message)
    }
  }

  /** The rows of the frame as records. */
  #records(): TrackRecord[] {
    if (this.#tracks === undefined) {
      this.#tracks = [...this.#plain.records()]
      this.#plain.count = 0
    }
    return this.#tracks
  }

  #frameOf(cells: string[], line: number): FrameNumber {
    try {
      return this.#reader.frame(cells)
    } catch (error) {
      if (!(error instanceof BadCell)) throw error
      this.#checkLength(cells, line)
      throw this.#problem(line, error.column, error.message)
    }
  }

  #checkLength(cells: string[], line: number): void {
    const { header, named, unnamed } = this.#columns
    const beyond = cells.length > header.length && (!this.#mayEndEmpty || cells.slice(header.length).some(isText))
    if (cells.length < named || beyond) {
      const comma = beyond && !this.#mayEndEmpty ? ' (is there a decimal comma?)' : ''
      throw this.#problem(line, -1, `${cells.length} columns, where the header has ${header.length}${comma}`)
    }
    for (const column of unnamed) {
      const cell = cells[column]
      if (cell === undefined || !isText(cell)) continue
      // Beyond the named columns, the cell may have been shifted there by a decimal comma.
      if (column >= named)
        throw this.#problem(line, -1, `column ${column + 1} has no name, but holds ${JSON.stringify(cell)}`)
      this.#job.ignored.add(`column ${column + 1} (no name)`)
      this.#scanner?.skip(column)
    }
  }

  /** Writes the frame, which is complete. If it returns a promise, await it before the next row. */
  #end(): Promise<void> | undefined {
    if (this.#frame === null) return undefined
    const order = this.#tracks === undefined && typeof this.#frame === 'number' ? this.#plain.order() : undefined
    const place = order === undefined ? -1 : this.#sink.place(this.#frame as number)
    if (order === undefined || place < 0) return this.#write(this.#frame)
    this.#plain.store(this.#batch, place, order)
    this.#plain.count = 0
    this.#lines = []
    return this.#sink.isFull ? this.#sink.flush() : undefined
  }

  async #write(frame: FrameNumber): Promise<void> {
    const tracks = this.#records()
    try {
      await this.#sink.write(frame, tracks)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const column = error.code === 'ERR_FRAME_ORDER' ? this.#columns.frame : this.#columnOf(error.field, error.camera)
      const remedy = error.code === 'ERR_FRAME_ORDER' ? ORDER_REMEDY : undefined
      throw this.#problem(this.#lineOf(tracks, error.fish), column, refusalText(error, remedy))
    }
    this.#tracks = undefined
    this.#lines = []
  }

  /** The line to report: the last row of the fish, which is the duplicate if it occurs twice; without a fish, the first row. */
  #lineOf(tracks: readonly TrackRecord[], fish: number | undefined): number {
    const index = tracks.map(({ fishId }) => fishId).lastIndexOf(fish ?? Number.NaN)
    return this.#lines[Math.max(0, index)]!
  }

  #columnOf(field: string | undefined, camera: string | undefined): number {
    const columns = this.#columns
    const ofCamera = columns.cameras.find(({ name }) => name === camera)
    if (field === 'cameraDetections') return ofCamera?.detection ?? -1
    if (field === 'bboxes') return ofCamera?.box?.[0] ?? -1
    if (field === 'fishId') return columns.fish
    if (field === 'centroid3d') return columns.position[0]
    if (field === 'confidence') return columns.confidence
    if (field === 'reprojectionResidual') return columns.residual
    return field === 'nCameras' ? columns.nCameras : -1
  }

  #problem(line: number, column: number, what: string): InputProblem {
    const field = column < 0 ? undefined : `column ${column + 1} (${this.#columns.header[column]})`
    return new InputProblem({ file: this.#job.source.name, line, field }, what)
  }
}
