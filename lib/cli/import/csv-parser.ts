/** Parses single rows of CSV with the library, which knows all of the format. */
import { CsvError } from 'csv-parse'
import { type Options, parse } from 'csv-parse/sync'
import { type Dialect, LINE_ENDS } from './dialect.js'
import { InputProblem } from './problem.js'

/** A row is refused if its cells are longer, in bytes. */
export const LONGEST_ROW = 2 ** 24

export class CsvParser {
  readonly #file: string
  readonly #options: Options

  constructor(file: string, { delimiter, comments }: Dialect) {
    this.#file = file
    this.#options = {
      delimiter,
      record_delimiter: LINE_ENDS,
      ...(comments && { comment: '#', comment_no_infix: true }),
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
      max_record_size: LONGEST_ROW,
    }
  }

  /**
   * The cells of a row; undefined if all are blank.
   *
   * @param line the line on which it begins
   * @throws InputProblem
   */
  cells(row: Buffer, line: number): string[] | undefined {
    try {
      return (parse(row, this.#options) as string[][])[0]
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      // The parser counts from the beginning of the row.
      const at = line - 1 + Number(error.lines)
      throw this.problem(at, error.message.replace(`at line ${error.lines}`, `at line ${at}`))
    }
  }

  problem(line: number, what: string): InputProblem {
    return new InputProblem({ file: this.#file, line }, `not CSV: ${what}`)
  }
}
