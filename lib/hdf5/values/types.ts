/** Datatypes, and the values that they are read as. */
import type { NativeHandle, TypedArray } from '../../native/native.js'
import type { Reference } from './reference.js'

export type ByteOrder = 'little' | 'big'

/** The content of the unused bits of a number. */
export type BitPadding = 'zero' | 'one' | 'background'

/** The used bits of an integer or bit field. Absent fields mean that all bits are used. */
export interface BitLayout {
  /** Number of used bits. */
  precision?: number
  /** Number of unused bits below them. */
  offset?: number
  /** Content of the unused bits below and above. */
  padding?: [BitPadding, BitPadding]
}

export interface IntegerType extends BitLayout {
  class: 'integer'
  /** Size, bytes. */
  size: number
  signed: boolean
  order: ByteOrder
}

/** The bit layout of a float that is not in an IEEE format (H5Tset_fields). Positions count from the lowest bit. */
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
  /** Size, bytes. */
  size: number
  order: ByteOrder | 'vax'
  /** Absent for IEEE formats of 16, 32 or 64 bits. */
  layout?: FloatLayout
}

/** h5py's boolean: an enum over int8 with FALSE = 0 and TRUE = 1. */
export interface BoolType {
  class: 'bool'
}

export interface EnumType {
  class: 'enum'
  base: IntegerType
  /** Values by name; a bigint if it is not a safe integer. */
  members: Record<string, number | bigint>
}

export interface StringType {
  class: 'string'
  /** Size of a string of fixed length in bytes, or 'variable'. */
  size: number | 'variable'
  charset: 'ascii' | 'utf-8'
  /**
   * The padding of a string of fixed length. It is removed only at the end: a string, even a 'null-terminated' one, may hold NULs
   * before other bytes, as the pickles do that PyTables and pandas store in attributes.
   */
  padding: 'null-terminated' | 'null-padded' | 'space-padded'
}

export interface CompoundMember {
  name: string
  type: Type
  /** Offset in the compound, bytes. */
  offset: number
}

export interface CompoundType {
  class: 'compound'
  /** Size, bytes, including gaps between and after members. */
  size: number
  members: CompoundMember[]
}

/** A complex number as h5py writes it: a compound of `r` and `i`. */
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
  /** 'any': a reference to an object, a part of a dataset or an attribute, introduced by HDF5 1.12. */
  to: 'object' | 'region' | 'any'
}

export interface TimeType {
  class: 'time'
  size: number
  order: ByteOrder
}

/** A complete datatype: a type created from it equals the one that it describes. */
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

/** Types by name. 'string': UTF-8 of variable length; 'reference': to an object; 'region': to a part of a dataset. */
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
/** Numpy's spelling, in which the digit is the size in bytes: '<f8' is a float64, '>i4' a big-endian int32, '|u1' a byte. */
export type NumpyName =
  | `${Order}${'i' | 'u'}${1 | 2 | 4 | 8}`
  | `${Order}f${2 | 4 | 8}`
  | `${Order}c${8 | 16}`
  | '?'
  | '|b1'

/** A type that is stored in a file: a {@link NamedType}. */
export interface CommittedType {
  /** The complete type. */
  readonly type: Type
  /** The absolute path with which it was opened. */
  readonly path: string
  /** @internal */
  readonly handle: NativeHandle
}

/** A type as a caller gives it: a name or a {@link Type} with defaults. By default numbers are little-endian and compounds packed. */
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

/** A string that was read. It is a Uint8Array of its bytes if they are not UTF-8 (text in other encodings, pickles). */
export type Text = string | Uint8Array

/** The values of a compound: a column for each member. */
export interface Columns {
  [member: string]: Data
}

/**
 * Values in row-major order, by the class of their type:
 * - integers, enums, bit fields: a typed array of their size, or of the next larger one for odd sizes; bigints for 64 bits
 * - floats: Float32Array if it holds them exactly (also float16), else Float64Array
 * - bool: Uint8Array of 0 and 1
 * - strings: an array of strings; one that is not UTF-8 is a Uint8Array
 * - compounds: {@link Columns}; complex: the columns `r` and `i`
 * - array types: the values of all elements; the dimensions of the type come after those of the dataset
 * - variable-length sequences: an array with the values of each element
 * - references: an array of {@link Reference}; null for an empty reference
 * - opaque, time, and numbers that JavaScript cannot hold (128 bits): the bytes of the file
 */
export type Data = TypedArray | Text[] | (Reference | null)[] | Columns | Data[]

/**
 * Values that can be written: those of {@link Data}, or plain arrays. A single value is one element. Numbers are rounded to the
 * nearest value of a float type, ties to even; numbers beyond its largest become infinite; NaNs keep their sign and the upper bits
 * of their payload.
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

/** The form of the values of a dataset of type `T`: `DataOf<'<f8'>` is Float64Array. */
export type DataOf<T> = [Type] extends [T]
  ? Data // for the general Type, since the compiler would otherwise expand every case
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

/** Values in row-major order with their shape, the form that other JavaScript array libraries use. */
export interface NdArray<T> {
  data: T
  shape: number[]
}

/** Values that were read. */
export interface Values<D = Data> extends NdArray<D> {
  /** The type of the values in the file. */
  type: Type
}
