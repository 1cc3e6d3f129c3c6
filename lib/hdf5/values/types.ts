import type { NativeHandle, TypedArray } from '../../native/native.js'
import type { Reference } from './reference.js'

export type ByteOrder = 'little' | 'big'

/** What stands in the bits of a number that are not used, below it and above it. */
export type BitPadding = 'zero' | 'one' | 'background'

/** Which bits of an integer or bit field are used; absent where all are. */
export interface BitLayout {
  /** Bits that are used. */
  precision?: number
  /** Bits below them that are not. */
  offset?: number
  /** What stands in the bits below and above. */
  padding?: [BitPadding, BitPadding]
}

export interface IntegerType extends BitLayout {
  class: 'integer'
  /** Bytes. */
  size: number
  signed: boolean
  order: ByteOrder
}

/** The bits of a float that is not an IEEE one. Positions count from the lowest bit. */
export interface FloatLayout {
  precision: number
  offset: number
  sign: number
  exponent: { at: number; bits: number }
  mantissa: { at: number; bits: number }
  bias: number
  normalization: 'implied' | 'msbset' | 'none'
  inner: BitPadding
  padding: [BitPadding, BitPadding]
}

export interface FloatType {
  class: 'float'
  /** Bytes. */
  size: number
  order: ByteOrder | 'vax'
  /** Absent: IEEE's of 16, 32 or 64 bits. */
  layout?: FloatLayout
}

/** h5py's boolean: an enum over int8 of FALSE = 0 and TRUE = 1. */
export interface BoolType {
  class: 'bool'
}

export interface EnumType {
  class: 'enum'
  base: IntegerType
  /** A bigint where it is no safe integer. */
  members: Record<string, number | bigint>
}

export interface StringType {
  class: 'string'
  /** Bytes, or of any length. */
  size: number | 'variable'
  charset: 'ascii' | 'utf-8'
  /**
   * What fills up a string of fixed length. It is taken off where it stands at the end, and nowhere else: a string may hold
   * NULs before other bytes, in 'null-terminated' ones too, as the pickles do that PyTables and pandas keep in attributes.
   */
  padding: 'null-terminated' | 'null-padded' | 'space-padded'
}

export interface CompoundMember {
  name: string
  type: Type
  /** Where it begins, in bytes. */
  offset: number
}

export interface CompoundType {
  class: 'compound'
  /** Bytes, with gaps between members and behind the last. */
  size: number
  members: CompoundMember[]
}

/** As h5py writes complex numbers: a compound of `r` and `i`. */
export interface ComplexType {
  class: 'complex'
  base: FloatType
}

export interface ArrayType {
  class: 'array'
  base: Type
  shape: number[]
}

export interface VlenType {
  class: 'vlen'
  base: Type
}

export interface OpaqueType {
  class: 'opaque'
  size: number
  tag: string
}

export interface BitfieldType extends BitLayout {
  class: 'bitfield'
  size: number
  order: ByteOrder
}

export interface ReferenceType {
  class: 'reference'
  /** 'any': to an object, a part of a dataset or an attribute, as HDF5 writes them since 1.12. */
  to: 'object' | 'region' | 'any'
}

export interface TimeType {
  class: 'time'
  size: number
  order: ByteOrder
}

/** A datatype, with everything said: what is made of it is equal to what it was told of. */
export type Type =
  | IntegerType
  | FloatType
  | BoolType
  | EnumType
  | StringType
  | CompoundType
  | ComplexType
  | ArrayType
  | VlenType
  | OpaqueType
  | BitfieldType
  | ReferenceType
  | TimeType

/** Types by name. 'string' is of any length, in UTF-8; 'reference' leads to an object, 'region' to a part of a dataset. */
export type TypeName =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'bool'
  | 'complex64'
  | 'complex128'
  | 'string'
  | 'reference'
  | 'region'

type Order = '' | '<' | '>' | '=' | '|'
/** numpy's spelling, where the digit counts bytes: '<f8' is a float64, '>i4' a big-endian int32, '|u1' a byte. */
export type NumpyName =
  | `${Order}${'i' | 'u'}${1 | 2 | 4 | 8}`
  | `${Order}f${2 | 4 | 8}`
  | `${Order}c${8 | 16}`
  | '?'
  | '|b1'

/** A type that has a place of its own in a file: a {@link NamedType}. */
export interface CommittedType {
  /** The type, with everything said. */
  readonly type: Type
  /** Absolute, as it was opened. */
  readonly path: string
  /** @internal */
  readonly handle: NativeHandle
}

/** A type as it is given: less may be said than {@link Type} says. Bytes are little-endian, compounds packed. */
export type TypeSpec =
  | TypeName
  | NumpyName
  | CommittedType
  | Type
  | { class: 'integer'; size: number; signed?: boolean; order?: ByteOrder }
  | { class: 'float'; size: number; order?: ByteOrder }
  | { class: 'string'; size?: number | 'variable'; charset?: StringType['charset']; padding?: StringType['padding'] }
  | { class: 'enum'; base?: TypeSpec; members: Readonly<Record<string, number | bigint>> }
  | { class: 'compound'; size?: number; members: MemberSpecs }
  | { class: 'complex'; base: TypeSpec }
  | { class: 'array'; base: TypeSpec; shape: readonly number[] }
  | { class: 'vlen'; base: TypeSpec }
  | { class: 'opaque'; size: number; tag?: string }
  | { class: 'bitfield'; size: number; order?: ByteOrder }
  | { class: 'reference'; to?: ReferenceType['to'] }
  | { class: 'time'; size: number; order?: ByteOrder }

