import { createHash } from 'node:crypto'
import type { Columns, Data, Reference, Type } from 'h5tracks/hdf5'
import { byOffset } from './describe-type.js'

/** Describes a reference in the words that both walks use. */
export type DescribeReference = (reference: Reference) => string

type Numbers = Exclude<Extract<Data, ArrayBufferView>, BigInt64Array | BigUint64Array> | BigInt64Array | BigUint64Array

/** The canonical bytes of values, defined in test/python/walk.py. Independent of the library's own conversions. */
export function canonical(data: Data, type: Type, describeReference: DescribeReference): Buffer {
  const parts: Buffer[] = []
  collect(data, type, describeReference, parts)
  return Buffer.concat(parts)
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function collect(data: Data, type: Type, describeReference: DescribeReference, parts: Buffer[]): void {
  switch (type.class) {
    case 'integer':
    case 'enum':
    case 'bool':
    case 'bitfield':
      parts.push(integers(data as Numbers))
      break
    case 'float':
      parts.push(floats(data as Numbers))
      break
    case 'string':
      for (const text of data as (string | Uint8Array)[]) parts.push(sized(Buffer.from(text as string)))
      break
    case 'compound':
      for (const { name, type: member } of byOffset(type))
        collect((data as Columns)[name]!, member, describeReference, parts)
      break
    case 'complex':
      for (const part of ['r', 'i']) collect((data as Columns)[part]!, type.base, describeReference, parts)
      break
    case 'array':
      collect(data, type.base, describeReference, parts)
      break
    case 'vlen':
      for (const element of data as Data[]) {
        parts.push(uint32(lengthOf(element, type.base)))
        collect(element, type.base, describeReference, parts)
      }
      break
    case 'opaque':
      parts.push(Buffer.from(data as Uint8Array))
      break
    case 'reference':
      for (const reference of data as (Reference | null)[]) {
        parts.push(sized(Buffer.from(reference ? describeReference(reference) : '')))
      }
      break
    default:
      throw new Error(`no canonical bytes for ${type.class}`)
  }
}

/** The number of elements of `type` in `data`, for instance the rows of an array or of a compound's columns. */
export function lengthOf(data: Data, type: Type): number {
  if (type.class === 'compound') {
    const first = type.members[0]!
    return lengthOf((data as Columns)[first.name]!, first.type)
  }
  if (type.class === 'complex') return lengthOf((data as Columns).r!, type.base)
  if (type.class === 'array') return lengthOf(data, type.base) / type.shape.reduce((product, n) => product * n, 1)
  if (type.class === 'opaque') return (data as Uint8Array).length / type.size
  return (data as { length: number }).length
}

function integers(data: Numbers): Buffer {
  const wide = data instanceof BigInt64Array || data instanceof BigUint64Array
  const bytes = Buffer.alloc(data.length * 8)
  for (let i = 0; i < data.length; i++) {
    bytes.writeBigInt64LE(BigInt.asIntN(64, wide ? (data[i] as bigint) : BigInt(data[i] as number)), i * 8)
  }
  return bytes
}

function floats(data: Numbers): Buffer {
  const bytes = Buffer.alloc(data.length * 8)
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number
    // Every NaN becomes the one of numpy.
    if (Number.isNaN(value)) bytes.writeBigUInt64LE(0x7ff8000000000000n, i * 8)
    else bytes.writeDoubleLE(value, i * 8)
  }
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const sized = (bytes: Buffer): Buffer => Buffer.concat([uint32(bytes.length), bytes])
