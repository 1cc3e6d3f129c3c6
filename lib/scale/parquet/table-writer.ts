/** Writes a table in row groups, and in files with a limited number of them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { H5TracksError } from '../../base/errors.js'
import { syncPath } from '../../base/replace-file.js'
import type { Table, Window } from './tables.js'
import type { ColumnData } from './values.js'

type Parquet = typeof import('hyparquet-writer')
type Writing = InstanceType<Parquet['ParquetWriter']>

/** @internal Loads the package that writes Parquet. Rejects with ERR_UNSUPPORTED if it is not installed. */
export async function loadParquet(): Promise<Parquet> {
  try {
    return await import('hyparquet-writer')
  } catch (error) {
    throw new H5TracksError('writing Parquet needs the package hyparquet-writer: npm install hyparquet-writer', {
      code: 'ERR_UNSUPPORTED',
      ...((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' && { field: 'hyparquet-writer' }),
    })
  }
}

// What the writer keeps of each row group until the end of a file is small, but not nothing.
const groupsPerFile = 64

export class TableWriter {
  /** Number of rows, and of files. */
  rows = 0
  files = 0
  readonly #parquet: Parquet
  readonly #table: Table
  readonly #folder: string
  readonly #groupRows: number
  readonly #about: string
  #parts: ColumnData[][] = []
  #waiting = 0
  #open: { writer: Writing; path: string; groups: number } | null = null

  /** @internal @param about JSON that each file has as the value of the key `h5tracks` */
  constructor(parquet: Parquet, table: Table, folder: string, groupRows: number, about: string) {
    this.#parquet = parquet
    this.#table = table
    this.#folder = folder
    this.#groupRows = groupRows
    this.#about = about
    mkdirSync(folder, { recursive: true })
  }

  add(window: Window): void {
    const rows = this.#table.rows(window)
    if (rows.count === 0) return
    this.#parts.push(this.#table.columns.map((column) => column.read(window, rows)))
    this.#waiting += rows.count
    while (this.#waiting >= this.#groupRows) this.#writeGroup(this.#groupRows)
  }

  /** Writes the rest, and syncs the files to the disk. A table without rows has one file. */
  finish(): void {
    if (this.#waiting > 0) this.#writeGroup(this.#waiting)
    if (this.files === 0) this.#begin()
    this.#end()
    syncPath(this.#folder)
  }

  #writeGroup(rows: number): void {
    const all = this.#table.columns.map((_, i) => joined(this.#parts.map((part) => part[i] as ColumnData)))
    const columnData = this.#table.columns.map(({ name, type, converted_type, key, nullable }, i) => ({
      name,
      data: withNulls(cut(all[i] as ColumnData, 0, rows), nullable) as never,
      statistics: key === true,
      ...encodingOf(type, converted_type, key),
    }))
    this.#parts = rows < this.#waiting ? [all.map((data) => cut(data, rows, this.#waiting))] : []
    this.#waiting -= rows
    const open = this.#open ?? this.#begin()
    void open.writer.write({ columnData, rowGroupSize: rows })
    this.rows += rows
    if (++open.groups === groupsPerFile) this.#end()
  }

  #begin() {
    const path = join(this.#folder, `part-${this.files++}.parquet`)
    const { ParquetWriter, fileWriter } = this.#parquet
    const columns = this.#table.columns.map(({ name, type, converted_type, nullable }) => {
      return {
        name,
        type,
        ...(converted_type && { converted_type }),
        repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED',
      }
    })
    const schema = [{ name: 'root', num_children: columns.length }, ...columns] as never
    const kvMetadata = [{ key: 'h5tracks', value: this.#about }]
    const writer = new ParquetWriter({ writer: fileWriter(path), schema, kvMetadata, createdBy: 'h5tracks' })
    this.#open = { writer, path, groups: 0 }
    return this.#open
  }

  #end(): void {
    if (!this.#open) return
    const { writer, path } = this.#open
    void writer.finish()
    syncPath(path)
    this.#open = null
  }
}

/** Numbers of frames grow by little, and measured floats are hardly ever the same: a dictionary of them is a waste of time. */
function encodingOf(type: string, converted: string | undefined, key: boolean | undefined) {
  if (key && type === 'INT64' && !converted) return { encoding: 'DELTA_BINARY_PACKED' as const }
  return type === 'FLOAT' || type === 'DOUBLE' ? { encoding: 'PLAIN' as const } : {}
}

function cut({ values, absent }: ColumnData, from: number, to: number): ColumnData {
  if (from === 0 && to === values.length) return { values, absent }
  return { values: values.slice(from, to), absent: absent === null ? null : absent.slice(from, to) }
}

function joined(parts: readonly ColumnData[]): ColumnData {
  const [first, ...others] = parts as [ColumnData, ...ColumnData[]]
  if (others.length === 0) return first
  const hasNulls = parts.some(({ absent }) => absent !== null)
  const absent = hasNulls
    ? joinedArrays(parts.map(({ values, absent }) => absent ?? new Uint8Array(values.length)))
    : null
  const all = parts.map(({ values }) => values)
  return { values: Array.isArray(first.values) ? (all.flat() as string[]) : joinedArrays(all as Uint8Array[]), absent }
}

function joinedArrays<T extends Uint8Array>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const all = new ((parts[0] as T).constructor as new (length: number) => T)(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The values of a row group. Typed arrays stay as they are, unless a value is missing. */
function withNulls({ values, absent }: ColumnData, nullable: boolean): readonly unknown[] | ColumnData['values'] {
  const isFloat = values instanceof Float32Array || values instanceof Float64Array
  const hasNaN = nullable && isFloat && values.includes(Number.NaN)
  if (absent === null && !hasNaN) return values
  const all: unknown[] = new Array(values.length)
  for (let row = 0; row < values.length; row++) {
    all[row] = absent?.[row] === 1 || (hasNaN && Number.isNaN(values[row])) ? null : values[row]
  }
  return all
}
