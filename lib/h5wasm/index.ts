/// <reference types="node" preserve="true" />
/**
 * A drop-in for h5wasm on top of `h5tracks/hdf5`. A Node program that uses h5wasm needs to change one import only.
 * docs/h5wasm.md lists the differences.
 *
 * @module
 */

import { ready } from './module.js'
import { Dataset, DatasetRegion, Datatype, Group } from './objects/classes.js'
import { ACCESS_MODES, File } from './objects/file.js'

export type { FileSystem, FSAnalysis, FSNode, FSStream, WriteOptions } from './fs/fs.js'
export type { ErrnoError } from './fs/fs-error.js'
export { FS, type H5Module, Module, ready } from './module.js'
export { Attribute } from './objects/attribute.js'
export {
  type CreateDatasetArguments,
  Dataset,
  DatasetRegion,
  Datatype,
  type Entity,
  Group,
} from './objects/classes.js'
export { ACCESS_MODES, type ACCESS_MODESTRING, File, type FileOptions } from './objects/file.js'
export { convertToLibverString, type LIBVER_BOUND, type LIBVER_BOUNDS, LIBVER_BOUNDS_MAP } from './objects/libver.js'
export { BrokenSoftLink, ExternalLink } from './objects/links.js'
export { OBJECT_TYPE } from './objects/object-type.js'
export { dtypeToMetadata as dtype_to_metadata } from './values/dtype.js'
export { guess_metadata } from './values/prepare.js'
export { Reference, RegionReference } from './values/reference.js'
export type * from './values/types.js'

export const h5wasm = { File, Group, Dataset, Datatype, DatasetRegion, ready, ACCESS_MODES }

export default h5wasm
