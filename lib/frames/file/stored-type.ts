/** The HDF5 types in which the values of fields are stored. */
import { elementOf, sizeOf } from '../../hdf5/values/type-spec.js'
import type { Type, TypeSpec } from '../../hdf5/values/types.js'
import type { Field, ValueType } from '../../layout/model.js'

/** The type of the dataset of a field. */
export function typeOf({ value }: Pick<Field, 'value'>): TypeSpec {
  if (value.kind === 'enum') return { class: 'enum', base: value.base, members: Object.fromEntries(value.members) }
  if (value.kind === 'string') {
    return { class: 'string', size: value.length, charset: 'utf-8', padding: 'null-padded' }
  }
  return value.kind === 'bool' ? 'bool' : value.type
}

/** What the values of a dataset of this type are; undefined if no field has such values. */
export function valueTypeOf(type: Type): ValueType | undefined {
  const element = elementOf(type)
  if (element === 'bool') return { kind: 'bool' }
  if (element?.startsWith('float')) return { kind: 'float', type: element as 'float32' }
  if (element) return { kind: 'integer', type: element as 'int32' }
  if (type.class === 'float') {
    return type.size === 2 && !type.layout && type.order === 'little' ? { kind: 'float', type: 'float16' } : undefined
  }
  if (type.class === 'string') {
    const { size, padding } = type
    return typeof size === 'number' && padding === 'null-padded' ? { kind: 'string', length: size } : undefined
  }
  if (type.class !== 'enum' || type.base.order !== 'little') return undefined
  const base = elementOf(type.base)
  const members = new Map(Object.entries(type.members).map(([name, n]) => [name, Number(n)]))
  return base && { kind: 'enum', base: base as 'int8', members }
}

/** True if a dataset of this type holds the values of a field as they are stored. */
export function holds(type: Type, { value }: Field): boolean {
  const found = valueTypeOf(type)
  if (found?.kind !== value.kind) return false
  if (found.kind === 'enum' && value.kind === 'enum') {
    const same = [...value.members].every(([name, n]) => found.members.get(name) === n)
    return found.base === value.base && found.members.size === value.members.size && same
  }
  if (found.kind === 'string' && value.kind === 'string') return found.length === value.length
  return found.kind === 'bool' || (found as { type: string }).type === (value as { type: string }).type
}

/** True if the arrays that hold a column have the type of its dataset; false for enums, the bits of halves and the bytes of texts. */
export function isPlain({ value }: Pick<Field, 'value'>): boolean {
  return value.kind === 'integer' || value.kind === 'bool' || (value.kind === 'float' && value.type !== 'float16')
}

/** Names the type of a field, as an error says what was expected. */
export function nameOf({ value }: Field): string {
  if (value.kind === 'enum') return `enum over ${value.base} of ${[...value.members.keys()].join(', ')}`
  if (value.kind === 'string') return `null-padded string of ${value.length} bytes`
  return value.kind === 'bool' ? 'bool' : value.type
}

/** Names the type of a dataset, as an error says what was found. */
export function describeType(type: Type): string {
  if (type.class === 'string' && typeof type.size === 'number') return `${type.padding} string of ${type.size} bytes`
  return elementOf(type) ?? `${type.class} of ${sizeOf(type)} bytes`
}
