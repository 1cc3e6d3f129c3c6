// The shards of one recording of the workload "rig".
import { join } from 'node:path'
import { TrackingWriter } from '../../dist/library/index.js'
import { rigColumns } from './workload.mjs'

/** Writes shards of `frames` frames, the first of which lacks `odd`, and returns their paths. */
export async function writeShards(directory, shards, frames, odd = 0) {
  const { cameraNames, batches, fish } = rigColumns()
  const paths = []
  for (let shard = 0; shard < shards; shard++) {
    const path = join(directory, `shard-${String(shard).padStart(5, '0')}.h5`)
    const writer = new TrackingWriter(path, cameraNames, { maxFish: fish })
    for (let frame = 0; frame < frames; frame += 1000) {
      const columns = batches[(frame / 1000) % batches.length]
      columns.number(shard * frames + frame)
      const batch = shard === 0 && frame === 0 && odd > 0 ? without(columns.batch(), odd) : columns.batch()
      if (!writer.writeFrames(batch)) await writer.drain()
    }
    await writer.close()
    paths.push(path)
  }
  return paths
}

/** A batch of 1000 frames without the first ones. */
function without(batch, odd) {
  const cut = (column) =>
    ArrayBuffer.isView(column)
      ? column.subarray((column.length / 1000) * odd)
      : Object.fromEntries(Object.entries(column).map(([camera, values]) => [camera, cut(values)]))
  return Object.fromEntries(Object.entries(batch).map(([name, column]) => [name, cut(column)]))
}
