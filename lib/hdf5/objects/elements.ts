/** Reads boxes of datasets into typed arrays, for the parts of the package that are built on h5tracks/hdf5. */
import { elementArrays } from '../../native/element-types.js'
import { type ElementType, native } from '../../native/native.js'
import { call, runSync } from '../../native/operation.js'
import { product } from '../values/decode.js'
import type { Dataset } from './dataset.js'

/** The typed array that holds elements of type `E`. h5py's bool is read as 0 and 1. */
export type ArrayOf<E extends ElementType> = InstanceType<(typeof elementArrays)[E]>

/** True if `name` is the name of an element type. */
export function isElement(name: unknown): name is ElementType {
  return typeof name === 'string' && Object.hasOwn(elementArrays, name)
}

/** Makes a typed array for `length` elements. */
export function newArray<E extends ElementType>(element: E, length: number): ArrayOf<E> {
  return new elementArrays[element](length) as ArrayOf<E>
}

/** Reads a box of a dataset: `count` elements from `start` along each axis. */
export async function readBox<E extends ElementType>(
  dataset: Dataset,
  element: E,
  start: readonly number[],
  count: readonly number[],
): Promise<ArrayOf<E>> {
  const out = newArray(element, product(count))
  await native.readBox(dataset.handle, out, new Float64Array([...start, ...count, ...count.map(() => 1)]))
  return out
}

/**
 * Of the rows from `first` to `end`, the runs in which at least one value of each row is not stored in the file, so that reading
 * gives fill values.
 */
export function unstoredRows(dataset: Dataset, first: number, end: number): { start: number; stop: number }[] {
  const pairs = runSync(call('dataset.unstoredRows', dataset.handle, first, end))
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    start: pairs[2 * i] as number,
    stop: pairs[2 * i + 1] as number,
  }))
}
