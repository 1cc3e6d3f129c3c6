/** Converts values to columns for native code. */
import { invalidArgument, show } from '../../base/errors.js'
import type { Column } from '../../native/native.js'
import { membersOf, product, valuesPerElement } from './decode.js'
import { arrays, plain, plainToWrite, swapBytes } from './memory-type.js'
import { kinds, Reference } from './reference.js'
import { sizeOf } from './type-spec.js'
import type { StringType, Type, TypedArray, WritableData } from './types.js'

/**
 * Encodes data of a caller as a column of `count` elements, which have the memory type from which `type` is written. A typed array
 * of the right kind is not copied. `what` names the data in messages. Throws ERR_INVALID_ARGUMENT.
 */
export function encode(type: Type, data: WritableData, count: number, what: string): Column {
  const inMemory = plainToWrite(type)
  if (inMemory) {
    const values = numbers(type, inMemory.array, data, count, what)
    if (!inMemory.swapped) return bytesOf(values)
    const swapped = values.slice() as TypedArray
    swapBytes(swapped)
    return bytesOf(swapped)
  }
  switch (type.class) {
    case 'string': {
      const texts = list(data, count, what)
      return type.size === 'variable' ? variableStrings(texts, what) : fixedStrings(texts, type, type.size, what)
    }
    case 'compound':
    case 'complex':
      return record(type, data, count, what)
    case 'array':
      return encode(type.base, data, count * product(type.shape), what)
    case 'vlen':
      return sequences(type.base, list(data, count, what), what)
    case 'reference':
      return type.to === 'any'
        ? newReferences(list(data, count, what), what)
        : references(type.to, list(data, count, what), what)
    default:
      return rawBytes(data, count * sizeOf(type), what)
  }
}

const bytesOf = (values: TypedArray) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function wrongCount(what: string, given: number, count: number): Error {
  return invalidArgument(what, given, `${count} values long`)
}

/** The elements as an array; a single value counts as one element. */
function list(data: WritableData, count: number, what: string): readonly unknown[] {
  const values = Array.isArray(data) ? (data as readonly unknown[]) : [data]
  if (values.length !== count) throw wrongCount(what, values.length, count)
  return values
}

const isBigArray = (name: string) => name === 'int64' || name === 'uint64'

function numbers(type: Type, name: keyof typeof arrays, data: WritableData, count: number, what: string): TypedArray {
  const array = arrays[name]
  const given: unknown = data
  if (given instanceof array) {
    if (given.length !== count) throw wrongCount(what, given.length, count)
    return given
  }
  if (given instanceof Float32Array && name === 'float64' && plain(type)?.array === 'float32')
    return widened(given, count, what)
  const values = ArrayBuffer.isView(given) ? (given as unknown as ArrayLike<unknown>) : flat(given)
  if (values.length !== count) throw wrongCount(what, values.length, count)
  const filled = new array(count)
  const check = checker(type, name)
  for (let i = 0; i < count; i++) {
    const value = values[i]
    const converted = check(value)
    if (converted === undefined) throw invalidArgument(`${what}[${i}]`, value, allowed(type, name))
    filled[i] = converted as never
  }
  return filled
}

/** Widens floats without changing the payload of NaN, which the processor's own conversion may change. */
function widened(given: Float32Array, count: number, what: string): Float64Array {
  if (given.length !== count) throw wrongCount(what, given.length, count)
  const wide = new Float64Array(given)
  const narrowBits = new DataView(given.buffer, given.byteOffset)
  const wideBits = new DataView(wide.buffer)
  for (let i = 0; i < count; i++) {
    if (!Number.isNaN(wide[i])) continue
    const bits = BigInt(narrowBits.getUint32(4 * i, true))
    wideBits.setBigUint64(
      8 * i,
      ((bits & 0x80000000n) << 32n) | 0x7ff0000000000000n | ((bits & 0x7fffffn) << 29n),
      true,
    )
  }
  return wide
}

