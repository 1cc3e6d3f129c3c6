/** Converts attribute values and errors to JSON and back. Everything that the reading process sends is checked. */
import { H5TracksError, type H5TracksErrorFields } from '../base/errors.js'
import type { AttributeValue } from '../hdf5/values/attribute-value.js'
import { Reference } from '../hdf5/values/reference.js'
import type { Data, NdArray, TypedArray } from '../hdf5/values/types.js'

/** The reading process broke the protocol. This means that a file has taken the process over. */
export class ProtocolError extends Error {}

export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new ProtocolError(`unexpected ${what}`)
}

const arrays = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
}

/** JSON. A value that JSON cannot hold becomes an object with a key such as `bigint` or `bytes`. */
type Encoded = string | number | boolean | null | Encoded[] | { [key: string]: Encoded }

export function encodeValue(value: AttributeValue): Encoded {
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { number: numeral(value) }
  if (Array.isArray(value)) return value.map(encodeValue)
  if (typeof value !== 'object' || value === null) return value as Encoded
  // A reference is valid only in the process that has the file open.
  if (value instanceof Reference) return null
  if (ArrayBuffer.isView(value)) return encodeArray(value)
  if (!isNdArray(value)) return { record: Object.entries(value).map(([name, one]) => [name, encodeValue(one)]) }
  const { data, shape } = value
  if (ArrayBuffer.isView(data)) return { ...encodeArray(data), shape }
  return { values: encodeValue(data as AttributeValue), shape }
}

function isNdArray(value: object): value is NdArray<Data> {
  return 'data' in value && 'shape' in value && Array.isArray(value.shape) && Object.keys(value).length === 2
}

function encodeArray(data: ArrayBufferView) {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return { bytes: bytes.toString('base64'), array: Buffer.isBuffer(data) ? 'Uint8Array' : data.constructor.name }
}

const numeral = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

export function decodeValue(encoded: unknown): AttributeValue {
  if (Array.isArray(encoded)) return encoded.map(decodeValue) as AttributeValue
  if (typeof encoded !== 'object' || encoded === null) {
    expect(encoded !== undefined, 'value')
    return encoded as AttributeValue
  }
  const { bigint, number, record, values, bytes, array, shape } = encoded as Record<string, unknown>
  if (typeof bigint === 'string') {
    expect(/^-?\d{1,20}$/.test(bigint), 'bigint')
    return BigInt(bigint)
  }
  if (typeof number === 'string') return Number(number)
  if (record !== undefined) return decodeRecord(record)
  if (shape === undefined) return decodeArray(bytes, array)
  expect(isShape(shape), 'shape')
  const length = shape.reduce((product, n) => product * n, 1)
  if (values === undefined) return { data: decodeArray(bytes, array, length), shape }
  const data = decodeValue(values)
  expect(typeof data === 'object' && data !== null, 'values')
  expect(!Array.isArray(data) || data.length === length, 'number of values')
  return { data: data as Data, shape }
}

function decodeRecord(record: unknown): AttributeValue {
  expect(Array.isArray(record), 'record')
  const entries = record.map((entry: unknown) => {
    expect(Array.isArray(entry) && typeof entry[0] === 'string', 'member')
    return [entry[0], decodeValue(entry[1])] as const
  })
  return Object.fromEntries(entries)
}

function decodeArray(bytes: unknown, array: unknown, length?: number): TypedArray {
  expect(typeof bytes === 'string' && typeof array === 'string' && Object.hasOwn(arrays, array), 'array')
  const decoded = Uint8Array.from(Buffer.from(bytes, 'base64'))
  const make = arrays[array as keyof typeof arrays]
  const whole = length ?? Math.floor(decoded.byteLength / make.BYTES_PER_ELEMENT)
  expect(decoded.byteLength === whole * make.BYTES_PER_ELEMENT, 'number of bytes')
  return new make(decoded.buffer)
}

export function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isInteger(n) && n >= 0)
}

export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

const texts = ['code', 'syscall', 'path', 'camera', 'field'] as const

export function encodeError(error: H5TracksError): Encoded {
  const { message, code, errno, syscall, path, camera, field, hdf5 } = error
  return JSON.parse(JSON.stringify({ message, code, errno, syscall, path, camera, field, hdf5 })) as Encoded
}

export function decodeError(encoded: unknown): H5TracksError {
  expect(typeof encoded === 'object' && encoded !== null, 'error')
  const given = encoded as Record<string, unknown>
  expect(typeof given.message === 'string' && typeof given.code === 'string', 'error')
  const fields: H5TracksErrorFields = { code: given.code }
  for (const name of texts) if (typeof given[name] === 'string') fields[name] = given[name]
  if (typeof given.errno === 'number') fields.errno = given.errno
  if (Array.isArray(given.hdf5)) {
    fields.hdf5 = given.hdf5.map((entry: unknown) => {
      const { function: name, major, minor, text } = Object(entry) as Record<string, unknown>
      return { function: String(name), major: String(major), minor: String(minor), text: String(text) }
    })
  }
  return new H5TracksError(given.message, fields)
}
