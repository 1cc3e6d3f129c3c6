/** The description of a dataset. */
import type { NativeDatasetInfo, NativeHandle } from '../../native/native.js'
import { call, type Operation } from '../../native/operation.js'
import { decode } from '../values/decode.js'
import type { FilterInfo } from '../values/filters.js'
import { memoryType } from '../values/memory-type.js'
import { fromNative, sizeOf, toNative } from '../values/type-spec.js'
import type { Data, Type } from '../values/types.js'
import type { ExternalFile } from './creation.js'

/** Type, shape and storage of a dataset. */
export interface DatasetInfo {
  type: Type
  /** [] for a scalar, null for a null dataspace. */
  shape: number[] | null
  /** null for an unlimited axis. */
  maxShape: (number | null)[] | null
  layout: 'compact' | 'contiguous' | 'chunked' | 'virtual'
  /** Extent of a chunk along each axis; null if the layout is not chunked. */
  chunks: number[] | null
  /** The filters in the order in which they are applied when writing. */
  filters: FilterInfo[]
  /**
   * The fill value, one element. null if it is undefined, or if an element has more than 64 KiB: a file cannot store such a fill
   * value, and zeros are read.
   */
  fill: Data | null
  /** True if a fill value was given when the dataset was created. */
  fillTold: boolean
  fillTime: 'ifset' | 'alloc' | 'never'
  allocation: 'default' | 'early' | 'late' | 'incremental'
  external: Required<ExternalFile>[]
  /** Sources of a virtual dataset. Selections are HDF5's: { start, step, count, block }, { corners }, or null for all. */
  virtual: NativeDatasetInfo['virtual']
  trackOrder: boolean
  attributePhase: [maxCompact: number, minDense: number]
  trackTimes: boolean
  /** Size of the values in the file, bytes. */
  storageSize: number
  /** Where the values of a contiguous dataset begin in the file, bytes; null for other layouts and if nothing is stored. */
  offset: number | null
}

/** What {@link DatasetInfo} says of the storage of a dataset. */
export type StorageInfo = Pick<
  DatasetInfo,
  'type' | 'shape' | 'layout' | 'chunks' | 'filters' | 'external' | 'storageSize' | 'offset'
>

/** Describes the storage of a dataset in half of the time that {@link infoOf} takes, which also reads the fill value. */
export function* storageOf(dataset: { readonly handle: NativeHandle; readonly type: Type }): Operation<StorageInfo> {
  const info = yield* call('dataset.describe', dataset.handle)
  return { ...info, type: dataset.type }
}

// A fill value is stored in a message of the object header, which holds at most 64 KiB.
const largestFill = 2 ** 16

/** Describes a dataset. */
export function* infoOf(dataset: { readonly handle: NativeHandle }): Operation<DatasetInfo> {
  const { fillDefined, type: native, ...info } = yield* call('dataset.describe', dataset.handle)
  const type = fromNative(native)
  const fill =
    fillDefined === 'undefined' || sizeOf(type) > largestFill
      ? null
      : decode(type, yield* call('dataset.fill', dataset.handle, toNative(memoryType(type))))
  return { ...info, maxShape: info.maxShape ?? info.shape, type, fill, fillTold: fillDefined === 'user' }
}
