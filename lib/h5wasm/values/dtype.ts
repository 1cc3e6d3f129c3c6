/** Converts between h5wasm's dtypes (`'<i'`, `'S10'`, ...) and its metadata. */
import { invalidArgument } from '../../base/errors.js'
import { SIZE_IN_MEMORY } from './memory-sizes.js'
import {
  type ArrayDtype,
  type CompoundDtype,
  type CompoundMember,
  type CompoundMemberDtype,
  type Dtype,
  type Metadata,
  TYPE_CLASS,
} from './types.js'

const letterOfInteger = new Map([
  [1, 'b'],
  [2, 'h'],
  [4, 'i'],
  [8, 'q'],
])
const letterOfFloat = new Map([
  [2, 'e'],
  [4, 'f'],
  [8, 'd'],
])
const sizeOf = new Map([...letterOfInteger, ...letterOfFloat].map(([size, letter]) => [letter, size]))

/** The dtype of a type, as in `dataset.dtype`. */
export function metadataToDtype(metadata: Metadata): Dtype {
  const order = metadata.littleEndian ? '<' : '>'
  switch (metadata.type) {
    case TYPE_CLASS.string:
      return `${metadata.cset === 0 ? 'A' : 'S'}${metadata.vlen ? '' : metadata.size}`
    case TYPE_CLASS.integer: {
      const letter = letterOfInteger.get(metadata.size)
      if (letter === undefined) return 'unknown'
      return order + (metadata.signed ? letter : letter.toUpperCase())
    }
    case TYPE_CLASS.float: {
      const letter = letterOfFloat.get(metadata.size)
      return letter === undefined ? 'unknown' : order + letter
    }
    case TYPE_CLASS.compound:
      return metadata.compound_type!.members.map(memberDtype)
    case TYPE_CLASS.array:
      return [metadataToDtype(metadata.array_type!) as string, metadata.array_type!.shape!]
    case TYPE_CLASS.reference:
      return metadata.ref_type === 'region' ? 'RegionReference' : 'Reference'
    default:
      return 'unknown'
  }
}

function memberDtype(member: CompoundMember): CompoundMemberDtype {
  if (member.type === TYPE_CLASS.array) {
    return [member.name, metadataToDtype(member.array_type!), member.array_type!.shape!]
  }
  return [member.name, metadataToDtype(member)]
}

/** The metadata of a dtype. Throws ERR_INVALID_ARGUMENT if it is not a dtype. */
export function dtypeToMetadata(dtype: Dtype): Metadata {
  if (typeof dtype === 'string') return named(dtype)
  if (!Array.isArray(dtype)) {
    return 'compound_type' in dtype
      ? { ...compoundOf(dtype.compound_type.members), size: extent(dtype.compound_type.members) }
      : arrayOf(dtype.array_type, dtype.array_type.shape ?? [])
  }
  if (Array.isArray(dtype[0])) {
    const members: CompoundMember[] = []
    for (const [name, base, shape] of dtype as CompoundDtype) {
      const metadata = dtypeToMetadata(base)
      members.push({ ...(shape ? arrayOf(metadata, shape) : metadata), name, offset: extent(members) })
    }
    return compoundOf(members)
  }
  const [base, shape] = dtype as ArrayDtype
  return arrayOf(named(base), shape)
}

/** The metadata of a type that has only a class and a size. */
export const simple = (type: number, size: number): Metadata => ({
  signed: false,
  type,
  vlen: false,
  littleEndian: true,
  size,
})

function extent(members: readonly CompoundMember[]): number {
  return Math.max(0, ...members.map(({ offset, size }) => offset + size))
}

/** A compound whose members lie at their own offsets. */
export function compoundOf(members: CompoundMember[]): Metadata {
  return {
    ...simple(TYPE_CLASS.compound, extent(members)),
    compound_type: { members, nmembers: members.length },
  }
}

export function arrayOf(base: Metadata, shape: readonly number[]): Metadata {
  const length = shape.reduce((product, n) => product * n, 1)
  return {
    ...simple(TYPE_CLASS.array, base.size * length),
    signed: base.signed,
    array_type: { ...base, shape: [...shape], total_size: length },
  }
}

export function stringOf(length: number | null, cset: 0 | 1): Metadata {
  const size = length ?? SIZE_IN_MEMORY.vlenString
  return { ...simple(TYPE_CLASS.string, size), vlen: length === null, cset, strpad: cset === 0 ? 0 : 2 }
}

export function integerOf(size: number, signed: boolean): Metadata {
  return { ...simple(TYPE_CLASS.integer, size), signed }
}

export function floatOf(size: number): Metadata {
  return simple(TYPE_CLASS.float, size)
}

export function referenceTo(target: 'object' | 'region' | 'any'): Metadata {
  return { ...simple(TYPE_CLASS.reference, SIZE_IN_MEMORY[`${target}Reference`]), ref_type: target }
}

/**
 * Parses a dtype such as `<i`, `>d`, `S` or `S10`. h5wasm accepts numpy's `<f8` as well but ignores the digits, so that it makes a
 * 4-byte float; here the digits mean what they mean in numpy.
 */
function named(dtype: string): Metadata {
  if (dtype === 'Reference') return referenceTo('object')
  if (dtype === 'RegionReference') return referenceTo('region')
  const [, order, letter, digits] = /^([<>|=]?)([bhiqefduBHIQUSsAa])(\d*)$/.exec(dtype) ?? []
  if (letter !== undefined && digits !== undefined) {
    const lower = letter.toLowerCase()
    const bytes = digits === '' ? null : Number(digits)
    if (lower === 's' || lower === 'a') return stringOf(bytes, lower === 'a' ? 0 : 1)
    const metadata = number(letter, bytes)
    if (metadata) return { ...metadata, littleEndian: order !== '>' }
  }
  throw invalidArgument('dtype', dtype, "a dtype such as '<i', '<f8', 'S10' or 'Reference'")
}

function number(letter: string, bytes: number | null): Metadata | null {
  const lower = letter.toLowerCase()
  const isInteger = 'bhiqu'.includes(lower)
  const size = bytes ?? sizeOf.get(lower)
  const known = isInteger ? letterOfInteger : letterOfFloat
  // Letters other than i, u and f stand for one size only.
  const fixed = bytes !== null && !'iuf'.includes(lower) && sizeOf.get(lower) !== bytes
  if (size === undefined || !known.has(size) || fixed) return null
  return isInteger ? integerOf(size, letter === lower && letter !== 'u') : floatOf(size)
}
