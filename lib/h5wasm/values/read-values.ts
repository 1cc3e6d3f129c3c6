/** Converts values that h5tracks/hdf5 read to the form that h5wasm gives. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Columns, Data, Reference as FloorReference, Text, Type, Values } from '../../hdf5/index.js'
import { upToNul } from '../../hdf5/values/decode.js'
import { plain } from '../../hdf5/values/memory-type.js'
import { SIZE_IN_MEMORY } from './memory-sizes.js'
import { Reference, RegionReference } from './reference.js'
import { type JSONCompatibleOutputData, type Metadata, type OutputData, TYPE_CLASS, type TypedArray } from './types.js'

type List = TypedArray | OutputData[]

/**
 * Converts values to h5wasm's form: a flat list (the element itself for a scalar), compounds as rows, and values of array types
 * nested by all dimensions. With `json`, the result holds plain numbers, booleans and arrays only; 64-bit integers are rounded.
 * Throws ERR_UNSUPPORTED_TYPE for numbers that JavaScript cannot hold.
 */
export function toOutput({ data, type, shape }: Values, path: string, json: boolean): OutputData {
  refuseWide(type, path)
  // The dimensions of an array type are the last of the shape.
  return listed(data, type, shape.slice(0, shape.length - layers(type).shape.length), json)
}

function listed(data: Data, type: Type, shape: readonly number[], json: boolean): OutputData {
  const list = listOf(data, type, product(shape), json)
  if (type.class === 'array' && shape.length > 0) return nested(list as OutputData[], shape)
  const asList = shape.length > 0 || type.class === 'reference' || (list instanceof Uint8Array && isBytes(type))
  return asList ? list : (list[0] as OutputData)
}

const product = (shape: readonly number[]) => shape.reduce((total, n) => total * n, 1)

/** The element type and all dimensions of nested array types; another type itself, without dimensions. */
function layers(type: Type): { base: Type; shape: readonly number[] } {
  if (type.class !== 'array') return { base: type, shape: [] }
  const inner = layers(type.base)
  return { base: inner.base, shape: [...type.shape, ...inner.shape] }
}

/** h5wasm gives values of these types as bytes, whatever their shape. */
function isBytes(type: Type): type is Type & { class: 'opaque' | 'bitfield' | 'time' } {
  return type.class === 'opaque' || type.class === 'bitfield' || type.class === 'time'
}

/** Refuses numbers that fit no typed array, as h5wasm does; h5tracks/hdf5 gives their bytes. */
function refuseWide(type: Type, path: string): void {
  if (type.class === 'compound') for (const member of type.members) refuseWide(member.type, path)
  const isNumber = type.class === 'float' || type.class === 'integer' || type.class === 'enum'
  if (isNumber && !plain(type)) {
    const { class: name, size } = type.class === 'enum' ? type.base : type
    const what = `${show(path)} has values (${name}, ${size} bytes) that a JavaScript number cannot hold`
    throw new H5TracksError(`${what}; h5tracks/hdf5 reads their bytes`, { code: 'ERR_UNSUPPORTED_TYPE' })
  } else if ('base' in type) refuseWide(type.base, path)
}

function listOf(data: Data, type: Type, count: number, json: boolean): List {
  switch (type.class) {
    case 'bool':
      return json ? Array.from(data as Uint8Array, Boolean) : new Int8Array(data as Uint8Array)
    case 'integer':
    case 'float':
    case 'enum':
      return json ? Array.from<number | bigint, number>(data as Uint8Array, Number) : (data as TypedArray)
    case 'string':
      return (data as Text[])
        .map((text) => (type.padding === 'null-terminated' ? upToNul(text) : text))
        .map((text) => (typeof text === 'string' ? text : decode(text, type.charset)))
    case 'compound':
      return rows(
        type.members.map((member) => elements((data as Columns)[member.name]!, member.type, count, json)),
        count,
      )
    case 'complex':
      return rows(
        ['r', 'i'].map((part) => listOf((data as Columns)[part]!, type.base, count, json)),
        count,
      )
    case 'array': {
      const { base, shape } = layers(type)
      const size = isBytes(base) ? base.size : 1
      // h5wasm gives plain values here, with or without `json`.
      const all = listOf(data, base, count * product(shape), true) as OutputData[] | Uint8Array
      return parts(all, count).map((part) => nested(part, shape, size))
    }
    case 'vlen':
      return (data as Data[]).map((element) => listed(element, type.base, [elementCount(element, type.base)], json))
    case 'reference':
      return (data as (FloorReference | null)[]).map((reference) =>
        wrap(reference, (reference?.to ?? type.to) === 'region'),
      )
    default:
      return bytesOf(data as TypedArray)
  }
}

/** As {@link listOf}, but cuts bytes into one piece for each element. */
function elements(data: Data, type: Type, count: number, json: boolean): List {
  const list = listOf(data, type, count, json)
  return isBytes(type) ? parts(list as Uint8Array, count) : list
}

/** Cuts a list into `count` parts of the same length. */
function parts<L extends Uint8Array | OutputData[]>(list: L, count: number): L[] {
  const length = list.length / count
  return Array.from({ length: count }, (_, i) => list.slice(i * length, (i + 1) * length) as L)
}

function rows(columns: List[], count: number): OutputData[] {
  return Array.from({ length: count }, (_, row) => columns.map((column) => column[row] as OutputData))
}

function elementCount(data: Data, type: Type): number {
  if (type.class === 'compound') {
    const [first] = type.members
    return first ? elementCount((data as Columns)[first.name]!, first.type) : 0
  }
  if (type.class === 'complex') return elementCount((data as Columns).r!, type.base)
  if (type.class === 'array') return elementCount(data, type.base) / product(type.shape)
  const { length } = data as ArrayLike<unknown>
  return isBytes(type) ? bytesOf(data as TypedArray).length / type.size : length
}

function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function wrap(reference: FloorReference | null, isRegion: boolean): Reference {
  const bytes = reference?.bytes
  if (isRegion) return new RegionReference(bytes ?? new Uint8Array(SIZE_IN_MEMORY.regionReference))
  return new Reference(bytes ?? new Uint8Array(SIZE_IN_MEMORY.objectReference))
}

/** Decodes text that is not UTF-8 as h5wasm does. */
function decode(bytes: Uint8Array, charset: 'ascii' | 'utf-8'): string {
  return new TextDecoder(charset).decode(bytes)
}

/** Nests a flat list by dimensions; with fewer than two, returns it as it is. In bytes, an element takes `size` of them. */
function nested<L extends Uint8Array | OutputData[]>(list: L, shape: readonly number[], size = 1): L | OutputData[] {
  const [length, ...outer] = shape.slice(1).reverse()
  if (length === undefined) return list
  const row = length * size
  const groups = row === 0 ? 0 : list.length / row
  const rows = Array.from({ length: groups }, (_, i) => list.slice(i * row, (i + 1) * row))
  return outer.reduce<OutputData[]>((output, next) => nested(output, [0, next]) as OutputData[], rows)
}

/** The plain value of a dataset or attribute in nested arrays, one level for each dimension. */
export function nestedOutput(value: OutputData | null, metadata: Metadata): JSONCompatibleOutputData | null {
  const { shape, type, size } = metadata
  const flat = Array.isArray(value) || value instanceof Uint8Array
  if (!flat || !shape || type === TYPE_CLASS.array) return value as JSONCompatibleOutputData | null
  return nested(value, shape, Array.isArray(value) ? 1 : size) as JSONCompatibleOutputData
}
