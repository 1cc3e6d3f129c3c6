/** The long table of a recording: a row for each animal in each frame. */
import type { Field as ArrowField, Data, DataType, RecordBatch, Schema } from 'apache-arrow'
import type { Field } from '../../layout/model.js'
import { arrayIn } from '../core/arrays.js'
import type { Batch, BatchArray, Recording, WriteOptions } from '../core/format.js'
import { attributesOf, nameOf } from '../core/recordings.js'
import { arraysOf, type OutColumn, outColumns } from '../csv/out-columns.js'
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

export class Table {
  readonly schema: Schema
  readonly #arrow: Arrow
  readonly #recording: Recording
  readonly #columns: readonly Column[]
  readonly #ofFrames: readonly OutColumn[]
  readonly #ofRecords: readonly OutColumn[]
  readonly #names: readonly string[] | undefined
  readonly #capacity: number
  #rows = 0
  #empty = 0

  constructor(arrow: Arrow, recording: Recording) {
    this.#arrow = arrow
    this.#recording = recording
    const { frames, records } = outColumns(recording)
    const { names } = attributesOf(recording)
    this.#ofFrames = frames
    this.#ofRecords = records
    this.#names = Array.isArray(names) ? names.map(String) : undefined
    const plain = (name: string, type: DataType): Column => ({ name, type, source: undefined, values: [] })
    const own = (source: OutColumn): Column => ({ name: source.name, type: this.#typeOf(source), source, values: [] })
    this.#columns = [
      plain('frame', new arrow.Int64()),
      ...frames.map(own),
      ...(recording.layout.key ? [plain('id', new arrow.Int32())] : []),
      ...(recording.layout.key && this.#names ? [plain('name', new arrow.Utf8())] : []),
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
    this.#capacity = Math.max(1, Math.min(mostRows, Math.floor(mostValues / this.#columns.length)))
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

  async *batches({ report, signal }: WriteOptions): AsyncGenerator<RecordBatch, void, void> {
    for await (const batch of this.#recording.batches()) {
      signal?.throwIfAborted()
      yield* this.#add(batch)
    }
    if (this.#rows > 0) yield this.#take()
    report.lost('frames without animals', this.#empty, 'a long table has a row for each animal')
  }

  *#add(batch: Batch): Generator<RecordBatch> {
    const { layout } = this.#recording
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
    const [frames, records] = [arraysOf(this.#ofFrames, batch), arraysOf(this.#ofRecords, batch)]
    for (const [frame, number] of index.entries()) {
      let isEmpty = true
      for (let cell = frame * layout.slots; cell < (frame + 1) * layout.slots; cell++) {
        if (keys && keys[cell] === -1) continue
        isEmpty = false
        let at = 0
        const put = (value: Value) => {
          ;(this.#columns[at++] as Column).values[this.#rows] = value
        }
        put(number)
        for (const [i, column] of this.#ofFrames.entries()) put(valueAt(column, frames[i], frame))
        if (keys) put(keys[cell] as number)
        if (keys && this.#names) put(this.#names[keys[cell] as number] ?? null)
        for (const [i, column] of this.#ofRecords.entries()) put(valueAt(column, records[i], cell))
        if (++this.#rows === this.#capacity) yield this.#take()
      }
      if (isEmpty) this.#empty++
    }
  }

  #take(): RecordBatch {
    const { RecordBatch, Struct, makeData } = this.#arrow
    const length = this.#rows
    const children = this.#columns.map((column) => this.#dataOf(column, length))
    for (const column of this.#columns) column.values = []
    this.#rows = 0
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
