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

export interface GroupOptions {
  /** Links and attributes can then be told in the order of their making. */
  trackOrder?: boolean
  /**
   * How many attributes stand in the object's header at most, and from how few they come back to it: [8, 6] unless told. Where
   * it is told, attributes of 64 KiB and more have room too, and the order of attributes is tracked if the file's low bound of
   * `libver` is 'earliest': else HDF5 would forget it.
   */
  attributePhase?: readonly [maxCompact: number, minDense: number]
}

/** Where values of a dataset lie in another file. */
export interface ExternalFile {
  /** Relative to the directory of the process, as HDF5 has it. */
  readonly file: string
  /** Bytes. */
  readonly offset?: number
  /** Bytes; null: as many as there are to come. */
  readonly size?: number | null
}

/** What a virtual dataset shows: a part of a dataset, at a place. */
export interface VirtualSource {
  /** '.': this file. */
  readonly file: string
  readonly path: string
  /** Of the whole source. */
  readonly shape: readonly number[]
  /** Of the source; absent: all of it. */
  readonly source?: Selection
  /** Of the dataset that is made; as many elements; absent: all of it. */
  readonly at?: Selection
}

/** What is said of a dataset when it is made. */
export interface DatasetSpec<T extends TypeSpec = TypeSpec> extends GroupOptions {
  type: T
  /** [] for one value; null for a null dataspace, which holds none. Absent: the shape of the data, or []. */
  shape?: readonly number[] | null
  /** null in an axis: no limit. Other than the shape it needs chunks, which are chosen where they are not told. */
  maxShape?: readonly (number | null)[]
  /** Absent: chunked where chunks, filters or a larger maxShape ask for it, else contiguous. */
  layout?: 'compact' | 'contiguous' | 'chunked'
  /** Extent of a chunk along each axis; true: we choose. */
  chunks?: readonly number[] | true
  /** What is read where nothing was written: one value, as `write` takes it. */
  fill?: WritableData
  fillTime?: 'ifset' | 'alloc' | 'never'
  /** When room in the file is taken. */
  allocation?: 'default' | 'early' | 'late' | 'incremental'
  /** What chunks go through on their way into the file, in that order. */
  filters?: readonly Filter[]
  external?: readonly ExternalFile[]
  virtual?: readonly VirtualSource[]
  /** Times of making and change are kept. */
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

/** What native code is told, and what follows of it. */
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

/** Without the axes of the type itself, which nested data has too. */
function shapeOf(type: Type, data: WritableData | undefined): number[] {
  if (data === undefined) return []
  const shape = shapeOfValues(type, data)
  const inner = innerShape(type)
  return shape.length > inner.length && inner.length > 0 && shape.length > 1 ? shape.slice(0, -inner.length) : shape
}

/** @internal What native code is told of a new dataset. Throws ERR_INVALID_ARGUMENT. */
export function nativeSpec(spec: DatasetSpec, data: WritableData | undefined): Created {
  checkOptions('createDataset', spec, known)
  const type = toType(spec.type)
  const shape = spec.shape === null ? null : spec.shape ? checkedShape('shape', spec.shape) : shapeOf(type, data)
  const { type: _type, shape: _shape, maxShape, chunks, fill, filters, external, virtual, ...others } = spec
  const limits = maxShape && shape ? checkedMaxShape(maxShape, shape) : undefined
  const grows = limits?.some((limit, axis) => limit !== shape?.[axis]) ?? false
  const wantsChunks = chunks !== undefined || spec.layout === 'chunked' || (filters?.length ?? 0) > 0 || grows
  if (wantsChunks && (shape === null || shape.length === 0)) {
    throw invalidArgument('shape', shape, 'of at least one axis, for chunks, filters or growth')
  }
  const isChunked = wantsChunks && spec.layout !== 'contiguous' && spec.layout !== 'compact' && !external && !virtual
  const told = {
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
    // Of most there is nothing to tell, and property lists take time.
    creation: Object.keys(told).length > 0 ? told : null,
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
