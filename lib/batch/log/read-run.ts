/** `readRun`: what a run consists of. */
import { basename } from 'node:path'
import { H5TracksError } from '../../base/errors.js'
import type { Location } from '../store/store.js'
import { type RunTarget, storeOf } from '../store/target.js'
import type { RecordedError, RunContents, ShardEntry } from './entry.js'
import { RunLog } from './log.js'

/** A shard that counts: an immutable file of the run's layout. Its place is `path` (a file) or `url` (an object). */
export type Shard = ShardEntry & Location

/** A run as its log describes it. */
export interface Run {
  /** The last part of the run's name: that of its folder, or of its prefix. */
  readonly recording: string
  /** The path or URL of the run. */
  readonly name: string
  /**
   * 'open': it is being written, or waits for the next attempt. 'sealed': it is complete and does not change. 'dead': it was given up
   * after its last attempt, see `lastError`.
   */
  readonly state: 'open' | 'sealed' | 'dead'
  /** Number of frames in the shards. */
  readonly frames: number
  /** The shards that count, in order. Files of superseded attempts are not among them. */
  readonly shards: readonly Shard[]
  /** What all shards have in common; null before the first attempt. */
  readonly contents: RunContents | null
  /** Number of attempts so far. */
  readonly attempts: number
  /** The error that ended the last attempt of a run that was given up. */
  readonly lastError: RecordedError | null
}

/**
 * Reads the log of a run: its state, and the shards that count. Rejects with ERR_NOT_FOUND if the target has no log, with ERR_FORMAT if
 * the log is damaged, and with errors of the store.
 */
export async function readRun(target: RunTarget): Promise<Run> {
  const log = new RunLog(storeOf(target))
  await log.refresh()
  if (log.state.number === 0) {
    throw new H5TracksError(`${log.store.name} is no run: it has no log. openRun begins one`, {
      code: 'ERR_NOT_FOUND',
      path: log.store.name,
    })
  }
  return describeRun(log)
}

/** A run as the entries describe it that were read so far. */
export function describeRun({ store, state: log }: RunLog): Run {
  const { state, frames, shards, contents, attempts, lastError } = log
  return {
    recording: basename(store.name),
    name: store.name,
    ...{ state, frames, contents, attempts, lastError },
    shards: shards.map((shard) => ({ ...shard, ...store.locate(shardKey(shard.name)) })),
  }
}

export const shardKey = (name: string): string => `shards/${name}`
