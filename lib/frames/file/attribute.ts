/** Reads attributes that may be missing. */
import type { Attributes } from '../../hdf5/objects/attributes.js'
import type { AttributeValue } from '../../hdf5/values/attribute-value.js'

interface WithAttributes {
  attributes: { hasSync(name: string): boolean; getSync(name: string): AttributeValue }
}

/** The value of an attribute; undefined if the object does not have it. */
export function attributeOf({ attributes }: WithAttributes, name: string): AttributeValue | undefined {
  return attributes.hasSync(name) ? attributes.getSync(name) : undefined
}

/** The attributes of a group. */
export interface GroupAttributes {
  /** In the order of the names. */
  names(): Iterable<string>
  /** Undefined if there is no such attribute. */
  value(name: string): AttributeValue | undefined
}

/** Reads all attributes in one call. Throws if one of them cannot be read. */
export function readAtOnce(attributes: Attributes): GroupAttributes {
  const all = attributes.allSync()
  return { names: () => all.keys(), value: (name) => all.get(name) }
}

/** Reads each attribute when it is asked for. */
export function readOneByOne(attributes: Attributes): GroupAttributes {
  return { names: () => attributes.keysSync(), value: (name) => attributeOf({ attributes }, name) }
}
