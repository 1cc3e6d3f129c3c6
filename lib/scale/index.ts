/** One logical dataset out of the files of a run. */
export {
  type ConcatLayout,
  type ConcatOptions,
  type ConcatProgress,
  type ConcatReport,
  concat,
} from './concat/concat.js'
export type { ShardFiles } from './shards/files.js'
