/** h5wasm's types of metadata, dtypes and data. */
import type { TypedArray as HdfArray } from '../../hdf5/values/types.js'
import type { Reference, RegionReference } from './reference.js'

/** HDF5's numbers of type classes (H5T_class_t), the values of `Metadata.type`. */
export const TYPE_CLASS = {
  integer: 0,
  float: 1,
  time: 2,
  string: 3,
  bitfield: 4,
  opaque: 5,
  compound: 6,
  reference: 7,
  enum: 8,
  vlen: 9,
  array: 10,
} as const

export interface CompoundMember extends Metadata {
  name: string
  offset: number
}

export interface CompoundTypeMetadata {
  members: CompoundMember[]
  nmembers: number
}

export interface EnumTypeMetadata {
  members: Record<string, number>
  nmembers: number
  type: number
}

export interface VirtualSource {
  file_name: string
  dset_name: string
}

/** The type and dataspace of a dataset or attribute, with h5wasm's field names. */
export interface Metadata {
  signed: boolean
  /** The number of the type class, see `TYPE_CLASS`. */
  type: number
  cset?: number
  strpad?: number
  compound_type?: CompoundTypeMetadata
  array_type?: Metadata
  vlen_type?: Metadata
  enum_type?: EnumTypeMetadata
  ref_type?: 'object' | 'region' | 'any'
  /** True only for strings of variable length. */
  vlen: boolean
  littleEndian: boolean
  /** Size of an element, bytes. */
  size: number
  /** Number of elements. */
  total_size?: number
  /** `null` for a null dataspace. */
  shape?: number[] | null
  /** 2^64 (as a float64) for an axis without a limit. */
  maxshape?: number[] | null
  chunks?: number[] | null
  virtual_sources?: VirtualSource[]
}

export interface Filter {
  id: number
  name: string
  cd_values: number[]
}

export type CompoundMemberDtype = [string, Dtype] | [string, Dtype, number[]]
export type CompoundDtype = CompoundMemberDtype[]
export type ArrayDtype = [string, number[]]
export type Dtype =
  | string
  | { compound_type: CompoundTypeMetadata }
  | { array_type: Metadata }
  | CompoundDtype
  | ArrayDtype

export type TypedArray = HdfArray | Uint8ClampedArray

export type OutputData = TypedArray | string | number | bigint | boolean | Reference | RegionReference | OutputData[]
export type JSONCompatibleOutputData = string | number | boolean | JSONCompatibleOutputData[]

/** Data that can be written without a dtype. A Map is a compound with one column for each member. */
export type GuessableDataTypes =
  | TypedArray
  | number
  | bigint
  | string
  | boolean
  | Reference
  | readonly (number | bigint | string | boolean | Reference)[]
  | ReadonlyMap<string, GuessableDataTypes>

/** An index on an axis or a step; `null` for the default. */
export type SliceElement = number | null

/** The slice of an axis: `[]` for all of it, `[start]`, `[start, stop]` or `[start, stop, step]`; `null` for a default. */
export type Slice =
  | readonly []
  | readonly [SliceElement]
  | readonly [SliceElement, SliceElement]
  | readonly [SliceElement, SliceElement, SliceElement]

/** The status that h5wasm's calls return. Ours is always 0: where h5wasm returns another number, h5tracks throws. */
export type Status = number
