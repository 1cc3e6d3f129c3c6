/** Creation properties of groups and datasets. */
import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import type { NativeHandle, NativeType } from '../../native/native.js'
import { defaultChunks } from '../values/default-chunks.js'
import { encode } from '../values/encode.js'
import { type Filter, nativeFilters } from '../values/filters.js'
import { memoryTypeToWrite } from '../values/memory-type.js'
import { resolveSelection, type Selection } from '../values/selection.js'
import { innerShape, shapeOfValues } from '../values/shaped-values.js'
import { isNamed, sizeOf, toNative, toType } from '../values/type-spec.js'
import type { Type, TypeSpec, WritableData } from '../values/types.js'

/** Options for creating a group. */
export interface GroupOptions {
  /** Track the creation order of links and attributes, so that they can be listed in it. */
  trackOrder?: boolean
  /**
   * `maxCompact`: the largest number of attributes stored in the object header; with more, they move to dense storage. `minDense`:
   * with fewer, they move back. Default: [8, 6]. If this option is given, attributes of 64 KiB and more are possible too, and, if
   * the low bound of `libver` is 'earliest', the creation order of attributes is tracked, because HDF5 would otherwise lose the
   * option.
   */
  attributePhase?: readonly [maxCompact: number, minDense: number]
}

/** A part of another file that stores values of a dataset (HDF5's external storage). */
export interface ExternalFile {
  /** Path of the file; as in HDF5, relative to the working directory of the process. */
  readonly file: string
  /** Where the values begin in the file, bytes. Default: 0. */
  readonly offset?: number
  /** Size of the values in the file, bytes; null for no limit. Default: null. */
  readonly size?: number | null
}

/** A mapping of a virtual dataset: shows a part of a source dataset at a position. */
export interface VirtualSource {
  /** Path of the source file; '.' for this file. */
  readonly file: string
  /** Path of the source dataset in it. */
  readonly path: string
  /** Shape of the whole source dataset. */
  readonly shape: readonly number[]
  /** The part of the source to show. Default: all of it. */
  readonly source?: Selection
  /** The part of the virtual dataset that shows it, with the same number of elements. Default: all of it. */
  readonly at?: Selection
}

/** Type, shape and creation properties of a new dataset. */
export interface DatasetSpec<T extends TypeSpec = TypeSpec> extends GroupOptions {
  /** The type of the elements. */
  type: T
  /** The shape: [] for a scalar, null for a null dataspace, which holds no value. Default: the shape of the data, or []. */
  shape?: readonly number[] | null
  /** The largest extent of each axis; null for no limit. An extent above that of the shape needs chunks. Default: the shape. */
  maxShape?: readonly (number | null)[]
  /** Default: chunked if `chunks`, `filters` or `maxShape` require it, else contiguous. */
  layout?: 'compact' | 'contiguous' | 'chunked'
  /** Extent of a chunk along each axis; true for a default of about 256 KiB. */
  chunks?: readonly number[] | true
  /** The fill value, which is read where nothing was written: one element, as `write` takes it. */
  fill?: WritableData
  /** When the fill value is written to the file (H5Pset_fill_time). */
  fillTime?: 'ifset' | 'alloc' | 'never'
  /** When space in the file is allocated (H5Pset_alloc_time). */
  allocation?: 'default' | 'early' | 'late' | 'incremental'
  /** The filters that encode chunks, in the order in which they are applied when writing. */
  filters?: readonly Filter[]
  /** Store the values in other files. */
  external?: readonly ExternalFile[]
  /** Make a virtual dataset of these sources. */
  virtual?: readonly VirtualSource[]
  /** Store the times of creation and modification. */
  trackTimes?: boolean
}

const known = [
  'type',
  'shape',
  'maxShape',
  'layout',
  'chunks',
  'fill',
  'fillTime',
  'allocation',
  'filters',
  'external',
  'virtual',
  'trackTimes',
  'trackOrder',
  'attributePhase',
]

/** The arguments for native code that creates a dataset, and the type made from the spec. */
export interface Created {
  type: Type
  native: NativeType | NativeHandle
  shape: number[] | null
  maxShape: (number | null)[] | null
  creation: object | null
}

