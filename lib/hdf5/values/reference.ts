/** To what a reference can lead. */
export const kinds = ['object', 'region', 'attribute'] as const

/**
 * Leads to an object of its file, to a part of a dataset, or to an attribute. `group.get(reference)` opens the object,
 * dataset or owner of the attribute; `dataset.read(reference)` reads the part that a region is.
 */
export class Reference {
  /** 'object'; 'region': a dataset and a selection of it; 'attribute': an object and the name of one of its attributes. */
  readonly to: 'object' | 'region' | 'attribute'
  /**
   * What it is, which means something in its file only: 8 bytes for an object, 12 for a region. Those of type
   * `{ class: 'reference', to: 'any' }` have 8 bytes for the object, then the selection or the name.
   */
  readonly bytes: Uint8Array

  /** Usually comes from `reference()`, `regionReference()`, `attributes.reference()` and from reading. */
  constructor(to: 'object' | 'region' | 'attribute', bytes: Uint8Array) {
    this.to = to
    this.bytes = bytes
  }

  /** The name of the attribute that it leads to; null where it leads to something else. */
  get attribute(): string | null {
    return this.to === 'attribute' ? Buffer.from(this.bytes.subarray(8)).toString() : null
  }

  /** Whether both lead to the same, if they are of one file and were read from, or made for, values of one type. */
  equals(other: Reference): boolean {
    return this.to === other.to && Buffer.compare(this.bytes, other.bytes) === 0
  }
}