/** Flattens nested arrays. */
function flat(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? (data.flat(Number.POSITIVE_INFINITY) as unknown[]) : [data]
}

function allowed(type: Type, name: string): string {
  if (type.class === 'bool') return 'true, false, 0 or 1'
  if (type.class === 'float') return 'a number'
  return `an integer within ${name}`
}

/** Makes a function that converts a value for the array; undefined for a value that the array cannot hold. */
function checker(type: Type, name: keyof typeof arrays): (value: unknown) => number | bigint | undefined {
  if (type.class === 'bool')
    return (value) => (value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined)
  if (type.class === 'float') return (value) => (typeof value === 'number' ? value : undefined)
  const signed = name.startsWith('int')
  const bits = 8 * arrays[name].BYTES_PER_ELEMENT
  if (isBigArray(name)) {
    const wrapped = signed ? BigInt.asIntN : BigInt.asUintN
    return (value) => {
      const big = typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value as number) : undefined
      return big !== undefined && wrapped(64, big) === big ? big : undefined
    }
  }
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
  return (value) => {
    const number = typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value
    return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
      ? (number as number)
      : undefined
  }
}

function bytesOfText(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return Buffer.from(value, 'utf8')
  throw invalidArgument(what, value, 'a well-formed string, or its bytes')
}

function variableStrings(texts: readonly unknown[], what: string): Column {
  const offsets = new Float64Array(texts.length + 1)
  const parts: Uint8Array[] = []
  const end = new Uint8Array(1)
  for (const [i, value] of texts.entries()) {
    const bytes = bytesOfText(value, `${what}[${i}]`)
    if (bytes.includes(0)) throw invalidArgument(`${what}[${i}]`, value, 'a string without NUL, which would end it')
    parts.push(bytes, end)
    offsets[i + 1] = offsets[i]! + bytes.length + 1
  }
  return { bytes: Buffer.concat(parts), offsets: bytesOf(offsets) }
}

function fixedStrings(texts: readonly unknown[], type: StringType, size: number, what: string): Column {
  const all = Buffer.alloc(texts.length * size, type.padding === 'space-padded' ? 0x20 : 0)
  for (const [i, value] of texts.entries()) {
    const bytes = bytesOfText(value, `${what}[${i}]`)
    // A string that fills its room has no terminator, as many writers store it and all readers expect.
    if (bytes.length > size) {
      throw invalidArgument(`${what}[${i}]`, value, `a string of at most ${size} bytes in UTF-8`)
    }
    all.set(bytes, i * size)
  }
  return all
}

function record(
  type: Extract<Type, { class: 'compound' | 'complex' }>,
  data: WritableData,
  count: number,
  what: string,
): Column {
  const rows = Array.isArray(data) ? (data as readonly Readonly<Record<string, WritableData>>[]) : undefined
  if (rows && rows.length !== count) throw wrongCount(what, rows.length, count)
  if (typeof data !== 'object' || data === null)
    throw invalidArgument(what, data, 'an object with a column for each member')
  const given = data as Readonly<Record<string, WritableData>>
  const members = membersOf(type)
  if (!rows) {
    for (const name of Object.keys(given)) {
      if (!members.some((member) => member.name === name)) {
        throw invalidArgument(
          what,
          name,
          `an object with the members ${members.map((member) => show(member.name)).join(', ')} only`,
        )
      }
    }
  }
  return {
    columns: members.map(({ name, type: inner }) => {
      const column = rows ? rows.map((row) => row[name]) : given[name]
      if (column === undefined) throw invalidArgument(`${what}.${name}`, column, 'present: every member needs a column')
      return encode(inner, column as WritableData, count, `${what}.${name}`)
    }),
  }
}

