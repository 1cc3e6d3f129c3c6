/** Checks the description of a field and fills in its defaults. */
import { H5TracksError, invalidArgument, show } from '../base/errors.js'
import { fromHalfBits, halfBits } from './half.js'
import type { Field, ValueType } from './model.js'
import type { EnumField, FieldSpec, IntegerType, LayoutSpec } from './spec.js'
import { integerRanges, wideRanges } from './storage.js'

export type Flags = Pick<Field, 'perFrame' | 'perCamera'>

type Loose = Readonly<Record<string, unknown>> & { readonly type: unknown }

const common = ['type', 'shape', 'axes', 'optional', 'inFile', 'dataset', 'unit', 'description']
const ofType: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...Object.keys(integerRanges), 'int64', 'uint64'].map((name) => [name, ['fill', 'range']])),
  ...Object.fromEntries(['float16', 'float32', 'float64'].map((name) => [name, ['fill', 'range', 'partial']])),
  bool: ['fill'],
  enum: ['fill', 'members', 'base'],
  string: ['length'],
}
const mostAxes = 31
const mostValues = 2 ** 31 - 1

/** Checks a field. `place`: the part of the layout that it stands in, for errors. */
export function defineField(
  place: string,
  name: string,
  given: FieldSpec,
  flags: Flags,
  labels: NonNullable<LayoutSpec['axes']>,
): Field {
  const at = `${place}.${name}`
  const spec = (typeof given === 'string' ? { type: given } : given) as Loose
  if (typeof spec !== 'object' || spec === null || typeof spec.type !== 'string' || !Object.hasOwn(ofType, spec.type)) {
    throw invalidArgument(at, given, `a type (${Object.keys(ofType).join(', ')}) or an object with a type`)
  }
  checkKeys(at, spec, [...common, ...(ofType[spec.type] as string[])])
  const value = valueType(at, spec)
  const shape = checkShape(at, spec.shape ?? [])
  const dataset = checkName(`${at}.dataset`, spec.dataset ?? snakeCase(name))
  const { unit, description, partial = 'keep', inFile = 'required' } = spec
  if (inFile !== 'required' && inFile !== 'optional') {
    throw invalidArgument(`${at}.inFile`, inFile, "'required' or 'optional'")
  }
  const { optional = inFile === 'optional' } = spec
  if (typeof optional !== 'boolean') throw invalidArgument(`${at}.optional`, optional, 'true or false')
  if (inFile === 'optional' && !optional) {
    throw invalidArgument(`${at}.optional`, optional, "true, since inFile is 'optional'")
  }
  for (const [key, text] of Object.entries({ unit, description })) {
    if (text !== undefined && typeof text !== 'string') throw invalidArgument(`${at}.${key}`, text, 'a string')
  }
  if (partial !== 'keep' && partial !== 'refuse') throw invalidArgument(`${at}.partial`, partial, "'keep' or 'refuse'")
  return {
    name: checkName(at, name),
    dataset,
    value,
    storage: storageOf(value),
    elements: value.kind === 'string' ? value.length : 1,
    shape,
    axes: checkAxes(at, spec.axes, shape, dataset, labels),
    ...flags,
    fill: fillOf(at, value, spec.fill),
    range: checkRange(at, value, spec.range),
    partial,
    optional,
    inFile,
    unit: unit as string | undefined,
    description: description as string | undefined,
  }
}

/** Throws ERR_INVALID_ARGUMENT for a property that is not among `known`, so that a misspelt one is not ignored. */
export function checkKeys(at: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw invalidArgument(at, given, 'an object')
  const odd = Object.keys(given).find((key) => !known.includes(key))
  if (odd === undefined) return
  throw new H5TracksError(`${at} has no property ${show(odd)}; there are ${known.join(', ')}`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: odd,
  })
}

function valueType(at: string, spec: Loose): ValueType {
  if (spec.type === 'bool') return { kind: 'bool' }
  if (spec.type === 'string') {
    const { length } = spec
    if (!Number.isInteger(length) || (length as number) < 1 || (length as number) > 65535) {
      throw invalidArgument(`${at}.length`, length, 'a number of bytes from 1 to 65535')
    }
    return { kind: 'string', length: length as number }
  }
  if (spec.type === 'enum') return enumType(at, spec as unknown as EnumField)
  const type = spec.type as string
  return type.startsWith('float')
    ? { kind: 'float', type: type as 'float32' }
    : { kind: 'integer', type: type as 'int8' }
}

function enumType(at: string, { members, base = 'int8' }: EnumField): ValueType {
  if (!Object.hasOwn(integerRanges, base)) {
    throw invalidArgument(`${at}.base`, base, `one of ${Object.keys(integerRanges).join(', ')}`)
  }
  const entries = typeof members === 'object' && members !== null ? Object.entries(members) : []
  const [least, most] = integerRanges[base]
  const odd = entries.find(([name, n]) => name === '' || !Number.isInteger(n) || n < least || n > most)
  if (entries.length === 0 || odd || new Set(Object.values(members)).size !== entries.length) {
    const allowed = `an object of names with distinct integers from ${least} to ${most} (base: ${show(base)})`
    throw invalidArgument(`${at}.members`, members, allowed)
  }
  return { kind: 'enum', base, members: new Map(entries) }
}

