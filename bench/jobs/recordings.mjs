// Recordings in memory, each written `rounds` times by a process that has written them before: seconds from open to
// closed, and of processor time of all threads.
import { readFileSync, rmSync } from 'node:fs'
import { TrackingWriter } from '../../dist/library/index.js'
import { cpuSeconds, parameters, report, settle } from '../support/child.mjs'

const { path, sources, warmup, rounds } = parameters()
const recordings = sources.map((source) => JSON.parse(readFileSync(source, 'utf8')))
const seconds = recordings.map(() => [])
const cpu = recordings.map(() => [])
await settle()
for (let round = 0; round < warmup + rounds; round++) {
  for (const [i, { cameras, maxFish, frames }] of recordings.entries()) {
    const name = `${path}.${i}.h5`
    rmSync(name, { force: true })
    const used = process.cpuUsage()
    const start = performance.now()
    const writer = new TrackingWriter(name, cameras, { maxFish })
    for (const [index, tracks] of frames) if (!writer.writeFrame(index, tracks)) await writer.drain()
    await writer.close()
    seconds[i].push((performance.now() - start) / 1000)
    cpu[i].push(cpuSeconds(used))
  }
}
report({ seconds: seconds.map((times) => times.slice(warmup)), cpu: cpu.map((times) => times.slice(warmup)) })
