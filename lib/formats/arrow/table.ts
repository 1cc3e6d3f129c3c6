/** The long table of a recording: a row for each animal in each frame. */
import type { Field as ArrowField, Data, DataType, RecordBatch, Schema } from 'apache-arrow'
import type { Field } from '../../layout/model.js'
import type { BatchArray, Recording, WriteOptions } from '../core/format.js'
import { attributesOf, nameOf } from '../core/recordings.js'
import { LongRows, type RowSink } from '../csv/long-rows.js'
import type { OutColumn } from '../csv/out-columns.js'
import type { Arrow } from './library.js'

const mostRows = 16_384
const mostValues = 2 ** 18

type Value = number | bigint | boolean | string | null

/** A column, and its values in the batch that is being filled. */
interface Column {
  readonly name: string
  readonly type: DataType
  readonly source: OutColumn | undefined
  values: Value[]
}

export class Table implements RowSink<Value, RecordBatch> {
  readonly schema: Schema
  readonly cellOf = valueAt
  readonly #arrow: Arrow
  readonly #rows: LongRows
  readonly #columns: readonly Column[]
  readonly capacity: number
  used = 0

  constructor(arrow: Arrow, recording: Recording) {
    this.#arrow = arrow
    this.#rows = new LongRows(recording)
    const { frames, records, hasId, names } = this.#rows
    const plain = (name: string, type: DataType): Column => ({ name, type, source: undefined, values: [] })
    const own = (source: OutColumn): Column => ({ name: source.name, type: this.#typeOf(source), source, values: [] })
    this.#columns = [
      plain('frame', new arrow.Int64()),
      ...frames.map(own),
      ...(hasId ? [plain('id', new arrow.Int32())] : []),
      ...(names ? [plain('name', new arrow.Utf8())] : []),
      ...records.map(own),
    ]
    const required = new Set(['frame', 'id'])
    const fields = this.#columns.map(
      ({ name, type, source }): ArrowField =>
        new arrow.Field(name, type, !required.has(name), metadataOf(source?.field)),
    )
    const about = { layout: nameOf(recording), cameras: recording.cameras, attributes: attributesOf(recording) }
    const json = JSON.stringify(about, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    this.schema = new arrow.Schema(fields, new Map([['h5tracks', json]]))
    this.capacity = Math.max(1, Math.min(mostRows, Math.floor(mostValues / this.#columns.length)))
  }

  #typeOf({ kind, field }: OutColumn): DataType {
    const arrow = this.#arrow
    if (kind === 'text' || kind === 'enum') return new arrow.Utf8()
    if (kind === 'bool') return new arrow.Bool()
    if (kind === 'float32') return new arrow.Float32()
    if (kind === 'float64') return new arrow.Float64()
    const types = { int8: arrow.Int8, uint8: arrow.Uint8, int16: arrow.Int16, uint16: arrow.Uint16, int32: arrow.Int32 }
    const wide = { uint32: arrow.Uint32, int64: arrow.Int64, uint64: arrow.Uint64 }
    const Type = { ...types, ...wide }[field.storage as keyof typeof types | keyof typeof wide]
    return new Type()
  }

  batches(options: WriteOptions): AsyncGenerator<RecordBatch, void, void> {
    return this.#rows.into(this, options)
  }

  valuesOf(column: number): Value[] {
    return (this.#columns[column] as Column).values
  }

  endRows(count: number): RecordBatch | undefined {
    this.used += count
    return this.used === this.capacity ? this.#take() : undefined
  }

  rest(): RecordBatch | undefined {
    return this.used > 0 ? this.#take() : undefined
  }

  #take(): RecordBatch {
    const { RecordBatch, Struct, makeData } = this.#arrow
    const length = this.used
    const children = this.#columns.map((column) => this.#dataOf(column, length))
    for (const column of this.#columns) column.values = []
    this.used = 0
    return new RecordBatch(
      this.schema,
      makeData({ type: new Struct(this.schema.fields), length, nullCount: 0, children }),
    )
  }

  #dataOf({ type, values }: Column, length: number): Data {
    const { vectorFromArray, makeData } = this.#arrow
    const { ArrayType } = type as DataType & { ArrayType?: new (length: number) => Float64Array | BigInt64Array }
    if (this.#arrow.DataType.isUtf8(type)) return this.#textsOf(type, values, length)
    const isNumeric = this.#arrow.DataType.isFloat(type) || this.#arrow.DataType.isInt(type)
    if (!isNumeric || !ArrayType)
      return (vectorFromArray(values.slice(0, length), type).data[0] ?? makeData({ type } as never)) as Data
    const data = new ArrayType(length)
    const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8)
    const isWide = data instanceof BigInt64Array || (data as unknown) instanceof BigUint64Array
    let nullCount = 0
    for (let i = 0; i < length; i++) {
      const value = values[i] as number | bigint | null
      if (value === null) nullCount++
      else {
        data[i] = (isWide ? BigInt(value) : Number(value)) as never
        nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7))
      }
    }
    return makeData({ type, length, nullCount, nullBitmap, data } as never) as Data
  }

  /** Like `vectorFromArray`, which takes ten times as long. */
  #textsOf(type: DataType, values: readonly Value[], length: number): Data {
    const known = new Map<string, Buffer>()
    const parts: Buffer[] = []
    const valueOffsets = new Int32Array(length + 1)
    const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8)
    let nullCount = 0
    for (let i = 0; i < length; i++) {
      const value = values[i]
      valueOffsets[i + 1] = valueOffsets[i] as number
      if (typeof value !== 'string') {
        nullCount++
        continue
      }
      const bytes = known.get(value) ?? Buffer.from(value)
      known.set(value, bytes)
      parts.push(bytes)
      valueOffsets[i + 1] = (valueOffsets[i] as number) + bytes.length
      nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7))
    }
    const data = new Uint8Array(Buffer.concat(parts))
    return this.#arrow.makeData({ type, length, nullCount, nullBitmap, valueOffsets, data } as never) as Data
  }
}

const metadataOf = (field: Field | undefined): Map<string, string> =>
  new Map([
    ...(field?.unit === undefined ? [] : [['unit', field.unit] as const]),
    ...(field?.description === undefined ? [] : [['description', field.description] as const]),
  ])

/** The value of a cell; null where it is not known. */
function valueAt({ at, width, blank, kind, members }: OutColumn, array: BatchArray | undefined, cell: number): Value {
  if (array === undefined) return null
  const value = array[cell * width + at] as Value
  if (kind === 'text') return value
  if (kind === 'bool') return Boolean(value)
  if (kind === 'enum') return members.get(Number(value)) ?? null
  const isBlank = (one: Value) =>
    blank === undefined ? false : Number.isNaN(blank) ? Number.isNaN(Number(one)) : Number(one) === blank
  if (!isBlank(value)) return value
  // One coordinate may have the value that all have where nothing is known.
  for (let i = 0; i < width; i++)
    if (!isBlank(array[cell * width + i] as Value)) return Number.isNaN(Number(value)) ? null : value
  return null
}