export type MemberSpecs =
  | Readonly<Record<string, TypeSpec>>
  | readonly { readonly name: string; readonly type: TypeSpec; readonly offset?: number }[]

export type { TypedArray }

/** A string as read: its bytes, where they are no UTF-8 (text of other encodings, pickles). */
export type Text = string | Uint8Array

/** One column for each member of a compound. */
export interface Columns {
  [member: string]: Data
}

/**
 * Values in row-major order, by the class of their type:
 * - integers, enums, bit fields: the typed array of their size (of the next larger one, for odd sizes); of 64 bits as bigints
 * - floats: Float32Array where that holds them exactly (float16 too), else Float64Array
 * - bool: Uint8Array of 0 and 1
 * - strings: an array of strings; one that is not UTF-8 is a Uint8Array
 * - compounds: {@link Columns}; complex: the columns `r` and `i`
 * - array types: the values of all elements; the type's axes come after those of the dataset
 * - variable-length sequences: one of these for each element
 * - references: an array of {@link Reference}, null where nothing is referred to
 * - opaque, time, and numbers that JavaScript has nothing for (128 bits): the bytes as they are in the file
 */
export type Data = TypedArray | Text[] | (Reference | null)[] | Columns | Data[]

/**
 * What can be written: the same, or plain arrays of numbers. A single value stands for one element. Numbers become the nearest
 * that a float type has, of two the one that ends in a 0 bit; beyond its largest they become infinite; NaN keep their sign and the
 * upper bits of their payload.
 */
export type WritableData =
  | Data
  | readonly (number | bigint | boolean | Text | Reference | null)[]
  | readonly WritableData[]
  | { readonly [member: string]: WritableData }
  | number
  | bigint
  | boolean
  | Text
  | Reference
  | null

interface Arrays {
  int8: Int8Array
  uint8: Uint8Array
  int16: Int16Array
  uint16: Uint16Array
  int32: Int32Array
  uint32: Uint32Array
  int64: BigInt64Array
  uint64: BigUint64Array
  float16: Float32Array
  float32: Float32Array
  float64: Float64Array
  bool: Uint8Array
  complex64: { r: Float32Array; i: Float32Array }
  complex128: { r: Float64Array; i: Float64Array }
  string: string[]
  reference: (Reference | null)[]
  region: (Reference | null)[]
  i1: Int8Array
  u1: Uint8Array
  i2: Int16Array
  u2: Uint16Array
  i4: Int32Array
  u4: Uint32Array
  i8: BigInt64Array
  u8: BigUint64Array
  f2: Float32Array
  f4: Float32Array
  f8: Float64Array
  c8: { r: Float32Array; i: Float32Array }
  c16: { r: Float64Array; i: Float64Array }
  b1: Uint8Array
  '?': Uint8Array
}

type Named<N extends string> = N extends keyof Arrays
  ? Arrays[N]
  : N extends `${'<' | '>' | '=' | '|'}${infer Rest extends keyof Arrays}`
    ? Arrays[Rest]
    : Data

type Integer<Size, Signed> = Size extends 1
  ? Signed extends false
    ? Uint8Array
    : Int8Array
  : Size extends 2
    ? Signed extends false
      ? Uint16Array
      : Int16Array
    : Size extends 4
      ? Signed extends false
        ? Uint32Array
        : Int32Array
      : Size extends 8
        ? Signed extends false
          ? BigUint64Array
          : BigInt64Array
        : TypedArray

type MembersOf<M> = M extends readonly { name: string; type: unknown }[]
  ? { [Member in M[number] as Member['name']]: DataOf<Member['type']> }
  : { [Name in keyof M]: DataOf<M[Name]> }

/** What the values of a dataset of type `T` come in: `DataOf<'<f8'>` is Float64Array. */
export type DataOf<T> = [Type] extends [T]
  ? Data // nothing is known, and the compiler would look at all there could be
  : T extends string
    ? Named<T>
    : T extends { class: 'integer'; size: infer Size }
      ? Integer<Size, T extends { signed: infer Signed } ? Signed : true>
      : T extends { class: 'float'; size: infer Size }
        ? Size extends 2 | 4
          ? Float32Array
          : Size extends 8
            ? Float64Array
            : TypedArray
        : T extends { class: 'bool' }
          ? Uint8Array
          : T extends { class: 'string' }
            ? string[]
            : T extends { class: 'enum'; base: infer Base }
              ? DataOf<Base>
              : T extends { class: 'enum' }
                ? Int32Array
                : T extends { class: 'compound'; members: infer Members }
                  ? MembersOf<Members>
                  : T extends { class: 'complex'; base: infer Base }
                    ? { r: DataOf<Base>; i: DataOf<Base> }
                    : T extends { class: 'array'; base: infer Base }
                      ? DataOf<Base>
                      : T extends { class: 'vlen'; base: infer Base }
                        ? DataOf<Base>[]
                        : T extends { class: 'reference' }
                          ? (Reference | null)[]
                          : T extends { class: 'opaque' | 'time' }
                            ? Uint8Array
                            : Data

/** Values in row-major order, with their shape, as other JavaScript array libraries take them. */
export interface NdArray<T> {
  data: T
  shape: number[]
}

/** What reading gives. */
export interface Values<D = Data> extends NdArray<D> {
  /** What the values are in the file. */
  type: Type
}
