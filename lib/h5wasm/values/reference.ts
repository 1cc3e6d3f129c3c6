import { Reference as FloorReference } from '../../hdf5/index.js'
import { SIZE_IN_MEMORY } from './memory-sizes.js'

/** What refers to an object, or, with more bytes, to an attribute of one: the bytes that {@link FloorReference} has. */
export class Reference {
  ref_data: Uint8Array

  constructor(ref_data: Uint8Array) {
    this.ref_data = ref_data
  }
}

/** What refers to a part of a dataset. */
export class RegionReference extends Reference {}

/** The same reference for the floor below. */
export function toFloor(reference: Reference): FloorReference {
  const { ref_data } = reference
  if (reference instanceof RegionReference) return new FloorReference('region', ref_data)
  return new FloorReference(ref_data.length === SIZE_IN_MEMORY.objectReference ? 'object' : 'attribute', ref_data)
}
