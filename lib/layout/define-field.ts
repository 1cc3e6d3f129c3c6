/** Checks the description of a field and fills in its defaults. */
import { invalidArgument, show } from '../base/errors.js'
import { isStorable } from '../hdf5/values/attribute-value.js'
import { fillOf, type Loose, propertiesOf, rangeOf, storageOf, valueType } from './define-value.js'
import type { Field } from './model.js'
import { checkFieldName, checkKeys, checkName, snakeCase } from './names.js'
import type { FieldSpec, LayoutSpec } from './spec.js'

export type Flags = Pick<Field, 'perFrame' | 'perCamera'>

const common = ['type', 'shape', 'axes', 'optional', 'inFile', 'dataset', 'unit', 'description']
// HDF5 has at most 32 dimensions; frame and slot come first.
const mostAxes = 30
const mostValues = 2 ** 31 - 1

/** Checks a field. `place`: the part of the layout that it stands in, for errors. */
export function defineField(
  place: string,
  name: string,
  given: FieldSpec,
  flags: Flags,
  labels: NonNullable<LayoutSpec['axes']>,
): Field {
  checkFieldName(place, name)
  const at = `${place}.${name}`
  const spec = (typeof given === 'string' ? { type: given } : given) as Loose
  const { type } = spec ?? {}
  if (typeof type !== 'string' || !Object.hasOwn(propertiesOf, type)) {
    throw invalidArgument(at, given, `a type (${Object.keys(propertiesOf).join(', ')}) or an object with a type`)
  }
  checkKeys(at, spec, [...common, ...(propertiesOf[type] as string[])])
  const value = valueType(at, spec)
  const shape = checkShape(at, spec.shape ?? [])
  const dataset = checkName(`${at}.dataset`, spec.dataset ?? snakeCase(name))
  const fill = fillOf(at, value, spec.fill)
  const partial = oneOf(`${at}.partial`, spec.partial ?? 'keep', ['keep', 'refuse'] as const)
  if (partial === 'refuse' && Math.abs(spec.fill as number) === Number.POSITIVE_INFINITY) {
    throw invalidArgument(`${at}.fill`, spec.fill, "finite or NaN, because partial is 'refuse'")
  }
  const inFile = oneOf(`${at}.inFile`, spec.inFile ?? 'required', ['required', 'optional'] as const)
  return {
    name,
    dataset,
    value,
    storage: storageOf(value),
    elements: value.kind === 'string' ? value.length : 1,
    shape,
    axes: axesOf(at, spec.axes, shape, dataset, labels),
    ...flags,
    fill,
    range: rangeOf(at, value, spec.range),
    partial,
    optional: checkOptional(`${at}.optional`, spec.optional, inFile),
    inFile,
    unit: textOf(`${at}.unit`, spec.unit),
    description: textOf(`${at}.description`, spec.description),
  }
}

function oneOf<T extends string>(at: string, given: unknown, allowed: readonly T[]): T {
  if (allowed.includes(given as T)) return given as T
  throw invalidArgument(at, given, allowed.map(show).join(' or '))
}

function checkOptional(at: string, given: unknown, inFile: Field['inFile']): boolean {
  const optional = given ?? inFile === 'optional'
  if (typeof optional !== 'boolean') throw invalidArgument(at, given, 'true or false')
  if (inFile === 'optional' && !optional) throw invalidArgument(at, given, "true, since inFile is 'optional'")
  return optional
}

function textOf(at: string, text: unknown): string | undefined {
  if (text === undefined || isStorable(text)) return text
  throw invalidArgument(at, text, 'a well-formed string without NUL')
}

function checkShape(at: string, shape: unknown): readonly number[] {
  const isLength = (n: unknown) => Number.isInteger(n) && (n as number) >= 1
  if (Array.isArray(shape) && shape.length <= mostAxes && shape.every(isLength)) {
    if (shape.reduce((all: number, n: number) => all * n, 1) <= mostValues) return [...shape]
  }
  const allowed = `a list of at most ${mostAxes} integers from 1, with a product of at most ${mostValues}`
  throw invalidArgument(`${at}.shape`, shape, allowed)
}

function axesOf(
  at: string,
  axes: unknown,
  shape: readonly number[],
  dataset: string,
  labels: NonNullable<LayoutSpec['axes']>,
): readonly string[] {
  if (axes === undefined) return shape.map((_, i) => `${dataset}_${i}`)
  if (!Array.isArray(axes) || axes.length !== shape.length || new Set(axes).size !== axes.length) {
    throw invalidArgument(`${at}.axes`, axes, `a list of distinct names, as many as the shape has numbers`)
  }
  for (const [i, axis] of axes.entries()) {
    checkName(`${at}.axes[${i}]`, axis)
    const known = Object.hasOwn(labels, axis) ? labels[axis] : undefined
    if (known === undefined || known.length === shape[i]) continue
    const allowed = `${known.length}, as many as the axis ${show(axis)} has labels`
    throw invalidArgument(`${at}.shape[${i}]`, shape[i], allowed)
  }
  return [...axes]
}
