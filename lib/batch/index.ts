/// <reference types="node" preserve="true" />
/** `h5tracks/batch`: many recordings, many workers that may die, and output in which every frame counts once. */

export { type PublishOptions, type PublishReport, publish } from '../remote/publish/publish.js'
export type { PublishTarget } from '../remote/publish/target.js'
export * from '../scale/index.js'
export type { RecordedError, RunContents, ShardEntry } from './log/entry.js'
export { markDead } from './log/mark-dead.js'
export { type Run, readRun, type Shard } from './log/read-run.js'
export { type ClaimMessage, channels, type RunMessage, type ShardMessage } from './metrics/channels.js'
export { type FrameRunWriter, openRun, type TrackingRunWriter } from './open-run.js'
export type { CommonRunOptions, FrameRunOptions, TrackingRunOptions } from './options.js'
export { runPool } from './pool/pool.js'
export type { Attempt, DeadRecording, PoolOptions, PoolProgress, PoolResult, Work } from './pool/types.js'
export { RunWriter } from './run-writer.js'
export { FolderStore, type PublishedDurability } from './store/folder.js'
export { type S3ClientLike, type S3Place, s3Store } from './store/s3.js'
export type { Location, Store, Stored } from './store/store.js'
export type { RunTarget } from './store/target.js'
