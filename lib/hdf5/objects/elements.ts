/** Reads rows and boxes of datasets into typed arrays, for the parts of the package that are built on h5tracks/hdf5. */
import { constants } from 'node:buffer'
import { bytesOf, elementArrays } from '../../native/element-types.js'
import { type ElementType, native, type TypedArray } from '../../native/native.js'
import { call, runSync } from '../../native/operation.js'
import { product } from '../values/decode.js'
import type { NdArray } from '../values/types.js'
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

/** A dataset whose values a typed array holds, with its element type and the shape of a row. */
export interface RowsOf<E extends ElementType = ElementType> {
  readonly dataset: Dataset
  readonly type: E
  readonly rowShape: readonly number[]
  /** Number of elements of the typed array in a row; more than the shape says for strings, whose elements are bytes. */
  readonly width: number
}

export interface RowOptions {
  /** Throw ERR_FORMAT for rows that are not stored, instead of reading fill values. */
  storedOnly?: boolean
  /** Read into memory that the addon allocates: faster for large results, but the arrays cannot be put in a transfer list. */
  ownMemory?: boolean
}

const handlesOf = (columns: readonly RowsOf[]) => columns.map(({ dataset }) => dataset.handle)

function roomFor(columns: readonly RowsOf[], rows: number, ownMemory: boolean): ArrayOf<ElementType>[] {
  const lengths = columns.map(({ width }) => rows * width)
  const sizes = columns.map(({ type }, i) => bytesOf(type) * (lengths[i] as number))
  // Node does not make larger buffers of external memory.
  if (!ownMemory || sizes.some((bytes) => bytes > constants.MAX_LENGTH)) {
    return columns.map(({ type }, i) => newArray(type, lengths[i] as number))
  }
  const buffers = native.newBuffers(sizes)
  return columns.map(({ type }, i) => new elementArrays[type](buffers[i] as ArrayBuffer))
}

function shaped<A extends TypedArray>(columns: readonly RowsOf[], rows: number, arrays: readonly A[]): NdArray<A>[] {
  return arrays.map((data, i) => ({ data, shape: [rows, ...(columns[i] as RowsOf).rowShape] }))
}

/** Reads rows `start` to `stop` of several datasets in one call. */
export async function readRows(
  columns: readonly RowsOf[],
  start: number,
  stop: number,
  { storedOnly = false, ownMemory = false }: RowOptions = {},
): Promise<NdArray<ArrayOf<ElementType>>[]> {
  const arrays = roomFor(columns, stop - start, ownMemory)
  await native.readRows(handlesOf(columns), arrays, start, stop, storedOnly)
  return shaped(columns, stop - start, arrays)
}

/** The blocking form of {@link readRows}. */
export function readRowsSync(
  columns: readonly RowsOf[],
  start: number,
  stop: number,
  { storedOnly = false, ownMemory = false }: RowOptions = {},
): NdArray<ArrayOf<ElementType>>[] {
  const arrays = roomFor(columns, stop - start, ownMemory)
  native.readRowsSync(handlesOf(columns), arrays, start, stop, storedOnly)
  return shaped(columns, stop - start, arrays)
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
