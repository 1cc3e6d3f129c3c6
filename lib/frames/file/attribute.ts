/** Reads an attribute that may be missing. */
import type { AttributeValue } from '../../hdf5/values/attribute-value.js'

interface WithAttributes {
  attributes: { hasSync(name: string): boolean; getSync(name: string): AttributeValue }
}

/** The value of an attribute; undefined if the object does not have it. */
export function attributeOf({ attributes }: WithAttributes, name: string): AttributeValue | undefined {
  return attributes.hasSync(name) ? attributes.getSync(name) : undefined
}
