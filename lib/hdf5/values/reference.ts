/** The kinds of references. */
export const kinds = ['object', 'region', 'attribute'] as const

/**
 * A reference to an object of the same file, to a part of a dataset, or to an attribute. `group.get(reference)` opens the object,
 * the dataset or the owner of the attribute; `dataset.read(reference)` reads the part of the dataset.
 */
export class Reference {
  /** The kind: 'object'; 'region', a part of a dataset; 'attribute', an object and the name of one of its attributes. */
  readonly to: 'object' | 'region' | 'attribute'
  /**
   * The bytes of the reference, valid only in its file: 8 for an object, 12 for a region. A reference of type
   * `{ class: 'reference', to: 'any' }` has 8 bytes for the object, followed by the selection or the name of the attribute.
   */
  readonly bytes: Uint8Array

  /** Usually made by `reference()`, `regionReference()`, `attributes.reference()` or by reading. */
  constructor(to: 'object' | 'region' | 'attribute', bytes: Uint8Array) {
    this.to = to
    this.bytes = bytes
  }

  /** The name of the attribute; null for references of other kinds. */
  get attribute(): string | null {
    return this.to === 'attribute' ? Buffer.from(this.bytes.subarray(8)).toString() : null
  }

  /** True if both have the same target. The references must belong to the same file and to values of the same type. */
  equals(other: Reference): boolean {
    return this.to === other.to && Buffer.compare(this.bytes, other.bytes) === 0
  }
}
