// Exports shards of the simulated rig to Parquet and prints the peak of the process's memory. Usage: FOLDER FRAMES SHARDS
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TrackingWriter } from 'h5tracks'
import { writeParquet } from 'h5tracks/batch'
import { Rig } from '../../dist/simulate/rig.js'

const [, , folder = '', frames = '', shards = ''] = process.argv
const each = Number(frames) / Number(shards)

// Another process writes the shards, so that the memory is that of the export.
if (process.argv[5] === 'write') {
  const rig = new Rig({ frames: 500 })
  const distinct = [...rig.frames()]
  mkdirSync(folder, { recursive: true })
  for (let shard = 0, frame = 0; shard < Number(shards); shard++) {
    const writer = new TrackingWriter(join(folder, `${shard}.h5`), rig.cameraNames)
    for (const end = frame + each; frame < end; frame++) {
      const { tracks } = distinct[frame % distinct.length] ?? { tracks: [] }
      if (!writer.writeFrame(frame, tracks)) await writer.drain()
    }
    await writer.close()
  }
} else {
  const files = Array.from({ length: Number(shards) }, (_, shard) => join(folder, `${shard}.h5`))
  const out = join(folder, 'data')
  rmSync(out, { recursive: true, force: true })
  const start = performance.now()
  const { tables } = await writeParquet(files, out, { recording: 'rig' })
  const seconds = (performance.now() - start) / 1000
  console.log(JSON.stringify({ tables, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }))
}
