/** Imports tidy CSV: one row per fish per frame. */
import { CsvInput } from '../../formats/csv/csv-input.js'
import { NOT_PLAIN } from '../../formats/csv/row-scanner.js'
import { Failure } from '../shared/exit.js'
import { readHeader } from './columns.js'
import { CsvParser, LONGEST_ROW } from './csv-parser.js'
import { type Dialect, dialectOf } from './dialect.js'
import { FrameCounter } from './frame-counter.js'
import { FrameRows } from './frame-rows.js'
import type { Import } from './job.js'
import { InputProblem } from './problem.js'
import { MustGather, type RowTaker, type Start } from './row-taker.js'
import { RowReader } from './rows.js'
import type { Source } from './source.js'

/** A header is refused if it is longer, in bytes. */
const LONGEST_HEAD = 2 ** 24
/** A row that has not ended after so many bytes is refused. Its quotes are not counted for LONGEST_ROW. */
const LONGEST_UNENDED = 2 * LONGEST_ROW
const FIRST_BYTES = 2 ** 20

/**
 * Imports a table of which all rows can be read again. The first rows say how many fish a frame has. If another frame has more, or the
 * rows are not in the order of the frames, all rows are gathered first.
 */
export async function importCsv(job: Import): Promise<void> {
  const { maxFish, sort, anyFrameOrder } = job.options
  if (!sort && !anyFrameOrder) {
    const slots = maxFish ?? (await slotsAtFirst(job))
    try {
      return await readRows(job, await job.source(), (start) => FrameRows.inOrder(start, slots))
    } catch (error) {
      if (!(error instanceof MustGather)) throw error
      await job.discard()
    }
  }
  await using gathering = new Gathering()
  await readRows(job, await job.source(), (start) => gathering.begin(start))
}

/** The index of the rows, which is closed at the end. */
class Gathering implements AsyncDisposable {
  #rows: FrameRows | undefined

  async begin(start: Start): Promise<FrameRows> {
    this.#rows = await FrameRows.gathered(start)
    return this.#rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rows?.[Symbol.asyncDispose]()
  }
}

/** The largest number of rows of a frame in the first MiB. */
async function slotsAtFirst(job: Import): Promise<number> {
  const source = await job.source()
  let counter: FrameCounter | undefined
  try {
    const { head, dialect } = await readHead(source)
    const reader = new CsvReader(job, dialect, async ({ columns, reader }) => {
      counter = new FrameCounter(columns, dialect, reader)
      return counter
    })
    await reader.take(head.subarray(dialect.skip))
    while (source.bytesRead < FIRST_BYTES) {
      const chunk = await source.next()
      if (chunk === undefined) break
      await reader.take(chunk)
    }
  } catch {
    // The import says what is wrong.
  }
  return Math.max(1, counter?.most ?? 1)
}

async function readRows(job: Import, source: Source, begin: (start: Start) => Promise<RowTaker>): Promise<void> {
  const { head, dialect } = await readHead(source)
  const reader = new CsvReader(job, dialect, begin)
  await reader.take(head.subarray(dialect.skip))
  for await (const chunk of source) await reader.take(chunk)
  await reader.finish()
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

/** Splits the input into rows: the plain ones as bytes, the others as the CSV parser reads them. */
class CsvReader {
  readonly #job: Import
  readonly #dialect: Dialect
  readonly #parser: CsvParser
  readonly #input = new CsvInput()
  /** Number of the line at which the input is. */
  #line: number
  #comments = 0
  /** Number of bytes of the file up to the end of those in the input. */
  #taken: number
  #frames: RowTaker | undefined
  readonly #begin: (start: Start) => Promise<RowTaker>

  /** @param begin makes what takes the rows, when the header is read */
  constructor(job: Import, dialect: Dialect, begin: (start: Start) => Promise<RowTaker>) {
    this.#job = job
    this.#dialect = dialect
    this.#begin = begin
    this.#taken = dialect.skip
    this.#parser = new CsvParser(job.name, dialect)
    this.#line = dialect.lines + 1
  }

  /** Imports the rows that are complete with this chunk, and passes the frames that are complete to the writer. */
  async take(chunk: Buffer): Promise<void> {
    this.#input.add(chunk)
    this.#taken += chunk.length
    await this.#rows()
    await this.flush()
    if (this.#input.length - this.#input.at <= LONGEST_UNENDED) return
    const what = `Max Record Size: record exceed the maximum number of tolerated bytes of ${LONGEST_ROW}`
    throw this.#parser.problem(this.#line, `${what} at line ${this.#line}`)
  }

  async finish(): Promise<void> {
    this.#input.finish()
    await this.#rows()
    if (this.#frames === undefined) throw new Failure(`${this.#job.name} is empty: there is nothing to import`)
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
          const wait = frames!.takeScanned({
            bytes: input.bytes,
            start: at,
            end,
            offset: this.#offsetOf(at),
            line: this.#line,
          })
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
    if (this.#frames === undefined) this.#frames = await this.#begin(this.#start(cells, line))
    else await this.#frames.take(cells, { bytes, start, end, offset: this.#offsetOf(start), line })
    return true
  }

  #offsetOf(at: number): number {
    return this.#taken - this.#input.length + at
  }

  #start(cells: string[], line: number): Start {
    const { name: file, options } = this.#job
    try {
      const columns = readHeader(
        cells.map((name) => name.trim()),
        options.cameras,
      )
      const commas = options.decimalComma || this.#dialect.delimiter === ';'
      const reader = new RowReader(columns, { commas, confirmedBy: options.confirmed })
      return { job: this.#job, columns, reader, dialect: this.#dialect, parser: this.#parser }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      throw new InputProblem({ file, line }, error.message)
    }
  }
}