function checkedShape(name: string, shape: readonly number[]): number[] {
  if (!Array.isArray(shape)) throw invalidArgument(name, shape, 'a list of extents')
  return shape.map((extent, axis) => checkInteger(`${name}[${axis}]`, extent, 0, Number.MAX_SAFE_INTEGER))
}

function checkedMaxShape(maxShape: readonly (number | null)[], shape: readonly number[]): (number | null)[] {
  if (!Array.isArray(maxShape) || maxShape.length !== shape.length) {
    throw invalidArgument('maxShape', maxShape, `a list of ${shape.length} extents`)
  }
  return maxShape.map((extent: number | null, axis) =>
    extent === null ? null : checkInteger(`maxShape[${axis}]`, extent, shape[axis] as number, Number.MAX_SAFE_INTEGER),
  )
}

function checkedChunks(chunks: readonly number[], shape: readonly number[]): number[] {
  if (!Array.isArray(chunks) || chunks.length !== shape.length) {
    throw invalidArgument('chunks', chunks, `true, or a list of ${shape.length} extents of at least 1`)
  }
  return chunks.map((extent, axis) => checkInteger(`chunks[${axis}]`, extent, 1, 2 ** 32 - 1))
}

/** The shape of data, without the dimensions of an array type, which nested data has too. */
function shapeOf(type: Type, data: WritableData | undefined): number[] {
  if (data === undefined) return []
  const shape = shapeOfValues(type, data)
  const inner = innerShape(type)
  return shape.length > inner.length && inner.length > 0 && shape.length > 1 ? shape.slice(0, -inner.length) : shape
}

/** Converts the spec of a dataset for native code. Throws ERR_INVALID_ARGUMENT. */
export function nativeSpec(spec: DatasetSpec, data: WritableData | undefined): Created {
  checkOptions('createDataset', spec, known)
  const type = toType(spec.type)
  const shape = spec.shape === null ? null : spec.shape ? checkedShape('shape', spec.shape) : shapeOf(type, data)
  const { type: _type, shape: _shape, maxShape, chunks, fill, filters, external, virtual, ...others } = spec
  const limits = maxShape && shape ? checkedMaxShape(maxShape, shape) : undefined
  const grows = limits?.some((limit, axis) => limit !== shape?.[axis]) ?? false
  const wantsChunks = chunks !== undefined || spec.layout === 'chunked' || (filters?.length ?? 0) > 0 || grows
  if (wantsChunks && (shape === null || shape.length === 0)) {
    throw invalidArgument(
      'shape',
      shape,
      'a shape with at least one axis, because the dataset has chunks, filters or a larger maxShape',
    )
  }
  const isChunked = wantsChunks && spec.layout !== 'contiguous' && spec.layout !== 'compact' && !external && !virtual
  const properties = {
    ...others,
    ...(isChunked && shape && { layout: 'chunked', chunks: chosenChunks(chunks, shape, limits ?? shape, type) }),
    ...(fill !== undefined && { fill: nativeFill(type, fill) }),
    ...(filters && { filters: nativeFilters(filters) }),
    ...(external && { external: external.map(({ file, offset = 0, size = null }) => ({ file, offset, size })) }),
    ...(virtual && shape && { virtual: virtual.map((source) => nativeSource(source, shape)) }),
  }
  return {
    type,
    native: isNamed(spec.type) ? spec.type.handle : toNative(type),
    shape,
    maxShape: limits ?? null,
    // null for the defaults, because property lists take time.
    creation: Object.keys(properties).length > 0 ? properties : null,
  }
}

function chosenChunks(
  chunks: readonly number[] | true | undefined,
  shape: readonly number[],
  limits: readonly (number | null)[],
  type: Type,
): number[] {
  if (chunks === undefined || chunks === true) return defaultChunks(shape, limits, sizeOf(type))
  return checkedChunks(chunks, shape)
}

function nativeFill(type: Type, fill: WritableData): object {
  return { type: toNative(memoryTypeToWrite(type)), column: encode(type, fill, 1, 'fill') }
}

function nativeSource({ file, path, shape, source, at }: VirtualSource, extent: readonly number[]): object {
  const from = resolveSelection(source, shape)
  const to = resolveSelection(at, extent)
  return { file, path, sourceShape: checkedShape('virtual.shape', shape), source: from.native, at: to.native }
}
