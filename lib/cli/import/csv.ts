/** Imports tidy CSV: one row per fish per frame. The rows of a frame follow one another, or are gathered in memory. */
import { CsvError, type Parser, parse } from 'csv-parse'
import type { TrackRecord } from '../../base/track-record.js'
import { checkInterruption, Failure } from '../shared/exit.js'
import { type Columns, readHeader } from './columns.js'
import { type Dialect, dialectOf, LINE_ENDS } from './dialect.js'
import type { Import } from './job.js'
import type { FrameNumber } from './numbers.js'
import { InputProblem, isRefusal, refusalText } from './problem.js'
import { type Row, RowStore } from './row-store.js'
import { BadCell, RowReader } from './rows.js'
import type { Sink } from './sink.js'
import type { Source } from './source.js'

/** A header is refused if it is longer, in bytes. */
const LONGEST_HEAD = 2 ** 24

export async function importCsv(job: Import): Promise<void> {
  let frames: FrameRows | undefined
  const { head, dialect } = await readHead(job.source)
  for await (const rows of readRows(job, head, dialect)) {
    for (const row of rows) {
      if (frames === undefined) frames = startFrames(job, dialect, row)
      else await frames.take(row)
    }
  }
  if (frames === undefined) throw new Failure(`${job.source.name} is empty: there is nothing to import`)
  await frames.finish()
}

async function readHead(source: Source): Promise<{ head: Buffer; dialect: Dialect }> {
  let head: Buffer = Buffer.alloc(0)
  let dialect: Dialect | undefined
  while (dialect === undefined) {
    const chunk = await source.next()
    if (chunk !== undefined) head = Buffer.concat([head, chunk])
    dialect = dialectOf(head, chunk === undefined || head.length > LONGEST_HEAD)
  }
  return { head, dialect }
}

/** Yields rows in batches. The rows before an error are yielded before it is thrown. */
async function* readRows(
  { source, notes }: Import,
  head: Buffer,
  { delimiter, skip, lines, comments }: Dialect,
): AsyncGenerator<Row[]> {
  const rows: Row[] = []
  const takeRows = () => rows.splice(0)
  const parser: Parser = parse({
    delimiter,
    record_delimiter: LINE_ENDS,
    ...(comments && { comment: '#', comment_no_infix: true }),
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    relax_column_count: true,
    max_record_size: 1 << 24,
    on_record: (cells: string[], info) => {
      rows.push({ cells, line: lines + info.lines })
      // Rows are taken here, so the parser's readable side stays empty.
      return null
    },
  }).on('error', () => {})
  try {
    await settled((done) => parser.write(head.subarray(skip), done))
    yield takeRows()
    for await (const chunk of source) {
      await settled((done) => parser.write(chunk, done))
      yield takeRows()
    }
    await new Promise<void>((resolve, reject) => parser.once('error', reject).once('end', resolve).resume().end())
    notes.comments = parser.info.comment_lines
    yield takeRows()
  } catch (error) {
    yield takeRows()
    if (!(error instanceof CsvError)) throw error
    throw new InputProblem({ file: source.name, line: lines + Number(error.lines) }, `not CSV: ${error.message}`)
  }
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
}

function startFrames(job: Import, dialect: Dialect, { cells, line }: Row): FrameRows {
  let columns: Columns
  try {
    columns = readHeader(
      cells.map((name) => name.trim()),
      job.options.cameras,
    )
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new InputProblem({ file: job.source.name, line }, error.message)
  }
  for (const name of columns.ignored) job.ignored.add(name)
  const metadata = {
    ...(columns.positionUnits !== undefined && { position_units: columns.positionUnits }),
    ...(columns.residualUnits !== undefined && { residual_units: columns.residualUnits }),
  }
  const sink = job.open({ cameras: columns.cameras.map(({ name }) => name), metadata })
  return new FrameRows(job, columns, dialect, sink)
}

const isText = (cell: string): boolean => cell.trim() !== ''

/** For instance, a file sorted by fish has the rows of each frame in many places. */
const ORDER_REMEDY =
  '--sort sorts the rows by frame; --any-frame-order takes frames in the order of their first rows. ' +
  'The frames written so far may lack fish whose rows come later in the file'

/** Gathers the rows of a frame and writes the frame when the next one begins. */
class FrameRows {
  readonly #job: Import
  readonly #columns: Columns
  readonly #reader: RowReader
  readonly #sink: Sink
  /** True if empty cells beyond the header are accepted. Not with commas: there, a decimal comma makes extra cells. */
  readonly #mayEndEmpty: boolean
  /** Holds all rows until the end of the input; undefined if the rows need not be gathered. */
  readonly #store: RowStore | undefined
  #frame: FrameNumber | null = null
  #tracks: TrackRecord[] = []
  /** The line of each track. */
  #lines: number[] = []

  constructor(job: Import, columns: Columns, { delimiter }: Dialect, sink: Sink) {
    const { sort, anyFrameOrder, decimalComma, confirmed } = job.options
    this.#job = job
    this.#columns = columns
    this.#reader = new RowReader(columns, { commas: decimalComma || delimiter === ';', confirmedBy: confirmed })
    this.#sink = sink
    this.#mayEndEmpty = delimiter !== ','
    this.#store = sort || anyFrameOrder ? new RowStore() : undefined
  }

  async take(row: Row): Promise<void> {
    if (this.#store === undefined) await this.#row(row)
    else this.#store.add(this.#frameOf(row), row)
  }

  async finish(): Promise<void> {
    let rows = 0
    for (const row of this.#store?.rows(this.#job.options.sort) ?? []) {
      await this.#row(row)
      if (++rows % 4096 === 0) await checkInterruption()
    }
    await this.#end()
    this.#job.notes.guessed += this.#reader.guessed
    this.#job.notes.decimalCommas = this.#reader.numbers.readCommas
  }

  async #row(row: Row): Promise<void> {
    // First of all: a row of another frame, even an invalid one, ends the frame before it.
    const frame = this.#frameOf(row)
    if (frame !== this.#frame) {
      await this.#end()
      this.#frame = frame
    }
    this.#checkLength(row)
    try {
      this.#tracks.push(this.#reader.track(row.cells))
      this.#lines.push(row.line)
    } catch (error) {
      if (!(error instanceof BadCell)) throw error
      throw this.#problem(row.line, error.column, error.message)
    }
  }

  #frameOf(row: Row): FrameNumber {
    try {
      return this.#reader.frame(row.cells)
    } catch (error) {
      if (!(error instanceof BadCell)) throw error
      this.#checkLength(row)
      throw this.#problem(row.line, error.column, error.message)
    }
  }

  #checkLength({ cells, line }: Row): void {
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
    }
  }

  /** Writes the frame, which is complete. */
  async #end(): Promise<void> {
    if (this.#frame === null) return
    try {
      await this.#sink.write(this.#frame, this.#tracks)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const column = error.code === 'ERR_FRAME_ORDER' ? this.#columns.frame : this.#columnOf(error.field, error.camera)
      const remedy = error.code === 'ERR_FRAME_ORDER' ? ORDER_REMEDY : undefined
      throw this.#problem(this.#lineOf(error.fish), column, refusalText(error, remedy))
    }
    this.#tracks = []
    this.#lines = []
  }

  /** The line to report: the last row of the fish, which is the duplicate if it occurs twice; without a fish, the first row. */
  #lineOf(fish: number | undefined): number {
    const index = this.#tracks.map(({ fishId }) => fishId).lastIndexOf(fish ?? Number.NaN)
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
