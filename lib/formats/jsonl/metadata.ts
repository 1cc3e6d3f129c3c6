/** Converts metadata to and from the header of JSON lines, which `h5tracks tail --json` writes. */

import type { Metadata, ReadMetadata } from '../../frames/file/types.js'
import type { AttributeValue, WritableAttributeValue } from '../../hdf5/values/attribute-value.js'
import { type ArrayName, arrays } from '../../hdf5/values/memory-type.js'

/** An array of more than one dimension. */
interface Table {
  type: ArrayName
  shape: number[]
  data: (number | bigint)[]
}

/** Converts the metadata of a header for a writer. The writer refuses values that cannot be metadata. */
export function metadataOf(header: Readonly<Record<string, unknown>>): Metadata {
  const entries = Object.entries(header).map(
    ([name, value]) => [name, isTable(value) ? tableOf(value) : value] as const,
  )
  return Object.fromEntries(entries) as Metadata
}

function isTable(value: unknown): value is Table {
  const { type, shape, data } = (value ?? {}) as Partial<Table>
  return typeof type === 'string' && Object.hasOwn(arrays, type) && Array.isArray(shape) && Array.isArray(data)
}

function tableOf({ type, shape, data }: Table): WritableAttributeValue {
  const exact = type === 'int64' || type === 'uint64'
  const array = exact ? arrays[type].from(data.map(BigInt)) : arrays[type].from(data.map(Number))
  return { data: array, shape }
}

/** Converts the metadata of a file to JSON. `left` names the attributes that a header cannot hold. */
export function metadataJson(metadata: ReadMetadata): { json: string; left: string[] } {
  const texts: string[] = []
  const left: string[] = []
  for (const [name, value] of Object.entries(metadata)) {
    const text = valueJson(value)
    if (text === undefined) left.push(name)
    else texts.push(`${JSON.stringify(name)}:${text}`)
  }
  return { json: `{${texts.join(',')}}`, left }
}

function valueJson(value: AttributeValue): string | undefined {
  if (Array.isArray(value)) {
    const texts = value.map(valueJson)
    return texts.includes(undefined) ? undefined : `[${texts.join(',')}]`
  }
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'bigint') return String(value)
  // NaN as Python writes and reads it. Infinity as 1e999, which is JSON and which parsers read as infinity.
  if (typeof value === 'number')
    return Number.isFinite(value) || Number.isNaN(value) ? numberJson(value) : infinite(value)
  const { data, shape } = (value ?? {}) as { data?: unknown; shape?: number[] }
  const type = Object.entries(arrays).find(([, array]) => data instanceof array)?.[0]
  if (shape === undefined || type === undefined) return undefined
  const numbers = Array.from(data as ArrayLike<number | bigint>, valueJson)
  return `{"type":"${type}","shape":${JSON.stringify(shape)},"data":[${numbers.join(',')}]}`
}

function numberJson(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value)
}

function infinite(value: number): string {
  return value > 0 ? '1e999' : '-1e999'
}
