/** Converts between spellings of types, complete types and native types. */
import { invalidArgument } from '../../base/errors.js'
import type { ElementType, NativeType } from '../../native/native.js'
import type {
  ByteOrder,
  CommittedType,
  CompoundMember,
  FloatType,
  IntegerType,
  MemberSpecs,
  Type,
  TypeSpec,
} from './types.js'

type Loose = Exclude<TypeSpec, string | CommittedType>

const integer = (size: number, signed: boolean, order: ByteOrder = 'little'): IntegerType => ({
  class: 'integer',
  size,
  signed,
  order,
})
const float = (size: number, order: ByteOrder = 'little'): FloatType => ({ class: 'float', size, order })

const named: Readonly<Record<string, () => Type>> = {
  int8: () => integer(1, true),
  uint8: () => integer(1, false),
  int16: () => integer(2, true),
  uint16: () => integer(2, false),
  int32: () => integer(4, true),
  uint32: () => integer(4, false),
  int64: () => integer(8, true),
  uint64: () => integer(8, false),
  float16: () => float(2),
  float32: () => float(4),
  float64: () => float(8),
  bool: () => ({ class: 'bool' }),
  complex64: () => ({ class: 'complex', base: float(4) }),
  complex128: () => ({ class: 'complex', base: float(8) }),
  string: () => ({ class: 'string', size: 'variable', charset: 'utf-8', padding: 'null-terminated' }),
  reference: () => ({ class: 'reference', to: 'object' }),
  region: () => ({ class: 'reference', to: 'region' }),
}

const sizes: Readonly<Record<string, readonly number[]>> = {
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
  c: [8, 16],
}

function fromName(name: string): Type {
  const make = Object.hasOwn(named, name) ? named[name] : undefined
  if (make) return make()
  if (name === '?' || name === '|b1' || name === 'b1') return { class: 'bool' }
  const [, mark, kind, digits] = /^([<>=|]?)([iufc])(\d+)$/.exec(name) ?? []
  const size = Number(digits)
  if (!kind || !sizes[kind]?.includes(size)) throw notAType(name)
  const order = mark === '>' ? 'big' : 'little'
  if (kind === 'c') return { class: 'complex', base: float(size / 2, order) }
  return kind === 'f' ? float(size, order) : integer(size, kind === 'i', order)
}

function notAType(given: unknown): Error {
  return invalidArgument(
    'type',
    given,
    "a type: a name ('float64'), numpy's spelling ('<f8') or an object { class: … }",
  )
}

/** True for a named type, which is stored in a file. */
export function isNamed(spec: unknown): spec is CommittedType {
  return typeof spec === 'object' && spec !== null && 'handle' in spec
}

/** The complete type for a name or specification. Throws ERR_INVALID_ARGUMENT if it is not a type. */
export function toType(spec: TypeSpec): Type {
  if (typeof spec === 'string') return fromName(spec)
  if (isNamed(spec)) return spec.type
  if (typeof spec !== 'object' || spec === null) throw notAType(spec)
  return completed(spec)
}

function completed(spec: Loose): Type {
  switch (spec.class) {
    case 'integer':
      return { ...spec, size: bytes(spec.size), signed: spec.signed ?? true, order: spec.order ?? 'little' }
    case 'float':
      return { ...spec, size: bytes(spec.size), order: spec.order ?? 'little' }
    case 'bool':
      return { class: 'bool' }
    case 'string':
      return {
        class: 'string',
        size: spec.size === undefined || spec.size === 'variable' ? 'variable' : bytes(spec.size),
        charset: spec.charset ?? 'utf-8',
        padding: spec.padding ?? (typeof spec.size === 'number' ? 'null-padded' : 'null-terminated'),
      }
    case 'enum': {
      const base = toType(spec.base ?? 'int32')
      if (base.class !== 'integer') throw invalidArgument('base', spec.base, 'an integer type')
      return { class: 'enum', base, members: { ...spec.members } }
    }
    case 'compound':
      return compound(spec.members, spec.size)
    case 'complex': {
      const base = toType(spec.base)
      if (base.class !== 'float') throw invalidArgument('base', spec.base, 'a float type')
      return { class: 'complex', base }
    }
    case 'array':
      return { class: 'array', base: toType(spec.base), shape: spec.shape.map(bytes) }
    case 'vlen':
      return { class: 'vlen', base: toType(spec.base) }
    case 'opaque':
      return { class: 'opaque', size: bytes(spec.size), tag: spec.tag ?? '' }
    case 'bitfield':
      return { ...spec, size: bytes(spec.size), order: spec.order ?? 'little' }
    case 'reference':
      return { class: 'reference', to: spec.to ?? 'object' }
    case 'time':
      return { class: 'time', size: bytes(spec.size), order: spec.order ?? 'little' }
    default:
      throw notAType(spec)
  }
}

function bytes(size: unknown): number {
  if (typeof size === 'number' && Number.isInteger(size) && size > 0) return size
  throw invalidArgument('size', size, 'a positive integer')
}

