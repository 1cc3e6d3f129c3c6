/** Parses the rows of a table into a spool: the frame, the id and the line of each animal, and its values. */
import { parse } from 'csv-parse/sync'
import { show } from '../../base/errors.js'
import { formatProblem } from '../core/problem.js'
import type { Report } from '../core/report.js'
import { Spool } from '../core/spool.js'
import { CsvInput } from './csv-input.js'
import { isEmpty, NumberReader, truthOf } from './numbers.js'
import type { Plan, Target } from './plan.js'
import { BEYOND, BLANK, canScan, DOUBLE, INTEGER, NOT_PLAIN, RowScanner, SKIPPED, TEXT, TRUTH } from './row-scanner.js'
import { type Form, lineEnds } from './sniff.js'
import { TextTable } from './text-table.js'

/** The first numbers of a row of the spool; the values follow. */
export const KEY = 0
export const ID = 1
export const LINE = 2
export const VALUES = 3
/** The id of a row that only says that there is a frame. */
export const NOBODY = -2
/** The id of a detection without identity. */
export const UNKNOWN = -1

const int32Max = 2 ** 31 - 1
const longestRow = 2 ** 24
const mostUnitRows = 3

/** A column that held numbers at first turned out to hold texts. The table must be read again. */
export class TextsFound extends Error {
  readonly column: number

  constructor(column: number) {
    super(`column ${column} holds texts`)
    this.column = column
  }
}

export class TableRows {
  readonly spool: Spool
  readonly texts = new Map<number, TextTable>()
  /** Texts of ids that have a name column beside them. */
  readonly nameOfId = new Map<number, number>()
  /** For each group of `minusOnes`, whether a row has values of it. */
  readonly known: boolean[]
  readonly #path: string
  readonly #plan: Plan
  readonly #form: Form
  readonly #report: Report
  readonly #numbers: NumberReader
  readonly #scanner: RowScanner | undefined
  readonly #input = new CsvInput()
  readonly #row: Float64Array
  #line: number
  #unitRows = 0

