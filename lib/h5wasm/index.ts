/**
 * h5wasm's names and signatures on the library of `h5tracks/hdf5`: a program for Node that uses h5wasm runs on it with one import
 * changed. What differs is in docs/h5wasm.md.
 *
 * @module
 */
import { ACCESS_MODES, Dataset, DatasetRegion, Datatype, File, Group } from './internal.js'
import { ready } from './module.js'

export { Attribute } from './attribute.js'
export { dtypeToMetadata as dtype_to_metadata } from './dtype.js'
export type { FileSystem, FSAnalysis, FSNode, FSStream, WriteOptions } from './fs.js'
export type { ErrnoError } from './fs-error.js'
export {
  ACCESS_MODES,
  type ACCESS_MODESTRING,
  BrokenSoftLink,
  type CreateDatasetArguments,
  Dataset,
  DatasetRegion,
  Datatype,
  type Entity,
  ExternalLink,
  File,
  type FileOptions,
  Group,
  OBJECT_TYPE,
} from './internal.js'
export { convertToLibverString, type LIBVER_BOUND, type LIBVER_BOUNDS, LIBVER_BOUNDS_MAP } from './libver.js'
export { FS, type H5Module, Module, ready } from './module.js'
export { guess_metadata } from './prepare.js'
export { Reference, RegionReference } from './reference.js'
export type * from './types.js'

export const h5wasm = { File, Group, Dataset, Datatype, DatasetRegion, ready, ACCESS_MODES }

export default h5wasm
