/** Prepares data that h5wasm accepts for writing with h5tracks/hdf5. */
import { H5TracksError, invalidArgument } from '../../base/errors.js'
import type { Text, Type, WritableData } from '../../hdf5/index.js'
import { compoundOf, dtypeToMetadata, floatOf, integerOf, referenceTo, stringOf } from './dtype.js'
import { metadataToType } from './metadata.js'
import { Reference, RegionReference, toFloor } from './reference.js'
import type { Dtype, GuessableDataTypes, Metadata, TypedArray } from './types.js'

/** Data as h5tracks/hdf5 takes them. */
export interface Prepared {
  type: Type
  shape: number[]
  data: WritableData
}

/** Prepares data with the type of `dtype`, or else a guessed one, and with `shape`, or else the shape of the data. */
export function prepare(data: GuessableDataTypes, dtype?: Dtype | null, shape?: readonly number[] | null): Prepared {
  const type = metadataToType(dtype ? dtypeToMetadata(dtype) : guess_metadata(data))
  const length = lengthOf(data)
  const own = shape ? [...shape] : length === null ? [] : [length]
  return { type, shape: own, data: toWritable(data, type, elementsOf(own)) }
}

const elementsOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)

const isMap = (data: unknown): data is ReadonlyMap<string, GuessableDataTypes> => data instanceof Map
const isList = (data: unknown): data is TypedArray | readonly unknown[] =>
  Array.isArray(data) || ArrayBuffer.isView(data)

/** The number of elements of a list; for a compound, of its first list; `null` for a single value. */
function lengthOf(data: GuessableDataTypes): number | null {
  if (!isMap(data)) return isList(data) ? data.length : null
  for (const column of data.values()) if (isList(column)) return column.length
  return 1
}

/** Converts data with `count` elements of a type. Throws ERR_INVALID_ARGUMENT if there are more or fewer. */
export function toWritable(data: GuessableDataTypes, type: Type, count: number): WritableData {
  if (type.class === 'compound') return columns(data, type, count)
  const list: readonly unknown[] | TypedArray = isList(data) ? data : [data]
  const perElement = type.class === 'array' ? elementsOf(type.shape) : 1
  if (list.length !== count * perElement) {
    throw new H5TracksError(`data has ${list.length} elements; its shape needs ${count * perElement}`, {
      code: 'ERR_INVALID_ARGUMENT',
      field: 'data',
    })
  }
  if (type.class === 'string' && type.size !== 'variable') return Array.from(list, nulPadded(type.size))
  if (type.class === 'reference') return Array.from(list as readonly unknown[], referenceOrNull)
  if (type.class === 'integer' && type.size === 8 && Array.isArray(list)) return list.map(BigInt)
  return list as WritableData
}

/** Pads a text of fixed length with NUL, as h5wasm does for every padding. */
function nulPadded(size: number) {
  return (text: unknown): Text => {
    if (typeof text !== 'string') throw invalidArgument('data', text, 'text, because its type is a string')
    const bytes = Buffer.from(text)
    return bytes.length < size ? Buffer.concat([bytes], size) : text
  }
}

function columns(data: GuessableDataTypes, type: Type & { class: 'compound' }, count: number): WritableData {
  if (!isMap(data)) throw invalidArgument('data', data, 'a Map of columns, because its type is a compound')
  for (const name of data.keys()) {
    if (!type.members.some((member) => member.name === name)) {
      throw invalidArgument('data', name, `columns named ${type.members.map((member) => member.name).join(', ')}`)
    }
  }
  return Object.fromEntries(
    type.members.map((member): [string, WritableData] => {
      const column = data.get(member.name)
      if (column === undefined) throw invalidArgument('data', data, `a Map with a column ${member.name}`)
      return [member.name, toWritable(column, member.type, count)]
    }),
  )
}

function referenceOrNull(reference: unknown) {
  if (!(reference instanceof Reference)) throw invalidArgument('data', reference, 'references')
  return reference.ref_data.every((byte) => byte === 0) ? null : toFloor(reference)
}

const ofTypedArray: Record<string, Metadata> = {
  Int8Array: integerOf(1, true),
  Uint8Array: integerOf(1, false),
  Uint8ClampedArray: integerOf(1, false),
  Buffer: integerOf(1, false),
  Int16Array: integerOf(2, true),
  Uint16Array: integerOf(2, false),
  Int32Array: integerOf(4, true),
  Uint32Array: integerOf(4, false),
  BigInt64Array: integerOf(8, true),
  BigUint64Array: integerOf(8, false),
  Float32Array: floatOf(4),
  Float64Array: floatOf(8),
}

/**
 * The type for data without a dtype. A typed array keeps its type; integers become int32, other numbers float64, text UTF-8 of
 * variable length. Throws ERR_INVALID_ARGUMENT for other data.
 */
export function guess_metadata(data: GuessableDataTypes): Metadata {
  if (isMap(data)) {
    let offset = 0
    const members = Array.from(data, ([name, column]) => {
      const member = { ...guess_metadata(column), name, offset }
      offset += member.size
      return member
    })
    return compoundOf(members)
  }
  if (ArrayBuffer.isView(data)) {
    const metadata = ofTypedArray[data.constructor.name]
    if (metadata) return { ...metadata }
  } else {
    const list: readonly unknown[] = isList(data) ? (data as readonly unknown[]) : [data]
    if (list.every(Number.isInteger)) return integerOf(4, true)
    if (list.every((value) => typeof value === 'number')) return floatOf(8)
    if (list.every((value) => typeof value === 'string')) return stringOf(null, 1)
    if (list.every((value) => value instanceof RegionReference)) return referenceTo('region')
    if (list.every((value) => value instanceof Reference)) return referenceTo('object')
  }
  throw invalidArgument('data', data, 'numbers, strings, references or a Map of these, or be given with a dtype')
}
