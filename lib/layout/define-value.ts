/** Checks what a field's values are: their type, fill value and range. */
import { invalidArgument, show } from '../base/errors.js'
import { isStorable } from '../hdf5/values/attribute-value.js'
import { fromHalfBits, halfBits } from './half.js'
import type { Field, ValueType } from './model.js'
import { integerRanges, wideRanges } from './ranges.js'
import type { EnumField, IntegerType } from './spec.js'

/** The description of a field whose type is one of `propertiesOf`. */
export type Loose = Readonly<Record<string, unknown>> & { readonly type: string }

/** The types, and the properties that a field of each type may have besides those of every field. */
export const propertiesOf: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...Object.keys(integerRanges), 'int64', 'uint64'].map((name) => [name, ['fill', 'range']])),
  ...Object.fromEntries(['float16', 'float32', 'float64'].map((name) => [name, ['fill', 'range', 'partial']])),
  bool: ['fill'],
  enum: ['fill', 'members', 'base'],
  string: ['length'],
}

export function valueType(at: string, spec: Loose): ValueType {
  const { type } = spec
  if (type === 'bool') return { kind: 'bool' }
  if (type === 'string') {
    const { length } = spec
    if (!Number.isInteger(length) || (length as number) < 1 || (length as number) > 65535) {
      throw invalidArgument(`${at}.length`, length, 'a number of bytes from 1 to 65535')
    }
    return { kind: 'string', length: length as number }
  }
  if (type === 'enum') return enumType(at, spec as unknown as EnumField)
  return type.startsWith('float')
    ? { kind: 'float', type: type as 'float32' }
    : { kind: 'integer', type: type as IntegerType }
}

function enumType(at: string, { members, base = 'int8' }: EnumField): ValueType {
  if (!Object.hasOwn(integerRanges, base)) {
    throw invalidArgument(`${at}.base`, base, `one of ${Object.keys(integerRanges).join(', ')}`)
  }
  const entries = typeof members === 'object' && members !== null ? Object.entries(members) : []
  const [least, most] = integerRanges[base]
  const isNamed = ([name, n]: [string, number]) =>
    name !== '' && isStorable(name) && Number.isInteger(n) && n >= least && n <= most
  if (entries.length === 0 || !entries.every(isNamed) || new Set(Object.values(members)).size !== entries.length) {
    const allowed = `an object of names with distinct integers from ${least} to ${most} (base: ${show(base)})`
    throw invalidArgument(`${at}.members`, members, allowed)
  }
  if (base === 'int8' && entries.length === 2 && members.FALSE === 0 && members.TRUE === 1) {
    throw invalidArgument(`${at}.type`, 'enum', "'bool', which is stored as this enum of FALSE and TRUE")
  }
  return { kind: 'enum', base, members: new Map(entries) }
}

/** The type of the arrays that hold the values. */
export function storageOf(value: ValueType): Field['storage'] {
  if (value.kind === 'integer') return value.type
  if (value.kind === 'float') return value.type === 'float16' ? 'uint16' : value.type
  if (value.kind === 'enum') return value.base
  return value.kind === 'bool' ? 'bool' : 'uint8'
}

/** The fill value as an element of the storage type. A journal stores it as a float64. */
export function fillOf(at: string, value: ValueType, fill: unknown): number {
  const refuse = (allowed: string): never => {
    throw invalidArgument(`${at}.fill`, fill, allowed)
  }
  if (value.kind === 'string') return 0
  if (value.kind === 'bool') {
    if (fill !== undefined && typeof fill !== 'boolean') refuse('true or false')
    return fill === true ? 1 : 0
  }
  if (value.kind === 'enum') {
    if (fill === undefined) return [...value.members.values()][0] as number
    return value.members.get(fill as string) ?? refuse(`one of ${[...value.members.keys()].map(show).join(', ')}`)
  }
  if (value.kind === 'integer') return integerFill(value.type, fill ?? 0, refuse)
  if (fill !== undefined && typeof fill !== 'number') refuse('a number')
  const number = (fill as number | undefined) ?? Number.NaN
  const stored = value.type === 'float16' ? fromHalfBits(halfBits(number)) : Math.fround(number)
  if (value.type !== 'float64' && !Object.is(stored, number)) refuse(`a number that a ${value.type} holds exactly`)
  return value.type === 'float16' ? halfBits(number) : number
}

function integerFill(type: IntegerType, fill: unknown, refuse: (allowed: string) => never): number {
  if (type === 'int64' || type === 'uint64') {
    const [least, most] = wideRanges[type]
    const whole = typeof fill === 'bigint' || Number.isInteger(fill) ? BigInt(fill as number) : null
    if (whole === null || whole < least || whole > most) return refuse(`an integer from ${least} to ${most}`)
    return BigInt(Number(whole)) === whole ? Number(whole) : refuse('an integer that a float64 holds exactly')
  }
  const [least, most] = integerRanges[type]
  if (Number.isInteger(fill) && (fill as number) >= least && (fill as number) <= most) return fill as number
  return refuse(`an integer from ${least} to ${most}`)
}

/** The smallest and the largest allowed value; null if the field does not say. */
export function rangeOf(at: string, value: ValueType, range: unknown): Field['range'] {
  if (range === undefined) return null
  const [least, most] = Array.isArray(range) && range.length === 2 ? range : []
  const ordered = typeof least === 'number' && typeof most === 'number' && least <= most
  if (value.kind !== 'integer') {
    if (ordered) return [least, most]
    throw invalidArgument(`${at}.range`, range, 'two numbers, the smallest and the largest allowed value')
  }
  const [first, last] = safeRange(value.type)
  if (ordered && Number.isInteger(least) && Number.isInteger(most) && least >= first && most <= last) {
    return [least, most]
  }
  const allowed = `two integers from ${first} to ${last}, the smallest and the largest allowed value`
  throw invalidArgument(`${at}.range`, range, allowed)
}

function safeRange(type: IntegerType): readonly [number, number] {
  if (type === 'int64') return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
  return type === 'uint64' ? [0, Number.MAX_SAFE_INTEGER] : integerRanges[type]
}
