import { invalidArgument } from '../../base/errors.js'

/**
 * One step that chunks go through:
 * - 'deflate' or `{ deflate: level }`, 0 to 9; 'shuffle'; 'fletcher32'; 'nbit'
 * - `{ scaleOffset: n }`: of floats n decimal digits are kept; of integers n bits, where 0 lets HDF5 find out
 * - 'szip' or `{ szip: { coding, pixelsPerBlock } }`, where HDF5 was built with its encoder
 * - `{ id, options }`: any filter by its registered number. `optional`: chunks are stored without it where it fails.
 *
 * `versions.hdf5.writableFilters` has those that are here by name. Others are ERR_UNSUPPORTED_FILTER (h5py's lzf, which is
 * only read; szip in a build without libaec), unless `loadFilterPlugins` brings them.
 */
export type Filter =
  | 'deflate'
  | 'shuffle'
  | 'fletcher32'
  | 'nbit'
  | 'szip'
  | { readonly deflate: number }
  | { readonly scaleOffset: number }
  | { readonly szip: { readonly coding?: 'nearest-neighbor' | 'entropy'; readonly pixelsPerBlock?: number } }
  | { readonly id: number; readonly name?: string; readonly options?: readonly number[]; readonly optional?: boolean }

/** A filter as a dataset has it; it can be given to a new one. */
export interface FilterInfo {
  id: number
  name: string
  options: number[]
  optional: boolean
}

// HDF5 works out the options of these for each dataset, and has its own way to ask for them.
const names = { deflate: 1, shuffle: 2, fletcher32: 3, szip: 4, nbit: 5, scaleoffset: 6 }

function nativeFilter(filter: Filter): object {
  if (filter === 'deflate') return { deflate: 4 }
  if (filter === 'szip') return { szip: {} }
  if (filter === 'shuffle' || filter === 'fletcher32' || filter === 'nbit') return { [filter]: true }
  if (typeof filter !== 'object' || filter === null) throw invalidArgument('filters', filter, 'a filter')
  if ('deflate' in filter) return { deflate: level(filter.deflate) }
  if ('scaleOffset' in filter || 'szip' in filter) return filter
  if (!('id' in filter)) throw invalidArgument('filters', filter, 'a filter')
  const { id, options = [], optional = false } = filter
  if (id === names.shuffle || id === names.fletcher32 || id === names.nbit) {
    return { [Object.entries(names).find(([, number]) => number === id)![0]]: true }
  }
  if (id === names.deflate) return { deflate: level(options[0]) }
  // The scale and its kind come first; what follows is of one dataset.
  if (id === names.scaleoffset) return { scaleOffset: options[1] ?? 0 }
  if (id === names.szip) {
    return {
      szip: { coding: (options[0] ?? 0) & 4 ? 'entropy' : 'nearest-neighbor', pixelsPerBlock: options[1] ?? 16 },
    }
  }
  return { id, options, optional }
}

function level(given: unknown): number {
  if (Number.isInteger(given) && (given as number) >= 0 && (given as number) <= 9) return given as number
  throw invalidArgument('deflate', given, 'an integer from 0 to 9')
}

/** @internal What native code is told of a pipeline. */
export function nativeFilters(filters: readonly Filter[]): object[] {
  if (!Array.isArray(filters)) throw invalidArgument('filters', filters, 'a list of filters')
  return filters.map(nativeFilter)
}
