/** The options of `openRun`. */
import { checkInteger, H5TracksError, invalidArgument } from '../base/errors.js'
import type { FrameWriterOptions } from '../frames/write/frame-options.js'
import type { LayoutsByName } from '../frames/write/frame-writer.js'
import { type FileOptions, int32Max, oneOf } from '../frames/write/open/options.js'
import type { Layout } from '../layout/model.js'
import type { WriterOptions } from '../tracking/options.js'
import { layoutOpening, type Opening, trackingOpening } from './contents.js'
import type { PublishedDurability } from './store/folder.js'

/** Options of every run. */
export interface CommonRunOptions {
  /**
   * Number of frames in a shard: a multiple of `chunkFrames`. The last shard may be shorter. An attempt that dies loses at most the
   * frames of its unfinished shard. Default: 50 000, or the nearest multiple of `chunkFrames` below it.
   */
  shardFrames?: number
  /**
   * A folder on a local disk for the unfinished shard and its journal. Default: a folder in `os.tmpdir()`. On the file system of the
   * run, a shard is published without a copy.
   */
  scratch?: string
  /** Ends the attempt: further frames and `seal` are refused with its reason. Shards that are complete are still published. */
  signal?: AbortSignal
  /**
   * What a published shard of a run in a folder survives. 'power' (the default): a loss of power, because the shard, its entry and
   * both names are synced before the shard counts. 'process': the death of processes only.
   */
  durability?: PublishedDurability
}

type InShards<T> = Omit<T, 'overwrite' | 'frameOrder' | 'durability' | 'syncInterval' | 'discardJournal'>

/** Options of a run of tracking files. */
export interface TrackingRunOptions extends CommonRunOptions, InShards<WriterOptions> {
  layout?: undefined
  /** The cameras in their order, as for `TrackingWriter`. */
  cameras: Iterable<string>
}

/** Options of a run of files of another layout, or of several in step. */
export interface FrameRunOptions<L extends Layout | LayoutsByName>
  extends CommonRunOptions,
    InShards<FrameWriterOptions> {
  layout: L
}

/** The options with their defaults. */
export interface CheckedRunOptions {
  opening: Opening
  shardFrames: number
  scratch: string | undefined
  signal: AbortSignal | undefined
  durability: PublishedDurability
}

const defaultShardFrames = 50_000
const fixed = ['overwrite', 'frameOrder', 'syncInterval', 'discardJournal'] as const satisfies (keyof FileOptions)[]

/** Checks the options, before the disk is touched. */
export function checkRunOptions(
  options: TrackingRunOptions | FrameRunOptions<Layout | LayoutsByName>,
): CheckedRunOptions {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', options, 'an object')
  const { shardFrames, scratch, signal, durability = 'power', layout, ...own } = options
  for (const name of fixed) {
    if (!(name in own)) continue
    throw new H5TracksError(`a run has no option ${name}: it adds shards to those that count, in the order of frames`, {
      code: 'ERR_INVALID_ARGUMENT',
      field: name,
    })
  }
  oneOf('durability', durability, ['power', 'process'])
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  if (scratch !== undefined && (typeof scratch !== 'string' || scratch === '')) {
    throw invalidArgument('scratch', scratch, 'the path of a folder')
  }
  // Shards that are shorter than a chunk by default have one chunk.
  const chunkFrames = own.chunkFrames ?? (shardFrames !== undefined && shardFrames < 1000 ? shardFrames : 1000)
  const { cameras, ...rest } = { ...own, chunkFrames }
  const opening =
    layout === undefined
      ? trackingOpening(cameras, rest as WriterOptions)
      : layoutOpening(layout, { ...rest, ...(cameras !== undefined && { cameras }) })
  return { opening, shardFrames: checkShardFrames(shardFrames, chunkFrames), scratch, signal, durability }
}

function checkShardFrames(given: number | undefined, chunkFrames: number): number {
  if (given === undefined) return Math.max(chunkFrames, defaultShardFrames - (defaultShardFrames % chunkFrames))
  checkInteger('shardFrames', given, 1, int32Max)
  if (given % chunkFrames === 0) return given
  throw invalidArgument('shardFrames', given, `a multiple of chunkFrames, ${chunkFrames}`)
}
