import { H5TracksError } from '../../base/errors.js'
import type { Column } from '../../native/native.js'
import { decode, decodeRaw, product, valuesPerElement } from './decode.js'
import { plain } from './memory-type.js'
import { sizeOf } from './type-spec.js'
import type { Data, Type, Values, WritableData } from './types.js'

export interface BigintOption {
  /** 'number': 64-bit integers as Float64Array; ERR_OUT_OF_RANGE where one is no safe integer. */
  bigint?: 'bigint' | 'number'
}

/** The axes that an array type adds to those of what holds it. */
export function innerShape(type: Type): number[] {
  return type.class === 'array' ? [...type.shape, ...innerShape(type.base)] : []
}

/** What a column holds, with its shape. */
export function valuesOf(type: Type, column: Column, shape: readonly number[], raw: boolean): Values {
  if (raw) return { data: decodeRaw(type, column), shape: [...shape], type }
  return { data: decode(type, column), shape: [...shape, ...innerShape(type)], type }
}

/** The same with numbers in place of bigints, in columns too. Throws ERR_OUT_OF_RANGE. */
export function narrowed(values: Values, what: string): Values {
  return { ...values, data: numbersOf(values.data, what) }
}

function numbersOf(data: Data, what: string): Data {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length)
    for (let i = 0; i < data.length; i++) {
      numbers[i] = Number(data[i])
      if (Number.isSafeInteger(numbers[i])) continue
      throw new H5TracksError(`${what} holds ${data[i]}, which is no safe integer; read it as a bigint`, {
        code: 'ERR_OUT_OF_RANGE',
      })
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

/** Elements of a type in flat data, as far as the data says; 1 for a single value. */
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

/** The shape that data has by itself: nested arrays by their lengths, else one axis, and none for a single value. */
export function shapeOfValues(type: Type, data: WritableData): number[] {
  const count = countOf(type, data)
  if (count === undefined) return []
  const nests = plain(type) !== undefined || type.class === 'string' || type.class === 'reference'
  if (!nests || !Array.isArray(data)) return [count]
  const shape: number[] = []
  for (let at: unknown = data; Array.isArray(at); at = at[0]) shape.push(at.length)
  return shape
}

/** Elements of a type that data has; 1 for a single value. */
export function elementCount(type: Type, data: unknown): number {
  return countOf(type, data) ?? 1
}
