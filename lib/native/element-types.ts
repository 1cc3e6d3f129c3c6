/** The types of elements that typed arrays hold, and those arrays. It does not load the addon. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** A type that a typed array holds exactly. 'bool' is h5py's: an enum over int8 with FALSE = 0 and TRUE = 1, in a Uint8Array. */
export type ElementType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'bool'

/** The constructors of typed arrays, by the type of their elements. */
export const elementArrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const satisfies Record<ElementType, unknown>

/** Size of an element, bytes. */
export function bytesOf(element: ElementType): number {
  return elementArrays[element].BYTES_PER_ELEMENT
}
