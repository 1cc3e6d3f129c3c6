/** `h5tracks/hdf5`: HDF5 in Node. */
export { H5TracksError, type H5TracksErrorFields, type Hdf5ErrorEntry } from '../errors.js'
export type { ChunkInfo, LinkInfo } from '../native.js'
export type { AttributeValue, WritableAttributeValue } from './attribute-value.js'
export type { AttributeOptions, Attributes } from './attributes.js'
export type { DatasetSpec, ExternalFile, GroupOptions, VirtualSource } from './creation.js'
export { type Chunk, type ChunksOptions, Dataset, type RawChunk } from './dataset.js'
export type { DatasetInfo } from './dataset-info.js'
export {
  File,
  type FileCreation,
  type FileMode,
  type FileOptions,
  type LibraryVersion,
  type MemoryFileOptions,
} from './file.js'
export type { Filter, FilterInfo } from './filters.js'
export { type AnyObject, type CopyOptions, Group, type LinkTarget } from './group.js'
export { NamedType } from './named-type.js'
export { HObject, type ObjectInfo } from './object.js'
export { loadFilterPlugins } from './plugins.js'
export { Reference } from './reference.js'
export type { AxisSelection, Range, Selection } from './selection.js'
export type { Abortable, ReadOptions, WriteOptions } from './transfer.js'
export { spell, toType } from './type-spec.js'
export type * from './types.js'
export type { BigintOption } from './values.js'
export type { Damage } from './verify.js'
