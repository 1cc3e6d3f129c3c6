/**
 * Leads to an object of its file, or to a part of a dataset. `group.get(reference)` opens what it leads to;
 * `dataset.read(reference)` reads the part that a region is.
 */
export class Reference {
  /** 'object', or 'region': a dataset and a selection of it. */
  readonly to: 'object' | 'region'
  /** The bytes that HDF5 has for it, which mean something in its file only: 8 for an object, 12 for a region. */
  readonly bytes: Uint8Array

  /** Usually comes from `reference()`, `regionReference()` and from reading. */
  constructor(to: 'object' | 'region', bytes: Uint8Array) {
    this.to = to
    this.bytes = bytes
  }

  /** Whether both lead to the same, if they are of one file. */
  equals(other: Reference): boolean {
    return this.to === other.to && Buffer.compare(this.bytes, other.bytes) === 0
  }
}