function storageOf(value: ValueType): Field['storage'] {
  if (value.kind === 'integer') return value.type
  if (value.kind === 'float') return value.type === 'float16' ? 'uint16' : value.type
  if (value.kind === 'enum') return value.base
  return value.kind === 'bool' ? 'bool' : 'uint8'
}

function checkShape(at: string, shape: unknown): readonly number[] {
  const ok = (n: unknown) => Number.isInteger(n) && (n as number) >= 1
  if (Array.isArray(shape) && shape.length <= mostAxes && shape.every(ok)) {
    if (shape.reduce((all: number, n: number) => all * n, 1) <= mostValues) return [...shape]
  }
  throw invalidArgument(`${at}.shape`, shape, `a list of at most ${mostAxes} integers from 1`)
}

function checkAxes(
  at: string,
  axes: unknown,
  shape: readonly number[],
  dataset: string,
  labels: NonNullable<LayoutSpec['axes']>,
): readonly string[] {
  if (axes === undefined) return shape.map((_, i) => `${dataset}_${i}`)
  if (!Array.isArray(axes) || axes.length !== shape.length || new Set(axes).size !== axes.length) {
    throw invalidArgument(`${at}.axes`, axes, `${shape.length} distinct names, one for each number of shape`)
  }
  for (const [i, axis] of axes.entries()) {
    checkName(`${at}.axes[${i}]`, axis)
    if (axis === 'frame' || axis === 'slot') {
      throw invalidArgument(`${at}.axes[${i}]`, axis, "another name than 'frame' and 'slot', which a layout has itself")
    }
    const known = labels[axis as string]
    if (known === undefined || known.length === shape[i]) continue
    throw invalidArgument(
      `${at}.shape[${i}]`,
      shape[i],
      `${known.length}, as many as the axis ${show(axis)} has labels`,
    )
  }
  return [...axes]
}

/** True if HDF5 takes a text as the name of a link; lone surrogates have no UTF-8. */
export function isLinkName(name: string): boolean {
  return name !== '' && name !== '.' && !/[/\0]|\p{Surrogate}/u.test(name)
}

function checkName(at: string, name: unknown): string {
  if (typeof name === 'string' && isLinkName(name)) return name
  throw invalidArgument(at, name, "named by a non-empty string other than '.', without '/' and NUL")
}

/** animalId becomes animal_id, and meanHSVColor mean_hsv_color. */
function snakeCase(name: string): string {
  return name
    .replace(/([\p{Ll}\p{Nd}])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
}

// A journal stores a fill value as a float64.
function fillOf(at: string, value: ValueType, fill: unknown): number {
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
  if (value.kind === 'float') {
    if (fill !== undefined && typeof fill !== 'number') refuse('a number')
    const number = (fill as number | undefined) ?? Number.NaN
    if (value.type === 'float16') {
      const bits = halfBits(number)
      return Object.is(fromHalfBits(bits), number) ? bits : refuse('a number that a float16 holds exactly')
    }
    return value.type === 'float64' || Object.is(Math.fround(number), number) ? number : refuse('exact as a float32')
  }
  return integerFill(value.type, fill ?? 0, refuse)
}

function integerFill(type: IntegerType, fill: unknown, refuse: (allowed: string) => never): number {
  if (type === 'int64' || type === 'uint64') {
    const [least, most] = wideRanges[type]
    const whole = typeof fill === 'bigint' || Number.isInteger(fill) ? BigInt(fill as number) : null
    if (whole === null || whole < least || whole > most) return refuse(`an integer from ${least} to ${most}`)
    return BigInt(Number(whole)) === whole ? Number(whole) : refuse('exact as a float64, as the journal stores it')
  }
  const [least, most] = integerRanges[type]
  if (Number.isInteger(fill) && (fill as number) >= least && (fill as number) <= most) return fill as number
  return refuse(`an integer from ${least} to ${most}`)
}

function checkRange(at: string, value: ValueType, range: unknown): Field['range'] {
  if (range === undefined) return null
  const [least, most] = Array.isArray(range) ? range : []
  const numbers = typeof least === 'number' && typeof most === 'number' && least <= most
  const whole = value.kind !== 'integer' || (Number.isSafeInteger(least) && Number.isSafeInteger(most))
  if (numbers && whole && (range as unknown[]).length === 2) return [least, most]
  const kind = value.kind === 'integer' ? 'safe integers' : 'numbers'
  throw invalidArgument(`${at}.range`, range, `two ${kind}, the smallest and the largest allowed value`)
}
