/** Values with their shape. */
import { H5TracksError } from '../../base/errors.js'
import type { Column } from '../../native/native.js'
import { decode, decodeRaw, product, valuesPerElement } from './decode.js'
import { plain } from './memory-type.js'
import { sizeOf } from './type-spec.js'
import type { Data, Type, Values, WritableData } from './types.js'

/** How 64-bit integers are read. */
export interface BigintOption {
  /** 'number': as Float64Array; throws ERR_OUT_OF_RANGE if one is not a safe integer. Default: 'bigint'. */
  bigint?: 'bigint' | 'number'
}

/** The dimensions that an array type adds to those of the dataset or attribute. */
export function innerShape(type: Type): number[] {
  return type.class === 'array' ? [...type.shape, ...innerShape(type.base)] : []
}

/** Decodes a column to values with a shape. */
export function valuesOf(type: Type, column: Column, shape: readonly number[], raw: boolean): Values {
  if (raw) return { data: decodeRaw(type, column), shape: [...shape], type }
  return { data: decode(type, column), shape: [...shape, ...innerShape(type)], type }
}

/** Converts bigints to numbers, also in columns of compounds. Throws ERR_OUT_OF_RANGE. */
export function narrowed(values: Values, what: string): Values {
  return { ...values, data: numbersOf(values.data, what) }
}

function numbersOf(data: Data, what: string): Data {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length)
    for (let i = 0; i < data.length; i++) {
      numbers[i] = Number(data[i])
      if (Number.isSafeInteger(numbers[i])) continue
      throw new H5TracksError(
        `${what} holds ${data[i]}, which is not a safe integer; read it without bigint: 'number'`,
        {
          code: 'ERR_OUT_OF_RANGE',
        },
      )
    }
    return numbers
  }
  if (ArrayBuffer.isView(data)) return data
  if (Array.isArray(data)) {
    const nested = data.some((one) => ArrayBuffer.isView(one) && !(one instanceof Uint8Array))
    return nested ? (data as Data[]).map((one) => numbersOf(one, what)) : data
  }
  return Object.fromEntries(Object.entries(data).map(([name, column]) => [name, numbersOf(column, `${what}.${name}`)]))
}

const isList = (data: unknown): data is ArrayLike<unknown> => Array.isArray(data) || ArrayBuffer.isView(data)

/** The number of elements in flat data; undefined for a single value. */
function countOf(type: Type, data: unknown): number | undefined {
  if (type.class === 'compound' || type.class === 'complex') {
    if (Array.isArray(data)) return data.length
    const members = type.class === 'compound' ? type.members : [{ name: 'r', type: type.base }]
    const [first] = members
    const column = first && (data as Readonly<Record<string, unknown>>)[first.name]
    return first && column !== undefined ? countOf(first.type, column) : undefined
  }
  if (!isList(data)) return undefined
  if (type.class === 'string' && data instanceof Uint8Array) return undefined
  if (type.class === 'array') return data.length / (product(type.shape) * valuesPerElement(type.base))
  return data.length / (plain(type) ? 1 : type.class === 'opaque' || type.class === 'time' ? sizeOf(type) : 1)
}

/** The shape of data: the lengths of nested arrays, else one dimension, or [] for a single value. */
export function shapeOfValues(type: Type, data: WritableData): number[] {
  const count = countOf(type, data)
  if (count === undefined) return []
  const nests = plain(type) !== undefined || type.class === 'string' || type.class === 'reference'
  if (!nests || !Array.isArray(data)) return [count]
  const shape: number[] = []
  for (let at: unknown = data; Array.isArray(at); at = at[0]) shape.push(at.length)
  return shape
}

/** The number of elements in data; 1 for a single value. */
export function elementCount(type: Type, data: unknown): number {
  return countOf(type, data) ?? 1
}
