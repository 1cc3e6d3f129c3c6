/** Bytes of what h5wasm's 32-bit HDF5 keeps in memory for an element of variable length; its metadata say these. */
export const SIZE_IN_MEMORY = {
  vlenString: 4,
  vlen: 8,
  objectReference: 8,
  regionReference: 12,
  anyReference: 64,
} as const
