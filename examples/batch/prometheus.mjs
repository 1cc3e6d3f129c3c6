// Metrics of runs for Prometheus: import this file in each worker, and serve `await register.metrics()`. Needs prom-client.
import { subscribe } from 'node:diagnostics_channel'
import { channels } from 'h5tracks/batch'
import { Counter, Gauge, Histogram, register } from 'prom-client'

const frames = new Counter({ name: 'h5tracks_frames_total', help: 'Frames that count' })
const bytes = new Counter({ name: 'h5tracks_bytes_total', help: 'Bytes of shards' })
const encode = new Counter({ name: 'h5tracks_encode_seconds_total', help: 'Time of all encoder threads' })
const commit = new Counter({ name: 'h5tracks_commit_seconds_total', help: 'Time of commits to the scratch disk' })
const publish = new Histogram({ name: 'h5tracks_publish_seconds', help: 'Time to publish a shard' })
const queue = new Gauge({ name: 'h5tracks_queue_depth', help: 'Complete shards that wait' })
const wait = new Gauge({ name: 'h5tracks_longest_wait_seconds', help: 'Longest wait for a free block' })
const fenced = new Counter({ name: 'h5tracks_fenced_total', help: 'Attempts that a later one superseded' })
const recovered = new Counter({ name: 'h5tracks_recovered_total', help: 'Attempts that continued a run' })

subscribe(channels.shard, (message) => {
  const shard = /** @type {import('h5tracks/batch').ShardMessage} */ (message)
  frames.inc(shard.frames)
  bytes.inc(shard.bytes)
  encode.inc(shard.encodeSeconds)
  commit.inc(shard.commitSeconds)
  publish.observe(shard.publishSeconds)
  queue.set(shard.queueDepth)
  wait.set(shard.longestWaitSeconds)
})
subscribe(channels.fenced, () => fenced.inc())
subscribe(channels.claim, (claim) => /** @type {any} */ (claim).recovered && recovered.inc())

export { register }
