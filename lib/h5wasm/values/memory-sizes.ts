/** Bytes in memory of an element of variable length or of a reference in h5wasm's 32-bit HDF5, which its metadata give as `size`. */
export const SIZE_IN_MEMORY = {
  vlenString: 4,
  vlen: 8,
  objectReference: 8,
  regionReference: 12,
  anyReference: 64,
} as const
