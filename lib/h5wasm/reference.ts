import { Reference as FloorReference } from '../hdf5/index.js'

/** What refers to an object: the bytes of it as they are in the file. */
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
  return new FloorReference(reference instanceof RegionReference ? 'region' : 'object', reference.ref_data)
}
