/** Converts columns from native code to values. */
import type { Column } from '../../native/native.js'
import { arrays, plain, swapBytes } from './memory-type.js'
import { kinds, Reference } from './reference.js'
import { sizeOf } from './type-spec.js'
import type { Columns, ComplexType, CompoundType, Data, Text, Type, TypedArray, VlenType } from './types.js'

type Bytes = ArrayBuffer | Uint8Array

const isBytes = (column: Column): column is Bytes => column instanceof ArrayBuffer || ArrayBuffer.isView(column)

function bytesOf(column: Column): Uint8Array {
  if (column instanceof ArrayBuffer) return new Uint8Array(column)
  return column as Uint8Array
}

/** Decodes a column, whose elements have the memory type of `type`. */
export function decode(type: Type, column: Column): Data {
  const inMemory = plain(type)
  if (inMemory) {
    const values = typed(bytesOf(column), inMemory.array)
    if (inMemory.swapped) swapBytes(values)
    return values
  }
  switch (type.class) {
    case 'string':
      return type.size === 'variable' ? variableStrings(column) : fixedStrings(bytesOf(column), type.size, type.padding)
    case 'compound':
    case 'complex':
      return columns(membersOf(type), column, decode)
    case 'array':
      return decode(type.base, column)
    case 'vlen':
      return sequences(type.base, column)
    case 'reference':
      return type.to === 'any' ? newReferences(column) : references(type.to, bytesOf(column))
    default:
      return bytesOf(column)
  }
}

function typed(bytes: Uint8Array, name: keyof typeof arrays): TypedArray {
  const array = arrays[name]
  const length = bytes.byteLength / array.BYTES_PER_ELEMENT
  if (bytes.byteOffset % array.BYTES_PER_ELEMENT === 0)
    return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, length)
  return new array(bytes.slice().buffer, 0, length)
}

/** The members of a compound; of a complex type, `r` and `i`. */
export function membersOf(type: CompoundType | ComplexType): readonly { readonly name: string; readonly type: Type }[] {
  if (type.class === 'compound') return type.members
  return ['r', 'i'].map((name) => ({ name, type: type.base }))
}

function columns(
  members: ReturnType<typeof membersOf>,
  column: Column,
  of: (type: Type, column: Column) => Data,
): Columns {
  const parts = (column as { columns: readonly Column[] }).columns
  // fromEntries, because a member may be named __proto__.
  return Object.fromEntries(members.map(({ name, type }, at) => [name, of(type, parts[at]!)]))
}

/** The product of extents; 1 for an empty list. */
export function product(extents: readonly number[]): number {
  return extents.reduce((all, n) => all * n, 1)
}

function offsetsOf(column: { readonly offsets: Bytes }): Float64Array {
  return typed(bytesOf(column.offsets), 'float64') as Float64Array
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Decodes bytes as UTF-8; returns a copy of the bytes if they are not UTF-8. */
export function text(bytes: Uint8Array): Text {
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.slice()
  }
}

/** Cuts a string at its first NUL, as C programs do. */
export function upToNul(value: Text): Text {
  if (typeof value === 'string') return value.split('\0', 1)[0]!
  const end = value.indexOf(0)
  return end < 0 ? value : text(value.subarray(0, end))
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false
  return true
}

function variableStrings(column: Column): Text[] {
  const bytes = bytesOf((column as { bytes: Bytes }).bytes)
  const offsets = offsetsOf(column as { offsets: Bytes })
  const count = offsets.length - 1
  const strings = new Array<Text>(count)
  // ASCII is converted once for all strings, up to the maximum length of a string in V8.
  const whole =
    bytes.length < 2 ** 28 && isAscii(bytes)
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      : undefined
  for (let i = 0; i < count; i++) {
    const start = offsets[i]!
    const end = offsets[i + 1]! - 1
    strings[i] = whole === undefined ? text(bytes.subarray(start, end)) : whole.slice(start, end)
  }
  return strings
}

