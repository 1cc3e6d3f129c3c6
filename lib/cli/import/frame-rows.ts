/** Gathers the rows of a frame and writes the frame when the next one begins. */
import type { TrackRecord } from '../../base/track-record.js'
import type { FrameNumber } from '../../formats/csv/numbers.js'
import { canScan, NOT_PLAIN, RowScanner } from '../../formats/csv/row-scanner.js'
import { checkInterruption } from '../shared/exit.js'
import type { Batch } from './batch.js'
import type { Columns } from './columns.js'
import type { CsvParser } from './csv-parser.js'
import type { Import } from './job.js'
import { kindsOf } from './kinds.js'
import { PlainRows } from './plain-rows.js'
import { InputProblem, isRefusal, refusalText } from './problem.js'
import { type Row, RowIndex } from './row-index.js'
import { MustGather, type RowTaker, type Start } from './row-taker.js'
import { BadCell, type RowReader } from './rows.js'
import type { Sink } from './sink.js'

const isText = (cell: string): boolean => cell.trim() !== ''

/**
 * A frame whose rows are plain goes into a batch of columns. If a row is not plain, or if the batch cannot take the frame, all its
 * rows become records: then the writer checks the frame and says what is wrong.
 */
export class FrameRows implements RowTaker, AsyncDisposable {
  readonly #job: Import
  readonly #columns: Columns
  readonly #parser: CsvParser
  readonly #reader: RowReader
  /** Undefined if no row can be plain. */
  readonly #scanner: RowScanner | undefined
  readonly #plain: PlainRows
  /** True if empty cells beyond the header are accepted. Not with commas: there, a decimal comma makes extra cells. */
  readonly #mayEndEmpty: boolean
  /** Holds all rows until the end of the input; undefined if they are written as they come. */
  #index: RowIndex | undefined
  #out: { readonly sink: Sink; readonly batch: Batch } | undefined
  #frame: FrameNumber | null = null
  /** The rows of the frame as records; undefined while all of them are plain. */
  #tracks: TrackRecord[] | undefined
  /** The line of each row. */
  #lines: number[] = []

  private constructor({ job, columns, dialect: { delimiter }, parser, reader }: Start) {
    this.#job = job
    this.#columns = columns
    this.#parser = parser
    this.#reader = reader
    this.#scanner = canScan(delimiter)
      ? new RowScanner(kindsOf(columns, delimiter), columns.named, delimiter, reader.numbers)
      : undefined
    const refuseFractions = job.options.refuseFractionalBoxes
    this.#plain = new PlainRows(columns, this.#scanner?.values.length ?? 0, reader, refuseFractions)
    this.#mayEndEmpty = delimiter !== ','
  }

  /** Writes each frame as soon as the next one begins. Throws MustGather if the rows do not allow that. */
  static async inOrder(start: Start, slots: number): Promise<FrameRows> {
    const rows = new FrameRows(start)
    rows.#open(slots)
    return rows
  }

  /** Gathers all rows, and writes the frames when the input ends. */
  static async gathered(start: Start): Promise<FrameRows> {
    const rows = new FrameRows(start)
    const { sort, anyFrameOrder } = start.job.options
    const columns = rows.#scanner?.values.length ?? 0
    rows.#index = await RowIndex.open(start.job.path, columns, sort || !anyFrameOrder)
    return rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#index?.[Symbol.asyncDispose]()
  }

  /** Creates the output. */
  #open(maxFish: number): void {
    const { cameras, ignored, positionUnits, residualUnits } = this.#columns
    for (const name of ignored) this.#job.ignored.add(name)
    const metadata = {
      ...(positionUnits !== undefined && { position_units: positionUnits }),
      ...(residualUnits !== undefined && { residual_units: residualUnits }),
    }
    const sink = this.#job.open({ cameras: cameras.map(({ name }) => name), maxFish, metadata })
    this.#out = { sink, batch: sink.makeBatch(cameras) }
    this.#plain.maxFish = sink.writer.maxFish
  }

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

  takeScanned(row: Row): Promise<void> | undefined {
    const { values } = this.#scanner!
    const frame = values[this.#columns.frame]! + 0
    return this.#index ? this.#index.add(frame, row, values) : this.#scanned(frame, row.line)
  }

  async take(cells: string[], row: Row): Promise<void> {
    if (this.#index) await this.#index.add(this.#frameOf(cells, row.line), row, undefined)
    else await this.#row(cells, row.line)
  }

  /** Passes the frames that are complete to the writer. */
  async flush(): Promise<void> {
    await this.#out?.sink.flush()
  }

  async finish(): Promise<void> {
    if (this.#index) await this.#takeGathered(this.#index)
    await this.#end()
    this.#job.notes.guessed += this.#reader.guessed
    this.#job.notes.decimalCommas = this.#reader.numbers.readCommas
    if (this.#job.options.maxFish === undefined) this.#job.notes.slots = this.#out?.sink.writer.maxFish
  }

  async #takeGathered(index: RowIndex): Promise<void> {
    this.#open(Math.max(1, await index.finish()))
    this.#job.notes.sorted = !index.ascends
    // Rows that are not plain are read again, in their order.
    this.#reader.numbers.mark = undefined
    let rows = 0
    for await (const { values, bytes, line } of index.rows()) {
      if (values) {
        this.#scanner!.values.set(values)
        this.#plain.check(values)
        await this.#scanned(values[this.#columns.frame]! + 0, line)
      } else {
        await this.#row(this.#parser.cells(bytes, line) ?? [], line)
      }
      if (++rows % 4096 === 0) await checkInterruption()
    }
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
    const { sink, batch } = this.#out!
    const place = order === undefined ? -1 : sink.place(this.#frame as number)
    if (order === undefined || place < 0) return this.#write(this.#frame)
    this.#plain.store(batch, place, order)
    this.#plain.count = 0
    this.#lines = []
    return sink.isFull ? sink.flush() : undefined
  }

  async #write(frame: FrameNumber): Promise<void> {
    const tracks = this.#records()
    try {
      await this.#out!.sink.write(frame, tracks)
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (this.#mayGather(error.code)) throw new MustGather()
      const column = error.code === 'ERR_FRAME_ORDER' ? this.#columns.frame : this.#columnOf(error.field, error.camera)
      throw this.#problem(this.#lineOf(tracks, error.fish), column, refusalText(error))
    }
    this.#tracks = undefined
    this.#lines = []
  }

  /** True if the frame is refused only because the rows were not gathered. */
  #mayGather(code: string): boolean {
    if (this.#index) return false
    return code === 'ERR_FRAME_ORDER' || (code === 'ERR_TOO_MANY_FISH' && this.#job.options.maxFish === undefined)
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
    return new InputProblem({ file: this.#job.name, line, field }, what)
  }
}
