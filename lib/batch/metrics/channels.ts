/** What runs report through `node:diagnostics_channel`. Without a subscriber, a report costs nothing. */
import { channel } from 'node:diagnostics_channel'

/** Published to `h5tracks:batch:claim` when an attempt begins. */
export interface ClaimMessage {
  /** The path or URL of the run, and its last part. */
  run: string
  recording: string
  epoch: number
  /** Number of frames that count already. */
  frames: number
  /** True if an earlier attempt did not seal the run, so that this one continues after its shards. */
  recovered: boolean
}

/** Published to `h5tracks:batch:shard` when a shard counts. */
export interface ShardMessage {
  run: string
  recording: string
  epoch: number
  /** Frames and bytes of the shard. */
  frames: number
  bytes: number
  /** Time that the shard's blocks were encoded, over all threads; that they were committed; and that the shard was published, s. */
  encodeSeconds: number
  commitSeconds: number
  publishSeconds: number
  /** Number of complete shards that wait to be published, this one excluded. */
  queueDepth: number
  /** The longest time that a call waited for a free block, s. */
  longestWaitSeconds: number
  /** Frames of the run that count now. */
  totalFrames: number
}

/** Published to `h5tracks:batch:seal` when a run is complete, and to `h5tracks:batch:fenced` when an attempt was superseded. */
export interface RunMessage {
  run: string
  recording: string
  epoch: number
  frames: number
}

/** The channels by name, for `diagnostics_channel.subscribe`. */
export const channels = {
  claim: 'h5tracks:batch:claim',
  shard: 'h5tracks:batch:shard',
  seal: 'h5tracks:batch:seal',
  fenced: 'h5tracks:batch:fenced',
} as const

const claims = channel(channels.claim)
const shards = channel(channels.shard)
const seals = channel(channels.seal)
const fences = channel(channels.fenced)

export const publishClaim = (message: ClaimMessage): void => claims.publish(message)
export const publishShard = (message: ShardMessage): void => shards.publish(message)
export const publishSeal = (message: RunMessage): void => seals.publish(message)
export const publishFenced = (message: RunMessage): void => fences.publish(message)
