/** Imports tidy CSV: one row per fish per frame. The rows of a frame follow one another, or are gathered in memory. */

import { CsvInput } from '../../formats/csv/csv-input.js'
import { NOT_PLAIN } from '../../formats/csv/row-scanner.js'
import { Failure } from '../shared/exit.js'
import { type Columns, readHeader } from './columns.js'
import { CsvParser, LONGEST_ROW } from './csv-parser.js'
import { type Dialect, dialectOf } from './dialect.js'
import { FrameRows } from './frame-rows.js'
import type { Import } from './job.js'
import { InputProblem } from './problem.js'
import type { Source } from './source.js'

/** A header is refused if it is longer, in bytes. */
const LONGEST_HEAD = 2 ** 24
/** A row that has not ended after so many bytes is refused. Its quotes are not counted for LONGEST_ROW. */
const LONGEST_UNENDED = 2 * LONGEST_ROW

export async function importCsv(job: Import): Promise<void> {
  const { head, dialect } = await readHead(job.source)
  const reader = new CsvReader(job, dialect)
  try {
    await reader.take(head.subarray(dialect.skip))
    for await (const chunk of job.source) await reader.take(chunk)
    await reader.finish()
  } catch (error) {
    // Frames that are complete are kept.
    await reader.flush()
    throw error
  }
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

/** Splits the input into rows and gives them to `FrameRows`: the plain ones as bytes, the others as the CSV parser reads them. */
class CsvReader {
  readonly #job: Import
  readonly #dialect: Dialect
  readonly #parser: CsvParser
  readonly #input = new CsvInput()
  /** Number of the line at which the input is. */
  #line: number
  #comments = 0
  #frames: FrameRows | undefined

  constructor(job: Import, dialect: Dialect) {
    this.#job = job
    this.#dialect = dialect
    this.#parser = new CsvParser(job.source.name, dialect)
    this.#line = dialect.lines + 1
  }

  /** Imports the rows that are complete with this chunk, and passes the frames that are complete to the writer. */
  async take(chunk: Buffer): Promise<void> {
    this.#input.add(chunk)
    await this.#rows()
    await this.flush()
    if (this.#input.length - this.#input.at <= LONGEST_UNENDED) return
    const what = `Max Record Size: record exceed the maximum number of tolerated bytes of ${LONGEST_ROW}`
    throw this.#parser.problem(this.#line, `${what} at line ${this.#line}`)
  }

  async finish(): Promise<void> {
    this.#input.finish()
    await this.#rows()
    if (this.#frames === undefined) throw new Failure(`${this.#job.source.name} is empty: there is nothing to import`)
    this.#job.notes.comments = this.#comments
    await this.#frames.finish()
    await this.flush()
  }

  async flush(): Promise<void> {
    await this.#frames?.flush()
  }

  async #rows(): Promise<void> {
    const input = this.#input
    const frames = this.#frames
    while (input.hasLine) {
      const { at } = input
      const next = input.afterLineEnd(at)
      if (next > at) {
        input.at = next
        this.#line++
      } else if (this.#dialect.comments && input.isComment) {
        this.#comments++
        input.at = input.nextLine
        this.#line++
      } else {
        const end = frames === undefined ? NOT_PLAIN : frames.scan(input.bytes, at)
        if (end === NOT_PLAIN) {
          if (!(await this.#row())) return
          if (frames === undefined) return this.#rows()
        } else {
          input.at = end
          const wait = frames!.takeScanned({ bytes: input.bytes, start: at, end, line: this.#line })
          this.#line++
          if (wait !== undefined) await wait
        }
      }
    }
  }

  /** Imports a row that is not plain. False if its end is not read yet. */
  async #row(): Promise<boolean> {
    const input = this.#input
    const row = input.row()
    if (row === undefined) return false
    const { at: start, bytes } = input
    const { end, inner } = row
    const cells = this.#parser.cells(bytes.subarray(start, Math.min(end, input.length)), this.#line)
    const line = this.#line + inner
    input.at = end
    this.#line = line + 1
    if (cells === undefined) return true
    if (this.#frames === undefined) this.#frames = this.#start(cells, line)
    else await this.#frames.take(cells, { bytes, start, end, line })
    return true
  }

  #start(cells: string[], line: number): FrameRows {
    const { source, options, ignored } = this.#job
    let columns: Columns
    try {
      columns = readHeader(
        cells.map((name) => name.trim()),
        options.cameras,
      )
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      throw new InputProblem({ file: source.name, line }, error.message)
    }
    for (const name of columns.ignored) ignored.add(name)
    const metadata = {
      ...(columns.positionUnits !== undefined && { position_units: columns.positionUnits }),
      ...(columns.residualUnits !== undefined && { residual_units: columns.residualUnits }),
    }
    const sink = this.#job.open({ cameras: columns.cameras.map(({ name }) => name), metadata })
    return new FrameRows(this.#job, columns, this.#dialect, this.#parser, sink)
  }
}
