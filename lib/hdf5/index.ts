/// <reference types="node" preserve="true" />
/** `h5tracks/hdf5`: a general binding to HDF5. Each call has a promised form `x()` and a blocking form `xSync()`. */
export { H5TracksError, type H5TracksErrorFields, type Hdf5ErrorEntry } from '../base/errors.js'
export type { ChunkInfo, LinkInfo } from '../native/native.js'
export type { RemoteOptions } from '../remote/options.js'
export type { AttributeOptions, Attributes } from './objects/attributes.js'
export type { DatasetSpec, ExternalFile, GroupOptions, VirtualSource } from './objects/creation.js'
export { type Chunk, type ChunksOptions, Dataset, type RawChunk } from './objects/dataset.js'
export type { DatasetInfo } from './objects/dataset-info.js'
export type { Abortable, ReadOptions, WriteOptions } from './objects/dataset-io.js'
export {
  File,
  type FileCreation,
  type FileMode,
  type FileOptions,
  type LibraryVersion,
  type MemoryFileOptions,
  type RemoteFileOptions,
} from './objects/file.js'
export { type AnyObject, type CopyOptions, Group, type LinkTarget } from './objects/group.js'
export { NamedType } from './objects/named-type.js'
export { HObject, type ObjectInfo } from './objects/object.js'
export { loadFilterPlugins } from './objects/plugins.js'
export type { Damage } from './objects/verify.js'
export type { AttributeValue, NestedList, WritableAttributeValue } from './values/attribute-value.js'
export type { Filter, FilterInfo } from './values/filters.js'
export { Reference } from './values/reference.js'
export type { AxisSelection, Range, Selection } from './values/selection.js'
export type { BigintOption } from './values/shaped-values.js'
export { spell, toType } from './values/type-spec.js'
export type * from './values/types.js'
