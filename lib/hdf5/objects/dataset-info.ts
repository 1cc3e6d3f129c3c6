import type { NativeDatasetInfo, NativeHandle } from '../../native/native.js'
import { call, type Operation } from '../../native/operation.js'
import { decode } from '../values/decode.js'
import type { FilterInfo } from '../values/filters.js'
import { memoryType } from '../values/memory-type.js'
import { fromNative, sizeOf, toNative } from '../values/type-spec.js'
import type { Data, Type } from '../values/types.js'
import type { ExternalFile } from './creation.js'

/** What a dataset is and how it is stored. */
export interface DatasetInfo {
  type: Type
  /** null: a null dataspace. [] a scalar. */
  shape: number[] | null
  /** null in an axis: unlimited. */
  maxShape: (number | null)[] | null
  layout: 'compact' | 'contiguous' | 'chunked' | 'virtual'
  chunks: number[] | null
  /** In the order in which chunks go through them on their way into the file. */
  filters: FilterInfo[]
  /**
   * What is read where nothing was written, one element; null where that is undefined, and where an element has more than
   * 64 KiB: no file can say more, and what is read is zeros.
   */
  fill: Data | null
  /** Whether the fill value was told when it was made. */
  fillTold: boolean
  fillTime: 'ifset' | 'alloc' | 'never'
  allocation: 'default' | 'early' | 'late' | 'incremental'
  external: Required<ExternalFile>[]
  /** Selections as HDF5 has them: { start, step, count, block }, { corners }, or null for all. */
  virtual: NativeDatasetInfo['virtual']
  trackOrder: boolean
  attributePhase: [maxCompact: number, minDense: number]
  trackTimes: boolean
  /** Bytes in the file. */
  storageSize: number
  /** Where contiguous values begin in the file. */
  offset: number | null
}

// It stands in a message of an object's header.
const largestFill = 2 ** 16

/** @internal */
export function* infoOf(dataset: { readonly handle: NativeHandle }): Operation<DatasetInfo> {
  const { fillDefined, type: native, ...info } = yield* call('dataset.describe', dataset.handle)
  const type = fromNative(native)
  const fill =
    fillDefined === 'undefined' || sizeOf(type) > largestFill
      ? null
      : decode(type, yield* call('dataset.fill', dataset.handle, toNative(memoryType(type))))
  return { ...info, maxShape: info.maxShape ?? info.shape, type, fill, fillTold: fillDefined === 'user' }
}
