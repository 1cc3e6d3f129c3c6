/** How Zarr (version 2) describes a dataset: types, filters and chunks. */
import { H5TracksError, show } from '../../base/errors.js'
import type { StorageInfo } from '../../hdf5/objects/dataset-info.js'
import type { FilterInfo } from '../../hdf5/values/filters.js'
import { sizeOf, spell } from '../../hdf5/values/type-spec.js'
import type { Type } from '../../hdf5/values/types.js'

/** HDF5's numbers of the filters that Zarr's codecs undo. */
const deflate = 1
const shuffle = 2
const fletcher32 = 3

/** How the chunks of a dataset are encoded. */
export interface Codecs {
  /** The codec of bytes, `compressor` of a Zarr array. */
  compressor: object | null
  filters: object[] | null
  /** Bytes of a checksum at the end of each chunk, which the references leave out. */
  trailer: number
  /** Size of the elements that shuffle takes apart; null without shuffle. */
  shuffled: number | null
}

/** Numpy's name of a type; undefined for a type that Zarr's arrays cannot have in place. */
export function dtypeOf(type: Type): string | undefined {
  if (type.class === 'enum') return dtypeOf(type.base)
  if (type.class !== 'string') return spell(type)
  return typeof type.size === 'number' && type.padding !== 'space-padded' ? `|S${type.size}` : undefined
}

/** The codecs of a dataset. Throws ERR_UNSUPPORTED_FILTER, with the path of the dataset, for filters that Zarr does not undo. */
export function codecsOf(path: string, filters: readonly FilterInfo[], type: Type): Codecs {
  const last = filters.at(-1)?.id === fletcher32
  const ids = (last ? filters.slice(0, -1) : filters).map(({ id }) => id)
  const supported = ['', String(deflate), String(shuffle), `${shuffle},${deflate}`]
  if (!supported.includes(String(ids))) {
    const names = filters.map(({ id, name }) => name || `filter ${id}`).join(', ')
    throw new H5TracksError(
      `${path} has the filters ${names}; references need shuffle and deflate at most, as h5tracks writes them. h5repack changes them`,
      { code: 'ERR_UNSUPPORTED_FILTER' },
    )
  }
  const level = filters.find(({ id }) => id === deflate)?.options[0] ?? 1
  const size = sizeOf(type)
  const shuffles = ids.includes(shuffle)
  return {
    compressor: ids.includes(deflate) ? { id: 'zlib', level } : null,
    filters: shuffles ? [{ id: 'shuffle', elementsize: size }] : null,
    trailer: last ? 4 : 0,
    shuffled: shuffles ? size : null,
  }
}

/** The extent of a chunk along each axis. A dataset without chunks is one chunk. */
export function chunkShapeOf({ chunks, shape }: Pick<StorageInfo, 'chunks' | 'shape'>): number[] {
  return (chunks ?? shape ?? []).map((extent) => Math.max(1, extent))
}

/** The contents of `.zarray`. */
export function arrayJson(
  { type, filters, layout }: Pick<StorageInfo, 'type' | 'filters' | 'layout'>,
  path: string,
  shape: readonly number[],
  chunks: readonly number[],
): string {
  const dtype = dtypeOf(type)
  if (dtype === undefined) throw unsupported(path, `values of type ${show(type)}`)
  const { compressor, filters: codecs } = codecsOf(path, layout === 'chunked' ? filters : [], type)
  return plainArray(dtype, shape, chunks, { compressor, filters: codecs })
}

/** The contents of `.zarray` for an array with these codecs. */
export function plainArray(
  dtype: string,
  shape: readonly number[],
  chunks: readonly number[],
  codecs: Pick<Codecs, 'compressor' | 'filters'> = { compressor: null, filters: null },
): string {
  // With a fill value, xarray would take it for a missing value and turn integers into floats.
  return JSON.stringify({ zarr_format: 2, shape, chunks, dtype, ...codecs, fill_value: null, order: 'C' })
}

export function unsupported(path: string, what: string): H5TracksError {
  return new H5TracksError(`${path} has ${what}, which references cannot describe`, { code: 'ERR_UNSUPPORTED_TYPE' })
}
