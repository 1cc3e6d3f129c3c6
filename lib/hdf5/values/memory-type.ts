/** The types that values have in memory. */
import { elementArrays } from '../../native/element-types.js'
import { sizeOf } from './type-spec.js'
import type { FloatType, IntegerType, Type, TypedArray } from './types.js'

const { bool: _, ...numberArrays } = elementArrays

/** The constructors of typed arrays, by the type of their elements. */
export const arrays = numberArrays

export type ArrayName = keyof typeof arrays

/** The memory layout of values that a typed array holds. */
export interface Plain {
  array: ArrayName
  /** The type to which HDF5 converts the values. */
  type: Type
  /** True if the bytes of each value must be swapped after reading and before writing. */
  swapped: boolean
}

const integer = (size: number, signed: boolean): Type => ({ class: 'integer', size, signed, order: 'little' })
const float = (size: number): Type => ({ class: 'float', size, order: 'little' })

function nameOf(size: number, signed: boolean): ArrayName {
  return `${signed ? 'int' : 'uint'}${8 * size}` as ArrayName
}

/** The memory layout of integers, floats, enums and bit fields; undefined if no typed array holds the values. */
export function plain(type: Type): Plain | undefined {
  switch (type.class) {
    case 'integer':
      return plainInteger(type)
    case 'float':
      return plainFloat(type)
    case 'bool':
      return { array: 'uint8', type, swapped: false }
    case 'enum': {
      // HDF5's conversion changes enum values without a name, so the bytes are read without conversion.
      const base = plainInteger(type.base)
      if (base?.type.class !== 'integer' || base.type.size !== type.base.size) return undefined
      return { array: base.array, type, swapped: type.base.order === 'big' && type.base.size > 1 }
    }
    case 'bitfield': {
      if (![1, 2, 4, 8].includes(type.size)) return undefined
      return { array: nameOf(type.size, false), type, swapped: type.order === 'big' && type.size > 1 }
    }
    default:
      return undefined
  }
}

function plainInteger(type: IntegerType): Plain | undefined {
  const size = [1, 2, 4, 8].find((bytes) => bytes >= type.size)
  return size === undefined
    ? undefined
    : { array: nameOf(size, type.signed), type: integer(size, type.signed), swapped: false }
}

/** The range and precision of a float format: bits of the fraction, exponents of the largest and the smallest number. */
interface Reach {
  fraction: number
  largest: number
  least: number
}

const reachOfFloat32 = { fraction: 23, largest: 127, least: -149 }
const reachOfFloat64 = { fraction: 52, largest: 1023, least: -1074 }

function reachOf({ size, layout }: FloatType): Reach {
  if (!layout) return size <= 4 ? reachOfFloat32 : reachOfFloat64
  const fraction = layout.mantissa.bits - (layout.normalization === 'implied' ? 0 : 1)
  return { fraction, largest: 2 ** layout.exponent.bits - 2 - layout.bias, least: 1 - layout.bias - fraction }
}

function plainFloat(type: FloatType): Plain | undefined {
  const reach = reachOf(type)
  const within = (other: Reach) =>
    reach.fraction <= other.fraction && reach.largest <= other.largest && reach.least >= other.least
  if (within(reachOfFloat32)) return { array: 'float32', type: float(4), swapped: false }
  if (within(reachOfFloat64)) return { array: 'float64', type: float(8), swapped: false }
  return undefined
}

/**
 * The memory layout of values to write: that of {@link plain}, except for floats with fewer bits than float32. These are written
 * from float64, so that they are rounded once: rounding to float32 first can give the wrong neighbour.
 */
export function plainToWrite(type: Type): Plain | undefined {
  const read = plain(type)
  const isRounded = type.class === 'float' && read?.array === 'float32' && (type.layout || type.size !== 4)
  return isRounded ? { array: 'float64', type: float(8), swapped: false } : read
}

/** The memory type to which HDF5 converts values that it reads. With `raw`, there is no conversion. */
export function memoryType(type: Type, raw = false): Type {
  return raw ? type : inMemory(type, plain)
}

/** The memory type from which HDF5 converts values that it writes. With `raw`, there is no conversion. */
export function memoryTypeToWrite(type: Type, raw = false): Type {
  return raw ? type : inMemory(type, plainToWrite)
}

function inMemory(type: Type, of: typeof plain): Type {
  switch (type.class) {
    case 'array':
      return { ...type, base: inMemory(type.base, of) }
    case 'vlen':
      return { ...type, base: inMemory(type.base, of) }
    case 'complex': {
      const base = inMemory(type.base, of)
      return base.class === 'float' ? { class: 'complex', base } : type
    }
    case 'compound':
      return compoundInMemory(type, of)
    default:
      return of(type)?.type ?? type
  }
}

function compoundInMemory(type: Extract<Type, { class: 'compound' }>, of: typeof plain): Type {
  const members = type.members.map((member) => ({ ...member, type: inMemory(member.type, of) }))
  // If no member needs conversion, the layout of the file is kept: HDF5 then only copies.
  if (members.every(({ type: made }, at) => sameType(made, type.members[at]!.type))) return type
  let end = 0
  for (const member of members) {
    member.offset = end
    end += sizeOf(member.type)
  }
  return { class: 'compound', size: end, members }
}

export const sameType = (one: Type, other: Type) => one === other || JSON.stringify(one) === JSON.stringify(other)

/** Swaps the bytes of each element in place. */
export function swapBytes(values: TypedArray): void {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  if (values.BYTES_PER_ELEMENT === 2) bytes.swap16()
  if (values.BYTES_PER_ELEMENT === 4) bytes.swap32()
  if (values.BYTES_PER_ELEMENT === 8) bytes.swap64()
}

/** Describes the form of the values of a type: equal texts mean the same form. */
export function elementArray(type: Type): string {
  const flat = plain(type)
  if (flat) return flat.array
  switch (type.class) {
    case 'array':
      return elementArray(type.base)
    case 'vlen':
      return `${elementArray(type.base)}[]`
    case 'compound':
      return `{${type.members.map((member) => `${JSON.stringify(member.name)}:${elementArray(member.type)}`).sort()}}`
    case 'complex':
      return `{"i":${elementArray(type.base)},"r":${elementArray(type.base)}}`
    case 'string':
      return 'string'
    case 'reference':
      return 'reference'
    default:
      return 'bytes'
  }
}
