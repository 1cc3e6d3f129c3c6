// Metrics of runs for OpenTelemetry: import this file in each worker, after the SDK is set up. Needs @opentelemetry/api.
import { subscribe } from 'node:diagnostics_channel'
import { metrics } from '@opentelemetry/api'
import { channels } from 'h5tracks/batch'

const meter = metrics.getMeter('h5tracks')
const seconds = { unit: 's' }
const frames = meter.createCounter('h5tracks.frames')
const bytes = meter.createCounter('h5tracks.bytes', { unit: 'By' })
const encode = meter.createCounter('h5tracks.encode', seconds)
const commit = meter.createCounter('h5tracks.commit', seconds)
const publish = meter.createHistogram('h5tracks.publish', seconds)
const queue = meter.createHistogram('h5tracks.queue')
const wait = meter.createHistogram('h5tracks.wait', seconds)
const ends = meter.createCounter('h5tracks.attempts')

subscribe(channels.shard, (message) => {
  const shard = /** @type {import('h5tracks/batch').ShardMessage} */ (message)
  frames.add(shard.frames)
  bytes.add(shard.bytes)
  encode.add(shard.encodeSeconds)
  commit.add(shard.commitSeconds)
  publish.record(shard.publishSeconds)
  queue.record(shard.queueDepth)
  wait.record(shard.longestWaitSeconds)
})
for (const kind of /** @type {const} */ (['fenced', 'seal', 'claim']))
  subscribe(channels[kind], () => ends.add(1, { kind }))