function lengthOf(base: Type, value: unknown, what: string): number {
  if (typeof value === 'string') throw invalidArgument(what, value, 'a list')
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return (value as unknown as ArrayLike<unknown>).length / valuesPerElement(base)
  }
  const first = typeof value === 'object' && value !== null ? Object.entries(value)[0] : undefined
  if (!first || (base.class !== 'compound' && base.class !== 'complex')) throw invalidArgument(what, value, 'a list')
  return lengthOf(membersOf(base).find(({ name }) => name === first[0])?.type ?? base, first[1], what)
}

function sequences(base: Type, lists: readonly unknown[], what: string): Column {
  const offsets = new Float64Array(lists.length + 1)
  for (const [i, value] of lists.entries()) offsets[i + 1] = offsets[i]! + lengthOf(base, value, `${what}[${i}]`)
  const columns = lists.map((value, i) =>
    encode(base, value as WritableData, offsets[i + 1]! - offsets[i]!, `${what}[${i}]`),
  )
  return { offsets: bytesOf(offsets), items: joined(base, columns) }
}

/** Concatenates columns of the same type. */
function joined(type: Type, columns: readonly Column[]): Column {
  if (type.class === 'array') return joined(type.base, columns)
  if (type.class === 'compound' || type.class === 'complex') {
    return {
      columns: membersOf(type).map((member, at) =>
        joined(
          member.type,
          columns.map((column) => (column as { columns: readonly Column[] }).columns[at]!),
        ),
      ),
    }
  }
  const isText = type.class === 'string' && type.size === 'variable'
  const isNewReference = type.class === 'reference' && type.to === 'any'
  if (type.class === 'vlen' || isText || isNewReference) return joinedVariable(type, columns)
  return Buffer.concat(columns as Uint8Array[])
}

function joinedVariable(type: Type, columns: readonly Column[]): Column {
  const all: number[] = [0]
  for (const column of columns) {
    const bytes = (column as { offsets: Uint8Array }).offsets
    const offsets = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
    const base = all[all.length - 1]!
    for (const offset of offsets.subarray(1)) all.push(base + offset)
  }
  const offsets = bytesOf(Float64Array.from(all))
  if (type.class !== 'vlen') {
    return { bytes: Buffer.concat(columns.map((column) => (column as { bytes: Uint8Array }).bytes)), offsets }
  }
  return {
    offsets,
    items: joined(
      type.base,
      columns.map((column) => (column as { items: Column }).items),
    ),
  }
}

function references(to: 'object' | 'region', values: readonly unknown[], what: string): Column {
  const size = to === 'object' ? 8 : 12
  const bytes = new Uint8Array(values.length * size)
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    if (!(value instanceof Reference) || value.to !== to || value.bytes.length !== size) {
      throw invalidArgument(
        `${what}[${i}]`,
        value,
        to === 'object' ? 'a Reference to an object, or null' : 'a Reference that regionReference() made, or null',
      )
    }
    bytes.set(value.bytes, i * size)
  }
  return bytes
}

/** Encodes references of type 'any': a byte before the bytes of each gives its kind. */
function newReferences(values: readonly unknown[], what: string): Column {
  const offsets = new Float64Array(values.length + 1)
  const parts: Uint8Array[] = []
  for (const [i, value] of values.entries()) {
    offsets[i + 1] = offsets[i]!
    if (value === null) continue
    if (!(value instanceof Reference)) throw invalidArgument(`${what}[${i}]`, value, 'a Reference, or null')
    parts.push(Uint8Array.of(kinds.indexOf(value.to) + 1), value.bytes)
    offsets[i + 1]! += 1 + value.bytes.length
  }
  return { bytes: Buffer.concat(parts), offsets: bytesOf(offsets) }
}

/** Checks bytes that are written without conversion. */
export function rawBytes(data: unknown, size: number, what: string): Uint8Array {
  if (size === 0 && Array.isArray(data) && data.length === 0) return new Uint8Array(0)
  if (!(data instanceof Uint8Array)) throw invalidArgument(what, data, `a Uint8Array of ${size} bytes`)
  if (data.length !== size) throw wrongCount(what, data.length, size)
  return data
}
