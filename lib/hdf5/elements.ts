/** @internal Values that one typed array holds, for what stands on this floor: boxes of whole rows, read in one go. */
import { type ElementType, native, type ReadRequest } from '../native.js'
import type { Dataset } from './dataset.js'
import { product } from './decode.js'
import { arrays as byName } from './memory.js'
import { ask, runSync } from './steps.js'
import type { NdArray } from './types.js'

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

/** One box of one dataset, with the memory that it is read into. */
export interface Request<E extends ElementType = ElementType> extends ReadRequest {
  out: ArrayOf<E>
}

/** The box of `count` elements from `start` along each axis of a dataset of that type. */
export function requestOf<E extends ElementType>(
  dataset: Dataset,
  element: E,
  start: number[],
  count: number[],
): Request<E> {
  return { dataset: dataset.handle, start, count, out: newArray(element, product(count)) }
}

function resultOf<E extends ElementType>({ out, count }: Request<E>): NdArray<ArrayOf<E>> {
  return { data: out, shape: count }
}

/** Reads boxes of several datasets in one go. */
export async function readAll(requests: Request[]): Promise<NdArray<ArrayOf<ElementType>>[]> {
  await native.read(requests)
  return requests.map(resultOf)
}

/** As {@link readAll}, on the calling thread. */
export function readAllSync(requests: Request[]): NdArray<ArrayOf<ElementType>>[] {
  native.readSync(requests)
  return requests.map(resultOf)
}

/**
 * Of the rows from `first` to `end`, the runs that the file does not have, of at least one value: reading gives the fill
 * value there.
 */
export function unstoredRows(dataset: Dataset, first: number, end: number): { start: number; stop: number }[] {
  const pairs = runSync(ask('dataset.unstoredRows', dataset.handle, first, end))
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    start: pairs[2 * i] as number,
    stop: pairs[2 * i + 1] as number,
  }))
}
