/** One logical dataset out of the files of a run. */
export {
  type ConcatLayout,
  type ConcatOptions,
  type ConcatProgress,
  type ConcatReport,
  concat,
} from './concat/concat.js'
export { type ParquetOptions, type ParquetReport, type ParquetTable, writeParquet } from './parquet/write-parquet.js'
export {
  type CheckReferencesOptions,
  checkReferences,
  type ReferenceProblem,
  type ReferencesCheck,
} from './references/check-references.js'
export type { LeftOut } from './references/metadata.js'
export { type ReferencesOptions, type ReferencesReport, writeReferences } from './references/write-references.js'
export type { ShardFile, ShardFiles } from './shards/files.js'
export type { JoinOptions } from './shards/options.js'
export { checkVirtual, type VirtualCheck, type VirtualProblem } from './virtual/check-virtual.js'
export { type VirtualReport, writeVirtual } from './virtual/write-virtual.js'
