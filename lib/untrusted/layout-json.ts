/** Converts layouts to JSON and back. The reading process sends layouts that a file describes, so that everything is checked. */
import type { AttributeValue } from '../hdf5/values/attribute-value.js'
import { makeLayout } from '../layout/define.js'
import { type FileFormat, type Layout, withoutFields } from '../layout/model.js'
import type { LayoutSpec } from '../layout/spec.js'
import { decodeValue, encodeValue, expect, isStrings, ProtocolError } from './json-values.js'

/** A layout without its attributes, which a reader gets as metadata. */
export interface EncodedLayout {
  spec: unknown
  format: FileFormat
  /** The names of the fields that the file has, in its order. */
  order: string[]
}

const mostFields = 1000
const parts = ['perFrame', 'fields', 'perCamera'] as const

export function encodeLayout({ spec, format, fields }: Layout): EncodedLayout {
  const { attributes: _, ...own } = spec
  return { spec: encodeValue(withoutUndefined(own) as AttributeValue), format, order: fields.map(({ name }) => name) }
}

/** Makes the layout again. Throws ProtocolError for anything that is not one. */
export function decodeLayout(encoded: unknown): Layout {
  const { spec, format, order } = Object(encoded) as Record<string, unknown>
  expect(isStrings(order) && order.length <= mostFields, 'order of fields')
  const decoded = Object(decodeValue(spec)) as LayoutSpec
  const count = parts.reduce((sum, part) => sum + Object.keys(Object(decoded[part])).length, 0)
  expect(count <= mostFields, 'number of fields')
  return presentIn(encoded, made(decoded, formatOf(format), order))
}

/** The layout without the fields that the file lacks. Throws ProtocolError if others are missing or unknown. */
export function presentIn(encoded: unknown, expected: Layout): Layout {
  const { order } = Object(encoded) as Record<string, unknown>
  expect(isStrings(order), 'order of fields')
  const present = new Set(order)
  const layout = withoutFields(expected, ({ name }) => !present.has(name))
  expect(JSON.stringify(layout.fields.map(({ name }) => name)) === JSON.stringify(order), 'order of fields')
  return layout
}

function made(spec: LayoutSpec, format: FileFormat, order: readonly string[]): Layout {
  try {
    return makeLayout(spec, format, order)
  } catch (error) {
    throw new ProtocolError(`unexpected layout: ${(error as Error).message}`)
  }
}

function formatOf(given: unknown): FileFormat {
  const { schema, version, describes, tally } = Object(given) as Record<string, unknown>
  expect(schema === null || typeof schema === 'string', 'schema')
  expect(typeof version === 'string' && typeof describes === 'boolean', 'format')
  expect(tally === undefined || typeof tally === 'string', 'tally')
  return { schema, version, describes, ...(tally !== undefined && { tally }) }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutUndefined(one)]))
}
