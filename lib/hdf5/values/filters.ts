/** Filters of chunks. */
import { invalidArgument } from '../../base/errors.js'

/**
 * A filter that encodes and decodes chunks:
 * - 'deflate' or `{ deflate: level }`, 0 to 9 (default 4); 'shuffle'; 'fletcher32'; 'nbit'
 * - `{ scaleOffset: n }`: keeps n decimal digits of floats, or n bits of integers; with 0, HDF5 finds the number of bits
 * - 'szip' or `{ szip: { coding, pixelsPerBlock } }`, if HDF5 was built with the encoder
 * - `{ id, options }`: any filter by its registered id. `optional`: a chunk for which it fails is stored without it.
 *
 * `versions.hdf5.writableFilters` lists the filters that can be written by name. Others throw ERR_UNSUPPORTED_FILTER (h5py's lzf,
 * which can only be read; szip in a build without libaec), unless `loadFilterPlugins` adds them.
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

/** A filter of an existing dataset. It can be passed as a {@link Filter} of a new dataset. */
export interface FilterInfo {
  id: number
  name: string
  options: number[]
  optional: boolean
}

// HDF5 computes the options of these filters for each dataset, and has a function to set each of them.
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
  // The first two options are the kind of scale and the scale; the others belong to one dataset.
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

/** Converts filters for native code. Throws ERR_INVALID_ARGUMENT. */
export function nativeFilters(filters: readonly Filter[]): object[] {
  if (!Array.isArray(filters)) throw invalidArgument('filters', filters, 'a list of filters')
  return filters.map(nativeFilter)
}
