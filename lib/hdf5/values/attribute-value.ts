/** The simple form of attribute values, and the types in which they are written. */
import { H5TracksError, show } from '../../base/errors.js'
import { membersOf } from './decode.js'
import type { Reference } from './reference.js'
import { toType } from './type-spec.js'
import type { Columns, Data, NdArray, Text, Type, TypedArray, Values, WritableData } from './types.js'

type Single = Text | number | bigint | boolean | Reference | null | TypedArray | { [member: string]: AttributeValue }

/**
 * The value of an attribute in its simplest form: a single value for a scalar, an array for one dimension, `{ data, shape }` for
 * more, `null` for a null dataspace. 64-bit integers are numbers if all of them are safe integers, else bigints. h5py's bool is a
 * boolean. A string that is not UTF-8 is a Uint8Array of its bytes.
 */
export type AttributeValue = Single | readonly Single[] | NdArray<Data>

/** A list, or lists of equal length as nested as the value has dimensions. */
export type NestedList<T> = readonly T[] | readonly NestedList<T>[]

/** A value that can be written without a type. */
export type WritableAttributeValue =
  | string
  | number
  | bigint
  | boolean
  | NestedList<string>
  | NestedList<number>
  | NestedList<bigint>
  | NestedList<boolean>
  | TypedArray
  | { readonly data: TypedArray; readonly shape: readonly number[] }

/** Converts values that were read to their simple form. */
export function simple({ data, shape, type }: Values): AttributeValue {
  if (shape.length > 1) return { data, shape }
  const list = elements(type, data)
  return shape.length === 0 ? (list[0] ?? null) : list
}

function elements(type: Type, data: Data): readonly Single[] {
  if (type.class === 'bool') return Array.from(data as Uint8Array, Boolean)
  if (type.class === 'array') return elements(type.base, data)
  if (type.class === 'compound' || type.class === 'complex') return rows(type, data as Columns)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = Array.from(data, Number)
    return numbers.every(Number.isSafeInteger) ? numbers : Array.from(data)
  }
  if (type.class === 'opaque' || type.class === 'time') return pieces(data as Uint8Array, type.size)
  if (type.class === 'vlen') return (data as Data[]).map((one) => elements(type.base, one)) as unknown as Single[]
  return Array.from(data as ArrayLike<Single>)
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}

function rows(type: Extract<Type, { class: 'compound' | 'complex' }>, data: Columns): readonly Single[] {
  const members = membersOf(type).map((member) => {
    const each = member.type.class === 'array' ? member.type.shape.reduce((all, n) => all * n, 1) : 1
    return { name: member.name, each, values: elements(member.type, data[member.name] as Data) }
  })
  const count = members[0] ? members[0].values.length / members[0].each : 0
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(
      members.map(({ name, each, values }) => [
        name,
        each === 1 ? (values[i] as Single) : values.slice(i * each, (i + 1) * each),
      ]),
    ),
  )
}

/** True for strings that are unchanged after being stored as null-terminated UTF-8. */
export function isStorable(value: unknown): value is string {
  return typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value)
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isInt64 = (value: unknown): value is number | bigint =>
  Number.isSafeInteger(value) || (typeof value === 'bigint' && BigInt.asIntN(64, value) === value)

/** The type, shape and data with which a value is written. */
export interface Inferred {
  type: Type
  shape: number[]
  data: WritableData
}

/**
 * Derives the type and shape of a value that is written without them. Strings become variable-length UTF-8, safe integers and
 * bigints int64, other numbers float64, booleans h5py's bool. Typed arrays, alone or with a shape, keep the type of their elements.
 * Nested lists of equal length become arrays of several dimensions. An empty list becomes an empty float64 array, as in
 * h5py. `name` is used in messages. Throws ERR_INVALID_ARGUMENT.
 */
export function inferred(name: string, value: unknown): Inferred {
  const kind = ArrayBuffer.isView(value) ? typeOfArray(value) : undefined
  if (kind) return { type: kind, shape: [(value as unknown as TypedArray).length], data: value as TypedArray }
  if (isShaped(value)) {
    const { data, shape } = value
    return { type: typeOfArray(data) as Type, shape: [...shape], data }
  }
  if (!Array.isArray(value)) return { type: typeOf(name, [value]), shape: [], data: value as WritableData }
  const { shape, list } = unnest(value)
  return { type: typeOf(name, list), shape, data: list as WritableData }
}

/** Stops at lists of different lengths. */
function unnest(value: readonly unknown[]): { shape: number[]; list: readonly unknown[] } {
  const shape = [value.length]
  let list = value
  while (list.length > 0 && list.every((inner) => Array.isArray(inner))) {
    const length = list[0]?.length as number
    if (list.some((inner) => inner.length !== length)) break
    shape.push(length)
    list = list.flat()
  }
  return { shape, list }
}

/** True for a typed array with a shape, the form in which numbers of several dimensions are read. */
function isShaped(value: unknown): value is { data: TypedArray; shape: readonly number[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { data, shape } = value as { data?: unknown; shape?: unknown }
  if (!ArrayBuffer.isView(data) || typeOfArray(data) === undefined || !Array.isArray(shape)) return false
  const isLength = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
  return shape.every(isLength) && shape.reduce((all, n) => all * n, 1) === (data as unknown as TypedArray).length
}

const names = {
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
  Float32Array: 'float32',
  Float64Array: 'float64',
} as const

/** The element type of a typed array; undefined for other objects. */
export function typeOfArray(value: object): Type | undefined {
  const name = Buffer.isBuffer(value) ? 'Uint8Array' : value.constructor.name
  return Object.hasOwn(names, name) ? toType(names[name as keyof typeof names]) : undefined
}

function typeOf(name: string, list: readonly unknown[]): Type {
  if (list.length === 0) return toType('float64')
  if (list.every(isStorable)) return toType('string')
  if (list.every(isBoolean)) return toType('bool')
  if (list.every(isInt64)) return toType('int64')
  if (list.every(isNumber)) return toType('float64')
  throw new H5TracksError(
    `${name} must be a string (well-formed Unicode without NUL), number, boolean, bigint within int64, or an array of these ` +
      `(nested: all of one length); pass a type to write other values; got ${show(list.length === 1 ? list[0] : list)}`,
    { code: 'ERR_INVALID_ARGUMENT', field: name },
  )
}
