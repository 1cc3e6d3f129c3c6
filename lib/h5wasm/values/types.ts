import type { TypedArray as HdfArray } from '../../hdf5/values/types.js'
import type { Reference, RegionReference } from './reference.js'

/** HDF5's numbers of type classes, as `Metadata.type` has them. */
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

/** Type and space of a dataset or attribute, field by field as h5wasm has them. */
export interface Metadata {
  signed: boolean
  /** HDF5's number of the type's class. */
  type: number
  cset?: number
  strpad?: number
  compound_type?: CompoundTypeMetadata
  array_type?: Metadata
  vlen_type?: Metadata
  enum_type?: EnumTypeMetadata
  ref_type?: 'object' | 'region' | 'any'
  /** True for strings of variable length, and only for these. */
  vlen: boolean
  littleEndian: boolean
  /** Bytes of an element. */
  size: number
  /** Number of elements. */
  total_size?: number
  /** `null`: a null dataspace. */
  shape?: number[] | null
  /** 2^64 (rounded) where an axis has no limit. */
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

/** What can be written without a dtype; a Map is a compound, a column for each member. */
export type GuessableDataTypes =
  | TypedArray
  | number
  | bigint
  | string
  | boolean
  | Reference
  | readonly (number | bigint | string | boolean | Reference)[]
  | ReadonlyMap<string, GuessableDataTypes>

/** A place on an axis; `null` is the default. */
export type SliceElement = number | null

/** One axis: `[]` all of it, `[start]`, `[start, stop]` or `[start, stop, step]`; `null` is the default in each place. */
export type Slice =
  | readonly []
  | readonly [SliceElement]
  | readonly [SliceElement, SliceElement]
  | readonly [SliceElement, SliceElement, SliceElement]

/** What h5wasm's calls give for success; where it gives another number, ours throw. */
export type Status = number