  constructor(path: string, form: Form, plan: Plan, commas: boolean, report: Report) {
    this.#path = path
    this.#plan = plan
    this.#form = form
    this.#report = report
    this.known = (plan.minusOnes ?? []).map(() => false)
    this.#line = form.lines + 1
    this.#numbers = new NumberReader(commas)
    const targets = plan.animals[0]?.targets ?? []
    const values = targets.reduce((sum, { columns }) => sum + columns.length, 0)
    // Beside frame numbers, the time comes last.
    this.#row = new Float64Array(VALUES + values + (plan.frame >= 0 && plan.time >= 0 ? 1 : 0))
    this.spool = new Spool(this.#row.length)
    for (const [column, kind] of plan.kinds.entries()) if (kind === TEXT) this.texts.set(column, new TextTable())
    const kinds = new Uint8Array(plan.columnCount + (form.delimiter === ',' ? 0 : BEYOND)).fill(BLANK)
    kinds.set(plan.kinds)
    const textOf = (column: number, text: string) => this.#textOf(column, text)
    const scans = canScan(form.delimiter) || form.delimiter === ' '
    if (scans) this.#scanner = new RowScanner(kinds, plan.columnCount, form.delimiter, this.#numbers, textOf)
  }

  /** Takes the next bytes of the table. */
  async take(chunk: Buffer): Promise<void> {
    this.#input.add(chunk)
    await this.#rows()
    if (this.#input.length - this.#input.at <= 2 * longestRow) return
    throw formatProblem(
      this.#path,
      `line ${this.#line}`,
      `a row does not end within ${2 * longestRow} bytes`,
      'is a quote left open?',
    )
  }

  async finish(): Promise<void> {
    this.#input.finish()
    await this.#rows()
    if (this.#unitRows > 0)
      this.#report.guessed('rows below the header that hold no numbers', `${this.#unitRows}, left out`)
    for (const [column, { dropped }] of this.texts) {
      this.#report.lost(
        `texts of ${show(this.#plan.header[column])}`,
        dropped,
        'more than a million, or longer than 65535 bytes',
      )
    }
    await this.spool.finish()
  }

  async #rows(): Promise<void> {
    const input = this.#input
    while (input.hasLine) {
      const { at } = input
      const next = input.afterLineEnd(at)
      if (next > at || (this.#form.comments && input.isComment)) {
        input.at = next > at ? next : input.nextLine
        this.#line++
        continue
      }
      const end = this.#scanner?.scan(input.bytes, at) ?? NOT_PLAIN
      if (end === NOT_PLAIN) {
        if (!(await this.#unusual())) return
        continue
      }
      input.at = end
      const wait = this.#add(this.#scanner?.values as Float64Array, this.#line)
      this.#line++
      if (wait) await wait
    }
  }

  /** Takes a row that the scanner does not read. False if its end is not read yet. */
  async #unusual(): Promise<boolean> {
    const input = this.#input
    const row = input.row()
    if (row === undefined) return false
    const line = this.#line
    const cells = this.#cells(input.bytes.subarray(input.at, Math.min(row.end, input.length)), line)
    input.at = row.end
    this.#line = line + row.inner + 1
    if (cells === undefined || this.#isUnitRow(cells)) return true
    await this.#add(this.#valuesOf(cells, line), line)
    return true
  }

  #cells(row: Buffer, line: number): string[] | undefined {
    const { delimiter, comments } = this.#form
    try {
      const options = { delimiter, record_delimiter: lineEnds, relax_column_count: true, max_record_size: longestRow }
      const blank = { skip_empty_lines: true, skip_records_with_empty_values: true }
      return (
        parse(row, { ...options, ...blank, ...(comments && { comment: '#', comment_no_infix: true }) }) as string[][]
      )[0]
    } catch (error) {
      throw formatProblem(
        this.#path,
        `line ${line}`,
        `not a row of a table: ${(error as Error).message}`,
        'is a quote left open?',
      )
    }
  }

  /** TrackMate and others have rows of labels and units below the header. */
  #isUnitRow(cells: readonly string[]): boolean {
    const { frame, time } = this.#plan
    const cell = cells[frame >= 0 ? frame : time] ?? ''
    if (this.spool.rows > 0 || this.#unitRows === mostUnitRows || typeof this.#numbers.read(cell) === 'number')
      return false
    if (cells.some((one) => /^[+-]?\d*[.,]?\d+$/.test(one.trim()))) return false
    this.#unitRows++
    return true
  }

  #valuesOf(cells: readonly string[], line: number): Float64Array {
    const { header, kinds } = this.#plan
    const blank = (cell: string) => cell.trim() === ''
    if (cells.length < header.length || !cells.slice(header.length).every(blank)) {
      const comma = cells.length > header.length && this.#form.delimiter === ',' ? ' (is there a decimal comma?)' : ''
      throw this.#problem(line, -1, `${cells.length} cells, where the header has ${header.length}${comma}`)
    }
    return Float64Array.from(kinds, (kind, column) => this.#value(kind, column, cells[column] as string, line))
  }

  #value(kind: number, column: number, cell: string, line: number): number {
    if (kind === SKIPPED) return Number.NaN
    if (kind === TEXT) return cell === '' ? Number.NaN : this.#textOf(column, cell)
    const truth = kind === TRUTH ? truthOf(cell) : undefined
    const value = truth === undefined ? this.#numbers.read(cell) : Number(truth)
    if (typeof value !== 'string') return value ?? Number.NaN
    if (kind === DOUBLE && /^[+-]?inf(inity)?$/i.test(cell.trim())) return cell.trim()[0] === '-' ? -Infinity : Infinity
    if (kind === DOUBLE || kind === TRUTH || column === this.#plan.id || (kind === INTEGER && this.#isClass(column))) {
      if (column !== this.#plan.time) throw new TextsFound(column)
    }
    throw this.#problem(line, column, value)
  }

  #isClass(column: number): boolean {
    return (
      this.#plan.animals[0]?.targets.some(({ field, columns }) => field === 'class' && columns[0] === column) ?? false
    )
  }

  #textOf(column: number, text: string): number {
    const { id, name } = this.#plan
    if ((column === id || column === name) && isEmpty(text)) return Number.NaN
    return (this.texts.get(column) as TextTable).numberOf(text)
  }

  #add(values: Float64Array, line: number): Promise<void> | undefined {
    const { frame, time, id, animals, wide } = this.#plan
    const key = values[frame >= 0 ? frame : time] as number
    if (frame >= 0 ? !Number.isSafeInteger(key) : !Number.isFinite(key)) {
      const found = Number.isNaN(key) ? 'is empty' : `${key} is not an integer`
      throw this.#problem(line, frame >= 0 ? frame : time, found)
    }
    if (this.#plan.minusOnes) this.#blankMinusOnes(values, this.#plan.minusOnes)
    const row = this.#row
    row[KEY] = key
    row[LINE] = line
    if (frame >= 0 && time >= 0) row[row.length - 1] = values[time] as number
    if (wide) return this.#addAnimals(values)
    row[ID] = id < 0 ? UNKNOWN : this.#idOf(values[id] as number, line)
    const present = this.#fill(animals[0]?.targets ?? [], values, false)
    if (!present && row[ID] === UNKNOWN) row[ID] = NOBODY
    this.#noteName(values, line)
    return this.spool.add(row)
  }

  #blankMinusOnes(values: Float64Array, groups: NonNullable<Plan['minusOnes']>): void {
    for (const [i, group] of groups.entries()) {
      if (group.every((column) => values[column] === -1)) for (const column of group) values[column] = Number.NaN
      else if (!this.known[i]) this.known[i] = group.some((column) => !Number.isNaN(values[column]))
    }
  }

