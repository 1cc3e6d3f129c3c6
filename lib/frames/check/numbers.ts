/** Turns the stored values of a column into numbers of one of three kinds of array, so that each loop of `scan.ts` sees only one. */
import { isHalf } from '../../layout/half.js'
import type { Field } from '../../layout/model.js'
import { fromHalves } from '../read/values.js'
import type { Values } from './pieces.js'

export type Numbers = Int32Array | Float32Array | Float64Array

/** The numbers that values of a number or enum stand for. 64-bit integers beyond the safe ones are rounded, which keeps their order. */
export function numbersOf(field: Field, values: Values): Numbers {
  const { storage } = field
  if (isHalf(field)) return fromHalves(values as Uint16Array)
  if (storage === 'int32' || storage === 'float32' || storage === 'float64') return values as Numbers
  if (storage === 'uint32') return new Float64Array(values as Uint32Array)
  if (storage === 'int64' || storage === 'uint64') return wides(values as BigInt64Array | BigUint64Array)
  return new Int32Array(values as Int8Array)
}

/** The two int32 of each 64-bit integer, the lower half first. */
export function halvesOf({ buffer, byteOffset, length }: BigInt64Array | BigUint64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length)
}

function wides(values: BigInt64Array | BigUint64Array): Float64Array {
  const parts = halvesOf(values)
  const unsigned = values instanceof BigUint64Array
  const numbers = new Float64Array(values.length)
  for (let i = 0; i < numbers.length; i++) {
    const high = parts[2 * i + 1] as number
    numbers[i] = (unsigned ? high >>> 0 : high) * 2 ** 32 + ((parts[2 * i] as number) >>> 0)
  }
  return numbers
}
