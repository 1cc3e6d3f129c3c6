/** Converts stored values to the values that a reader gives: half-precision floats and texts; all others are given as they are stored. */
import type { NdArray } from '../../hdf5/values/types.js'
import { fromHalfBits, isHalf } from '../../layout/half.js'
import { type Column, type Field, rowBytes } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import type { ColumnArray } from '../file/window-source.js'

/** The values of a column. */
export type ColumnValues = NdArray<TypedArray | string[]>

/** Converts the stored values of a field. The shape is that of the values. */
export function valuesOf(field: Field, { data, shape }: ColumnArray): ColumnValues {
  if (isHalf(field)) return { data: fromHalves(data as Uint16Array), shape }
  if (field.value.kind === 'string') return { data: textsOf(data as Uint8Array, field.elements), shape }
  return { data, shape }
}

let table: Float32Array | undefined

/** The numbers by their bits as halves. */
export function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromHalfBits(bits))
  return table
}

/** The numbers that the bits of halves stand for. */
export function fromHalves(bits: Uint16Array): Float32Array {
  const numbers = halfTable()
  const values = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) values[i] = numbers[bits[i] as number] as number
  return values
}

/** The bytes as a Buffer over the same memory, for {@link textAt}. */
export function bytesIn({ buffer, byteOffset, byteLength }: TypedArray): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}

/** The text in `length` bytes, without the NULs at its end. */
export function textAt(bytes: Buffer, start: number, length: number): string {
  let end = start + length
  while (end > start && bytes[end - 1] === 0) end--
  return end === start ? '' : bytes.toString('utf8', start, end)
}

function textsOf(stored: Uint8Array, length: number): string[] {
  const bytes = bytesIn(stored)
  const texts: string[] = []
  for (let at = 0; at < bytes.length; at += length) texts.push(textAt(bytes, at, length))
  return texts
}

// A text takes about this many bytes besides those of its characters.
const textBytes = 32

/** The bytes that the values of a row take in memory while they are read. */
export function memoryOf(column: Column): number {
  const stored = rowBytes(column)
  if (isHalf(column.field)) return 3 * stored
  const { value, elements } = column.field
  return value.kind === 'string' ? 3 * stored + (textBytes * stored) / elements : stored
}