function fixedStrings(bytes: Uint8Array, size: number, padding: Extract<Type, { class: 'string' }>['padding']): Text[] {
  const strings = new Array<Text>(bytes.length / size)
  for (let i = 0; i < strings.length; i++) strings[i] = text(trimmed(bytes.subarray(i * size, (i + 1) * size), padding))
  return strings
}

/** Removes the padding at the end. NULs before other bytes belong to the value. */
function trimmed(bytes: Uint8Array, padding: Extract<Type, { class: 'string' }>['padding']): Uint8Array {
  const filler = padding === 'space-padded' ? 0x20 : 0
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === filler) end--
  // Some writers pad with NUL although the type says space-padded.
  if (filler !== 0) while (end > 0 && bytes[end - 1] === 0) end--
  return bytes.subarray(0, end)
}

function sequences(base: Type, column: Column): Data[] {
  const { items } = column as { items: Column }
  const offsets = offsetsOf(column as { offsets: Bytes })
  const all = decode(base, items)
  return Array.from({ length: offsets.length - 1 }, (_, i) => part(base, all, offsets[i]!, offsets[i + 1]!))
}

/** The number of values in the flat data of one element. */
export function valuesPerElement(type: Type): number {
  if (type.class === 'array') return product(type.shape) * valuesPerElement(type.base)
  if (plain(type)) return 1
  return ['string', 'compound', 'complex', 'vlen', 'reference'].includes(type.class) ? 1 : sizeOf(type)
}

/** Elements `start` to `end` of values of a type. Numbers are not copied. */
export function part(type: Type, data: Data, start: number, end: number): Data {
  if (type.class === 'array') {
    const each = product(type.shape)
    return part(type.base, data, start * each, end * each)
  }
  if (type.class === 'compound' || type.class === 'complex') {
    const members = membersOf(type)
    return Object.fromEntries(
      members.map(({ name, type: inner }) => [name, part(inner, (data as Columns)[name]!, start, end)]),
    )
  }
  const each = valuesPerElement(type)
  if (Array.isArray(data)) return data.slice(start * each, end * each) as Data
  return (data as TypedArray).subarray(start * each, end * each)
}

function references(to: 'object' | 'region', bytes: Uint8Array): (Reference | null)[] {
  const size = to === 'object' ? 8 : 12
  return Array.from({ length: bytes.length / size }, (_, i) => {
    const one = bytes.slice(i * size, (i + 1) * size)
    return one.every((byte) => byte === 0) ? null : new Reference(to, one)
  })
}

/** Decodes references of type 'any'. A byte before the bytes of each {@link Reference} gives its kind; null has no bytes. */
function newReferences(column: Column): (Reference | null)[] {
  const bytes = bytesOf((column as { bytes: Bytes }).bytes)
  const offsets = offsetsOf(column as { offsets: Bytes })
  return Array.from({ length: offsets.length - 1 }, (_, i) => {
    const one = bytes.slice(offsets[i], offsets[i + 1])
    return one.length === 0 ? null : new Reference(kinds[one[0]! - 1]!, one.subarray(1))
  })
}

/** Decodes a column without conversion: to bytes, or, for parts of variable length, to a list with the bytes of each. */
export function decodeRaw(type: Type, column: Column): Data {
  if (isBytes(column)) return bytesOf(column)
  if ('columns' in column) return columns(membersOf(type as CompoundType), column, decodeRaw)
  if (type.class === 'array') return decodeRaw(type.base, column)
  const offsets = offsetsOf(column)
  if ('bytes' in column) {
    const bytes = bytesOf(column.bytes)
    return Array.from({ length: offsets.length - 1 }, (_, i) => bytes.subarray(offsets[i], offsets[i + 1]! - 1))
  }
  const { base } = type as VlenType
  const items = decodeRaw(base, column.items)
  const size = sizeOf(base)
  return Array.from({ length: offsets.length - 1 }, (_, i) =>
    items instanceof Uint8Array
      ? items.subarray(offsets[i]! * size, offsets[i + 1]! * size)
      : part(base, items, offsets[i]!, offsets[i + 1]!),
  )
}