function compound(specs: MemberSpecs, size?: number): Type {
  const list = Array.isArray(specs)
    ? (specs as readonly { name: string; type: TypeSpec; offset?: number }[])
    : Object.entries(specs as Readonly<Record<string, TypeSpec>>).map(([name, type]) => ({ name, type }))
  let end = 0
  const members = list.map((spec): CompoundMember => {
    const type = toType(spec.type)
    const offset = ('offset' in spec ? spec.offset : undefined) ?? end
    end = offset + sizeOf(type)
    return { name: spec.name, type, offset }
  })
  if (members.length === 0) throw invalidArgument('members', specs, 'at least one member')
  return { class: 'compound', size: size ?? end, members }
}

/** Size of an element, bytes. */
export function sizeOf(type: Type): number {
  switch (type.class) {
    case 'bool':
      return 1
    case 'enum':
      return sizeOf(type.base)
    case 'complex':
      return 2 * sizeOf(type.base)
    case 'array':
      return type.shape.reduce((product, n) => product * n, sizeOf(type.base))
    case 'string':
      return type.size === 'variable' ? pointerBytes : type.size
    case 'vlen':
      return 2 * pointerBytes
    case 'reference':
      return { object: 8, region: 12, any: 64 }[type.to]
    default:
      return type.size
  }
}

// Values of variable length take the room of their pointers in memory: a char* for a string, an hvl_t for a sequence.
const pointerBytes = 8

/** Numpy's spelling of a type, such as '<f8'; undefined if there is none. */
export function spell(type: Type): string | undefined {
  const mark = 'order' in type && type.order === 'big' ? '>' : '<'
  const one = (kind: string, size: number) => (size === 1 ? `|${kind}1` : `${mark}${kind}${size}`)
  switch (type.class) {
    case 'integer':
      return hasAllBits(type) && sizes.i?.includes(type.size) ? one(type.signed ? 'i' : 'u', type.size) : undefined
    case 'float':
      return type.layout === undefined ? one('f', type.size) : undefined
    case 'bool':
      return '|b1'
    case 'complex':
      return spell(type.base)?.replace(/f(\d+)$/, (_, size) => `c${2 * Number(size)}`)
    default:
      return undefined
  }
}

function hasAllBits(type: IntegerType): boolean {
  return type.precision === undefined && type.offset === undefined && type.padding === undefined
}

/** The element type of a type that native code reads without HDF5's conversion; undefined for other types. */
export function elementOf(type: Type): ElementType | undefined {
  if (type.class === 'bool') return 'bool'
  if (type.class === 'float' && !type.layout && type.size > 2) return `float${8 * type.size}` as ElementType
  if (type.class !== 'integer' || ![1, 2, 4, 8].includes(type.size)) return undefined
  if (type.precision !== undefined || type.offset !== undefined || type.padding) return undefined
  return `${type.signed ? 'int' : 'uint'}${8 * type.size}` as ElementType
}

/** The name of a little-endian number or bool, under which native code knows the type. */
function nameOf(type: Type): ElementType | undefined {
  return 'order' in type && type.order !== 'little' ? undefined : elementOf(type)
}

/** Converts a type from native code. */
export function fromNative(given: NativeType): Type {
  if (typeof given === 'string') return fromName(given)
  switch (given.class) {
    case 'enum':
      return {
        class: 'enum',
        base: fromNative(given.base as NativeType) as IntegerType,
        members: Object.fromEntries(
          (given.members as [string, bigint][]).map(([name, value]) => [name, narrow(value)]),
        ),
      }
    case 'compound': {
      const members = (given.members as { name: string; type: NativeType; offset: number }[]).map((member) => ({
        ...member,
        type: fromNative(member.type),
      }))
      const type: Type = { class: 'compound', size: given.size as number, members }
      return asComplex(type.size, members) ?? type
    }
    case 'array':
      return { class: 'array', base: fromNative(given.base as NativeType), shape: given.shape as number[] }
    case 'vlen':
      return { class: 'vlen', base: fromNative(given.base as NativeType) }
    default:
      return given as unknown as Type
  }
}

const narrow = (value: bigint) => (BigInt.asIntN(53, value) === value ? Number(value) : value)

function asComplex(size: number, members: readonly CompoundMember[]): Type | undefined {
  const [r, i] = members
  if (members.length !== 2 || r?.name !== 'r' || i?.name !== 'i') return undefined
  if (r.type.class !== 'float' || JSON.stringify(r.type) !== JSON.stringify(i.type)) return undefined
  const packed = r.offset === 0 && i.offset === r.type.size && size === 2 * r.type.size
  return packed ? { class: 'complex', base: r.type } : undefined
}

/** Converts a type for native code. */
export function toNative(type: Type): NativeType {
  const name = nameOf(type)
  if (name) return name
  switch (type.class) {
    case 'enum':
      return {
        class: 'enum',
        base: type.base,
        members: Object.entries(type.members).map(([name, value]) => [name, BigInt(value)]),
      }
    case 'compound':
      return { ...type, members: type.members.map((member) => ({ ...member, type: toNative(member.type) })) }
    case 'complex': {
      const { base } = type
      const members = ['r', 'i'].map((name, at) => ({ name, type: toNative(base), offset: at * base.size }))
      return { class: 'compound', size: 2 * base.size, members }
    }
    case 'array':
      return { ...type, base: toNative(type.base) }
    case 'vlen':
      return { class: 'vlen', base: toNative(type.base) }
    default:
      return type as unknown as NativeType
  }
}
