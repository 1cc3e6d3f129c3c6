import { H5TracksError } from '../errors.js'
import type { AttributeData, TypedArray } from '../native.js'
import type { NdArray } from './dataset.js'

/**
 * The value of an attribute in JavaScript: a scalar, an array for one axis, `{ data, shape }` for more axes.
 * 64-bit integers are numbers where all of them are safe integers and bigints otherwise; h5py's bool is a boolean.
 * `null`: a null dataspace, or a type that JavaScript has no value for.
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | readonly string[]
  | readonly number[]
  | readonly bigint[]
  | readonly boolean[]
  | NdArray<TypedArray | readonly string[]>
  | null

/** A value that can be written as an attribute. */
export type WritableAttributeValue = string | number | bigint | boolean | readonly string[] | readonly number[]

export interface EncodedAttribute {
  type: 'string' | 'int64' | 'float64' | 'bool'
  shape: number[]
  values: string[] | BigInt64Array | Float64Array | Uint8Array
}

// An attribute lives in an object header message of at most 64 KiB; a variable-length string takes 16 bytes there.
const maxElements = 4000

/**
 * How a value is stored: strings variable-length UTF-8, safe integers and bigints int64, other numbers float64, booleans
 * as h5py's bool, an empty list as the empty float64 array that h5py makes of it.
 * `name` is for the messages of errors.
 */
export function encodeAttribute(name: string, value: WritableAttributeValue): EncodedAttribute {
  if (Array.isArray(value)) {
    if (value.length > maxElements) {
      throw new H5TracksError(`${name} has ${value.length} elements; an attribute holds at most ${maxElements}`, {
        code: 'ERR_TOO_LARGE',
        field: name,
      })
    }
    return { ...encodeList(name, value), shape: [value.length] }
  }
  return { ...encodeList(name, [value]), shape: [] }
}

function encodeList(name: string, list: readonly unknown[]): Omit<EncodedAttribute, 'shape'> {
  if (list.length === 0) return { type: 'float64', values: new Float64Array(0) }
  if (list.every(isStorable)) return { type: 'string', values: [...list] }
  if (list.every(isBoolean)) return { type: 'bool', values: Uint8Array.from(list, Number) }
  if (list.every(isInt64)) return { type: 'int64', values: BigInt64Array.from(list, BigInt) }
  if (list.every(isNumber)) return { type: 'float64', values: Float64Array.from(list) }
  throw new H5TracksError(
    `${name} must be a string, number, boolean, bigint within int64, or an array of strings or of numbers; ` +
      'strings are well-formed Unicode without NUL',
    { code: 'ERR_INVALID_ARGUMENT', field: name },
  )
}

/** True for strings that a null-terminated UTF-8 string in a file gives back unchanged. */
export function isStorable(value: unknown): value is string {
  return typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value)
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isInt64 = (value: unknown): value is number | bigint =>
  Number.isSafeInteger(value) || (typeof value === 'bigint' && BigInt.asIntN(64, value) === value)

/** The JavaScript value of what native code read. */
export function decodeAttribute({ type, shape, values }: AttributeData): AttributeValue {
  if (shape === null || values === null) return null
  if (shape.length > 1) return { data: values, shape }
  const list = type.element === 'bool' ? Array.from(values, Boolean) : narrow(values)
  return shape.length === 0 ? (list[0] ?? null) : list
}

function narrow(values: string[] | TypedArray): string[] | number[] | bigint[] {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) {
    return Array.isArray(values) ? values : Array.from(values as Exclude<TypedArray, BigInt64Array | BigUint64Array>)
  }
  const numbers = Array.from(values, Number)
  return numbers.every(Number.isSafeInteger) ? numbers : Array.from(values)
}
