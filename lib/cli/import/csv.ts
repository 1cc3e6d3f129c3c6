/** Tidy CSV: one row per fish per frame; the rows of a frame stand together. */
import { CsvError, type Parser, parse } from 'csv-parse'
import type { TrackRecord } from '../../index.js'
import { Failure } from '../exit.js'
import { type Columns, readHeader } from './columns.js'
import { InputProblem, isRefusal, refusalText } from './problem.js'
import { BadCell, RowReader } from './rows.js'
import type { Import } from './run.js'
import type { FrameNumber, Sink } from './sink.js'
import type { Source } from './source.js'

interface Row {
  cells: string[]
  /** From 1; of a row over several lines, the last. */
  line: number
}

export async function importCsv(job: Import): Promise<void> {
  let frames: FrameRows | undefined
  for await (const rows of readRows(job.source)) {
    for (const row of rows) {
      if (frames === undefined) frames = startFrames(job, row)
      else await frames.row(row)
    }
  }
  if (frames === undefined) throw new Failure(`${job.source.name} is empty: there is nothing to import`)
  await frames.end()
}

/** Rows in batches. What stands before an error comes before the error. */
async function* readRows(source: Source): AsyncGenerator<Row[]> {
  const rows: Row[] = []
  let parser: Parser | undefined
  const takeRows = () => rows.splice(0)
  try {
    for await (const chunk of source) {
      parser ??= parse({
        bom: true,
        delimiter: delimiterOf(chunk),
        skip_empty_lines: true,
        relax_column_count: true,
        max_record_size: 1 << 24,
        on_record: (cells: string[], { lines }) => {
          rows.push({ cells, line: lines })
          // Taken here, so nothing waits on the parser's readable side.
          return null
        },
      }).on('error', () => {})
      await settled((done) => parser!.write(chunk, done))
      yield takeRows()
    }
    if (parser) {
      await new Promise<void>((resolve, reject) => parser!.once('error', reject).once('end', resolve).resume().end())
    }
    yield takeRows()
  } catch (error) {
    yield takeRows()
    if (!(error instanceof CsvError)) throw error
    throw new InputProblem({ file: source.name, line: Number(error.lines) }, `not CSV: ${error.message}`)
  }
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
}

function delimiterOf(chunk: Buffer): string {
  const [header = ''] = chunk.toString().trimStart().split('\n', 1)
  if (header.includes(',')) return ','
  return header.includes('\t') ? '\t' : header.includes(';') ? ';' : ','
}

function startFrames(job: Import, { cells, line }: Row): FrameRows {
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
  return new FrameRows(job, columns, sink)
}

/** Gathers the rows of a frame, and hands the frame over when the next one begins. */
class FrameRows {
  readonly #job: Import
  readonly #columns: Columns
  readonly #reader: RowReader
  readonly #sink: Sink
  #frame: FrameNumber | null = null
  #tracks: TrackRecord[] = []
  /** Line of each track. */
  #lines: number[] = []

  constructor(job: Import, columns: Columns, sink: Sink) {
    this.#job = job
    this.#columns = columns
    this.#reader = new RowReader(columns)
    this.#sink = sink
  }

  async row({ cells, line }: Row): Promise<void> {
    const { header } = this.#columns
    const wrongLength = cells.length !== header.length
    try {
      // First of all, since a row of another frame, however bad, says that the frame before it is complete.
      const frame = this.#reader.frame(cells)
      if (frame !== this.#frame) {
        await this.end()
        this.#frame = frame
      }
      if (!wrongLength) {
        this.#tracks.push(this.#reader.track(cells))
        this.#lines.push(line)
      }
    } catch (error) {
      if (!(error instanceof BadCell)) throw error
      if (!wrongLength) throw this.#problem(line, error.column, error.message)
    }
    if (wrongLength) throw this.#problem(line, -1, `${cells.length} columns, where the header has ${header.length}`)
  }

  /** The frame is complete: no row of it follows. */
  async end(): Promise<void> {
    if (this.#frame === null) return
    try {
      await this.#sink.write(this.#frame, this.#tracks)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const column = error.code === 'ERR_FRAME_ORDER' ? this.#columns.frame : this.#columnOf(error.field, error.camera)
      throw this.#problem(this.#lineOf(error.fish), column, refusalText(error))
    }
    this.#tracks = []
    this.#lines = []
  }

  /** The last row of the fish, since that is the one too many when it occurs twice; without a fish, the first row. */
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
