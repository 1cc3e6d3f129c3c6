/** What another program knows about a recording, as attributes. */

import type { Metadata } from '../../frames/file/types.js'
import type { WritableAttributeValue } from '../../hdf5/values/attribute-value.js'
import type { Report } from '../core/report.js'

/** An attribute must fit into the header of an object. */
const longest = 60_000

/**
 * Attributes from plain values: numbers, texts, and lists of one of them, as they are; others as JSON. Empty ones are left out, those that are
 * too long are reported.
 */
export function attributesFrom(values: Readonly<Record<string, unknown>>, report: Report): Metadata {
  const entries = Object.entries(values).flatMap(([name, value]): [string, WritableAttributeValue][] => {
    const written = attributeOf(value)
    if (written === undefined) return []
    if (JSON.stringify(written).length > longest) {
      report.lost(`attribute ${name}`, 1, `it is longer than the ${longest} bytes that an attribute may have`)
      return []
    }
    return [[name.replaceAll('\0', ''), written]]
  })
  return Object.fromEntries(entries)
}

function attributeOf(value: unknown): WritableAttributeValue | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'bigint') return Number(value)
  if (!Array.isArray(value)) return Object.keys(value).length === 0 ? undefined : JSON.stringify(value)
  if (value.length === 0) return undefined
  if (value.every((element) => typeof element === 'number')) return Float64Array.from(value)
  return value.every((element) => typeof element === 'string') ? (value as string[]) : JSON.stringify(value)
}
