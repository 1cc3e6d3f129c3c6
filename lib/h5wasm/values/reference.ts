/** h5wasm's references. */
import { Reference as FloorReference } from '../../hdf5/index.js'
import { SIZE_IN_MEMORY } from './memory-sizes.js'

/** A reference to an object, or, with more bytes, to an attribute of an object. `ref_data` are the bytes of {@link FloorReference}. */
export class Reference {
  ref_data: Uint8Array

  constructor(ref_data: Uint8Array) {
    this.ref_data = ref_data
  }
}

/** A reference to a part of a dataset. */
export class RegionReference extends Reference {}

/** Converts a reference to that of h5tracks/hdf5. */
export function toFloor(reference: Reference): FloorReference {
  const { ref_data } = reference
  if (reference instanceof RegionReference) return new FloorReference('region', ref_data)
  return new FloorReference(ref_data.length === SIZE_IN_MEMORY.objectReference ? 'object' : 'attribute', ref_data)
}
