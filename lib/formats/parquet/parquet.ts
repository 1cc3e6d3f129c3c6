/** Writes Parquet: one file with a long table, the columns of which are those of CSV. */
import { setImmediate } from 'node:timers/promises'
import { loadParquet } from '../../scale/parquet/table-writer.js'
import type { BatchArray, FormatCode, Recording, WriteOptions } from '../core/format.js'
import { attributesOf, nameOf, onlyRecording } from '../core/recordings.js'
import { LongRows, type RowSink } from '../csv/long-rows.js'
import type { OutColumn } from '../csv/out-columns.js'

const groupRows = 65_536
/** Values of a row group, which take up to 16 bytes each before they are encoded. */
const groupValues = 2 ** 21

const types = {
  integer: { type: 'INT32' },
  wide: { type: 'INT64' },
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  bool: { type: 'BOOLEAN' },
  enum: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const

export const parquet: FormatCode = {
  detect: () => 0,
  async write(recordings, path, options) {
    const recording = onlyRecording(recordings, 'a Parquet file', options)
    const { ParquetWriter, fileWriter } = await loadParquet()
    const table = new Table(recording)
    const schema = [
      { name: 'root', num_children: table.columns.length },
      ...table.columns.map((column) => column.schema),
    ]
    const about = { layout: nameOf(recording), cameras: [...recording.cameras], attributes: attributesOf(recording) }
    const kvMetadata = [
      {
        key: 'h5tracks',
        value: JSON.stringify(about, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
      },
    ]
    const writer = new ParquetWriter({
      writer: fileWriter(path),
      schema: schema as never,
      kvMetadata,
      createdBy: 'h5tracks',
    })
    for await (const group of table.groups(options)) {
      void writer.write(group as never)
      await setImmediate()
    }
    void writer.finish()
  },
}

/** A column of the file: its description, and the values of a row group that is being filled. */
interface FileColumn {
  readonly schema: { name: string; type: string; converted_type?: string; repetition_type: string }
  /** The column of the recording; undefined for frame, id and name. */
  readonly source: OutColumn | undefined
  values: unknown[]
}

class Table implements RowSink<unknown, object> {
  readonly columns: readonly FileColumn[]
  readonly cellOf = cellOf
  readonly #rows: LongRows
  readonly capacity: number
  used = 0

  constructor(recording: Recording) {
    this.#rows = new LongRows(recording)
    const { frames, records, hasId, names } = this.#rows
    const ids = hasId ? [plain('id', 'INT32'), ...(names ? [plain('name', 'BYTE_ARRAY')] : [])] : []
    this.columns = [plain('frame', 'INT64'), ...frames.map(columnOf), ...ids, ...records.map(columnOf)]
    this.capacity = Math.max(1, Math.min(groupRows, Math.floor(groupValues / this.columns.length)))
  }

  /** Row groups, as ParquetWriter takes them. */
  groups(options: WriteOptions): AsyncGenerator<object, void, void> {
    return this.#rows.into(this, options)
  }

  valuesOf(column: number): unknown[] {
    return (this.columns[column] as FileColumn).values
  }

  endRows(count: number): object | undefined {
    this.used += count
    return this.used === this.capacity ? this.#take() : undefined
  }

  rest(): object | undefined {
    return this.used > 0 ? this.#take() : undefined
  }

  #take(): object {
    const rowGroupSize = this.used
    const columnData = this.columns.map(({ schema, values }) => ({
      name: schema.name,
      data: values.length === rowGroupSize ? values : values.slice(0, rowGroupSize),
      statistics: schema.name === 'frame' || schema.name === 'id',
      ...(schema.name === 'frame'
        ? { encoding: 'DELTA_BINARY_PACKED' }
        : schema.type === 'FLOAT' || schema.type === 'DOUBLE'
          ? { encoding: 'PLAIN' }
          : {}),
    }))
    for (const column of this.columns) column.values = new Array(rowGroupSize)
    this.used = 0
    return { columnData, rowGroupSize }
  }
}

function plain(name: string, type: string): FileColumn {
  const text = type === 'BYTE_ARRAY'
  return {
    schema: { name, type, ...(text && { converted_type: 'UTF8' }), repetition_type: text ? 'OPTIONAL' : 'REQUIRED' },
    source: undefined,
    values: [],
  }
}

function columnOf(source: OutColumn): FileColumn {
  const unsigned = source.field.storage === 'uint64' ? { converted_type: 'UINT_64' } : {}
  // Integers of 32 bits without a sign need 64 with one.
  const type = source.field.storage === 'uint32' ? { type: 'INT64' } : types[source.kind]
  return { schema: { name: source.name, ...type, ...unsigned, repetition_type: 'OPTIONAL' }, source, values: [] }
}

function cellOf(
  { kind, at, width, blank, members, field }: OutColumn,
  array: BatchArray | undefined,
  cell: number,
): unknown {
  if (array === undefined) return null
  const value = array[cell * width + at] as number | bigint | string
  if (kind === 'float32' || kind === 'float64')
    return Number.isNaN(value) || (value === blank && width === 1) ? null : value
  if (value === blank && isBlank(array, cell * width, width, blank)) return null
  if (kind === 'bool') return value === 1
  if (kind === 'enum') return members.get(Number(value)) ?? String(value)
  return field.storage === 'uint32' ? BigInt(value) : value
}

function isBlank(array: BatchArray, from: number, width: number, blank: number): boolean {
  for (let i = from; i < from + width; i++) if (array[i] !== blank) return false
  return true
}