  /** Adds the animals of a wide row from one of them on. */
  #addAnimals(values: Float64Array, from = 0, none = true): Promise<void> | undefined {
    const row = this.#row
    const { animals } = this.#plan
    for (let id = from; id < animals.length; id++) {
      if (!this.#fill(animals[id]?.targets ?? [], values, true)) continue
      none = false
      row[ID] = id
      const wait = this.spool.add(row)
      if (wait) return wait.then(() => this.#addAnimals(values, id + 1, false))
    }
    if (!none) return undefined
    row[ID] = NOBODY
    return this.spool.add(row)
  }

  /** Copies the values of an animal. True if one of them is known; with `own`, one that is not per frame. */
  #fill(targets: readonly Target[], values: Float64Array, own: boolean): boolean {
    const row = this.#row
    let at = VALUES
    let present = false
    for (const { columns, perFrame } of targets) {
      for (const column of columns) {
        const value = column < 0 ? Number.NaN : (values[column] as number)
        row[at++] = value
        if (!Number.isNaN(value) && !(own && perFrame)) present = true
      }
    }
    return present
  }

  #idOf(value: number, line: number): number {
    if (Number.isNaN(value) || value === -1) return UNKNOWN
    if ((value | 0) === value && value >= 0) return value
    throw this.#problem(
      line,
      this.#plan.id,
      `${value} must be an integer from 0 to ${int32Max}, -1 (no identity) or a name`,
    )
  }

  #noteName(values: Float64Array, line: number): void {
    const { name } = this.#plan
    if (name < 0) return
    const [id, text] = [this.#row[ID] as number, values[name] as number]
    if (id < 0 || Number.isNaN(text)) return
    const before = this.nameOfId.get(id)
    if (before === undefined) this.nameOfId.set(id, text)
    else if (before !== text) {
      const { texts } = this.texts.get(name) as TextTable
      throw this.#problem(line, name, `id ${id} has two names, ${show(texts[before])} and ${show(texts[text])}`)
    }
  }

  #problem(line: number, column: number, what: string): Error {
    const place = column < 0 ? `line ${line}` : `line ${line}, column ${show(this.#plan.header[column])}`
    return formatProblem(this.#path, place, what)
  }
}
