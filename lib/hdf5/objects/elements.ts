/** @internal Values that one typed array holds, for what stands on this floor: rows and boxes. */
import { constants } from 'node:buffer'
import { type ElementType, native, type TypedArray } from '../../native/native.js'
import { call, runSync } from '../../native/operation.js'
import { product } from '../values/decode.js'
import { arrays as byName } from '../values/memory-type.js'
import type { NdArray } from '../values/types.js'
import type { Dataset } from './dataset.js'

const arrays = { ...byName, bool: Uint8Array } as const

/** The typed array that holds elements of type `E`; h5py's bool comes as 0 and 1. */
export type ArrayOf<E extends ElementType> = InstanceType<(typeof arrays)[E]>

/** Bytes of one element of that type. */
export function bytesOf(element: ElementType): number {
  return arrays[element].BYTES_PER_ELEMENT
}

/** Whether it names a type that a typed array holds. */
export function isElement(name: unknown): name is ElementType {
  return typeof name === 'string' && Object.hasOwn(arrays, name)
}

/** A typed array for `length` elements of that type. */
export function newArray<E extends ElementType>(element: E, length: number): ArrayOf<E> {
  return new arrays[element](length) as ArrayOf<E>
}

/** A dataset whose values a typed array holds, and the shape of one of its rows. */
export interface RowsOf<E extends ElementType = ElementType> {
  readonly dataset: Dataset
  readonly type: E
  readonly rowShape: readonly number[]
}

export interface RowOptions {
  /** Rows that have no place in the file are ERR_FORMAT, instead of fill values. */
  storedOnly?: boolean
  /** Into memory of the addon's, which is filled faster where there is much of it, and cannot be transferred to other threads. */
  ownMemory?: boolean
}

const handlesOf = (columns: readonly RowsOf[]) => columns.map(({ dataset }) => dataset.handle)

function roomFor(columns: readonly RowsOf[], rows: number, ownMemory: boolean): ArrayOf<ElementType>[] {
  const lengths = columns.map(({ rowShape }) => rows * product(rowShape))
  const sizes = columns.map(({ type }, i) => bytesOf(type) * (lengths[i] as number))
  // Node makes no larger buffers of memory that is not its own.
  if (!ownMemory || sizes.some((bytes) => bytes > constants.MAX_LENGTH)) {
    return columns.map(({ type }, i) => newArray(type, lengths[i] as number))
  }
  const buffers = native.newBuffers(sizes)
  return columns.map(({ type }, i) => new arrays[type](buffers[i] as ArrayBuffer))
}

function shaped<A extends TypedArray>(columns: readonly RowsOf[], rows: number, arrays: readonly A[]): NdArray<A>[] {
  return arrays.map((data, i) => ({ data, shape: [rows, ...(columns[i] as RowsOf).rowShape] }))
}

/** Reads rows `start` to `stop` of several datasets in one go. */
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

/** As {@link readRows}, on the calling thread. */
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

/** Reads the box of `count` elements from `start` along each axis of a dataset of that type. */
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
 * Of the rows from `first` to `end`, the runs that the file does not have, of at least one value: reading gives the fill
 * value there.
 */
export function unstoredRows(dataset: Dataset, first: number, end: number): { start: number; stop: number }[] {
  const pairs = runSync(call('dataset.unstoredRows', dataset.handle, first, end))
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    start: pairs[2 * i] as number,
    stop: pairs[2 * i + 1] as number,
  }))
}
