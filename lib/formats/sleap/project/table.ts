/** A table of a SLEAP project: a compound dataset, or a matrix whose columns an attribute names, as sleap-io.js writes some. */
import type { Dataset } from '../../../hdf5/objects/dataset.js'
import type { TypedArray } from '../../../hdf5/values/types.js'
import type { ForeignFile } from '../../poses/input.js'

/** Columns of the rows from `start` to `stop`. */
export interface Rows {
  readonly start: number
  readonly stop: number
  readonly columns: Readonly<Record<string, ArrayLike<number>>>
}

const windowRows = 32_768

/** Reads rows in windows, of which it keeps the last two. */
export class Table {
  readonly name: string
  readonly length: number
  readonly columns: readonly string[]
  readonly #input: ForeignFile
  readonly #dataset: Dataset | undefined
  readonly #isMatrix: boolean
  #recent: Rows[] = []

  private constructor(
    input: ForeignFile,
    name: string,
    opened?: { dataset: Dataset; length: number; columns: string[] },
  ) {
    this.name = name
    this.#input = input
    this.#dataset = opened?.dataset
    this.length = opened?.length ?? 0
    this.columns = opened?.columns ?? []
    this.#isMatrix = opened !== undefined && opened.dataset.type.class !== 'compound'
  }

  /** Opens a table with at least these columns. A file may lack tables that would have no rows. */
  static async open(input: ForeignFile, name: string, needed: readonly string[]): Promise<Table> {
    const dataset = await input.find(name)
    if (!dataset) return new Table(input, name)
    const shape = await input.guarded(name, () => dataset.shape())
    const { type } = dataset
    const isMatrix = shape?.length === 2 && (type.class === 'float' || type.class === 'integer')
    if (!isMatrix && (type.class !== 'compound' || shape?.length !== 1)) {
      if (shape?.[0] === 0) return new Table(input, name)
      throw input.problem(name, 'is not a table of records', 'is it a SLEAP project?')
    }
    const columns =
      type.class === 'compound' ? type.members.map((member) => member.name) : await matrixColumns(input, name, needed)
    const missing = needed.filter((column) => !columns.includes(column))
    if (missing.length > 0) {
      throw input.problem(
        name,
        `has no column ${missing.join(', ')} (it has ${columns.join(', ')})`,
        'is it a SLEAP project?',
      )
    }
    return new Table(input, name, { dataset, length: shape?.[0] ?? 0, columns })
  }

  /** The window that holds a row. */
  async windowAt(row: number): Promise<Rows> {
    const known = this.#recent.find(({ start, stop }) => row >= start && row < stop)
    if (known) return known
    const start = row - (row % windowRows)
    const rows = await this.read(start, Math.min(this.length, start + windowRows))
    this.#recent = [rows, ...this.#recent.slice(0, 1)]
    return rows
  }

  /** Windows over all rows, in order. */
  async *windows(): AsyncGenerator<Rows> {
    for (let start = 0; start < this.length; start += windowRows) {
      yield await this.read(start, Math.min(this.length, start + windowRows))
    }
  }

  async read(start: number, stop: number): Promise<Rows> {
    const { data } = await this.#input.read(this.#dataset as Dataset, [{ start, stop }])
    if (!this.#isMatrix) return { start, stop, columns: data as unknown as Rows['columns'] }
    const width = (data as TypedArray).length / (stop - start)
    const columns = this.columns.map((name, column) => [
      name,
      Float64Array.from({ length: stop - start }, (_, row) => Number((data as TypedArray)[row * width + column])),
    ])
    return { start, stop, columns: Object.fromEntries(columns) }
  }

  /** Throws ERR_FORMAT that names a row of the table. */
  refuse(row: number, problem: string): never {
    const remedy = 'save the project again with SLEAP or sleap-io'
    throw this.#input.problem(`${this.name}[${row}]`, problem, remedy)
  }

  /** Throws ERR_FORMAT unless `start` to `stop` are rows of this table. `from` names the row that claims them. */
  checkRange(from: Table, row: number, start: number, stop: number): void {
    const isRange = Number.isInteger(start) && Number.isInteger(stop) && start >= 0 && start <= stop
    if (isRange && stop <= this.length) return
    from.refuse(row, `names rows ${start} to ${stop} of ${this.name}, which has ${this.length}`)
  }
}

/** The columns of a matrix, which the attribute `field_names` lists; else those that the table has in every project. */
async function matrixColumns(input: ForeignFile, name: string, usual: readonly string[]): Promise<string[]> {
  const value = await input.attribute(name, 'field_names')
  if (value === undefined) return [...usual]
  const list: unknown = typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value
  return Array.isArray(list) ? list.map(String) : String(list).split(',')
}
