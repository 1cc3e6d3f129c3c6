/** The arrays of batches. */
import { isHalf } from '../../layout/half.js'
import type { Field } from '../../layout/model.js'
import { elementArrays } from '../../native/element-types.js'
import type { Batch, BatchArray, BatchColumn } from './format.js'

/** An array of a batch that is being filled. */
export type MutableArray = Exclude<BatchArray, readonly string[]> | string[]

/** An array of `length` values of a field, all of them `fill`. */
export function fieldArray(field: Field, length: number, fill: number): MutableArray {
  if (field.value.kind === 'string') return new Array<string>(length).fill('')
  if (isHalf(field)) return new Float32Array(length).fill(fill)
  const Values = elementArrays[field.storage]
  if (Values === BigInt64Array || Values === BigUint64Array) {
    const wide = new Values(length)
    return fill === 0 ? wide : wide.fill(BigInt(fill))
  }
  const values = new (Values as Float64ArrayConstructor)(length)
  return fill === 0 ? values : values.fill(fill)
}

/** The array of a field in a batch, for one camera if it has one per camera; undefined if the batch lacks it. */
export function arrayIn(batch: Batch, name: string, camera?: string): BatchArray | undefined {
  const column = batch[name]
  if (column === undefined) return undefined
  if (camera !== undefined) return (column as Readonly<Record<string, BatchColumn>>)[camera]?.data
  return (column as BatchColumn).data
}
