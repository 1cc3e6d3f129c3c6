// FrameWriter. `way`: 'records' (writeFrame) or 'columns' (writeFrames) for the seconds from the first frame to the closed file; 'calls'
// for the time of each writeFrame on the main thread, in microseconds, of several `kinds`. `kind`: see support/layouts.mjs; 'rig' is the
// tracking workload by TrackingWriter, for comparison.
import { rmSync, statSync } from 'node:fs'
import { FrameWriter, TrackingWriter } from '../../dist/library/index.js'
import { parameters, report, settle } from '../support/child.mjs'
import { columnWorkload, frameWorkload, rigWorkload } from '../support/layouts.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { CHUNK, RIG } from '../support/workload.mjs'

async function writeRecords(path, count, { layout, options, frames }) {
  const start = performance.now()
  const writer = new FrameWriter(path, layout, { ...options, overwrite: true })
  for (let i = 0; i < count; i++) {
    const [records, perFrame] = frames[i % frames.length]
    if (!writer.writeFrame(i, records, perFrame)) await writer.drain()
  }
  await writer.close()
  return { seconds: (performance.now() - start) / 1000, stats: writer.stats() }
}

async function writeColumns(path, count, { layout, options, batches }) {
  const start = performance.now()
  const writer = new FrameWriter(path, layout, { ...options, overwrite: true })
  const frameIndex = new BigInt64Array(CHUNK)
  const halves = new Int32Array(frameIndex.buffer)
  for (let first = 0; first < count; first += CHUNK) {
    for (let row = 0; row < CHUNK; row++) halves[2 * row] = first + row
    const columns = batches[(first / CHUNK) % batches.length]
    if (!writer.writeFrames({ frameIndex, ...columns })) await writer.drain()
  }
  await writer.close()
  return { seconds: (performance.now() - start) / 1000, stats: writer.stats() }
}

function openers(kind) {
  if (kind !== 'rig') {
    const { layout, options, frames } = frameWorkload(kind)
    const slots = kind === 'tracking' ? { slots: RIG.fish } : {}
    return { open: (path) => new FrameWriter(path, layout, { ...options, ...slots, overwrite: true }), frames }
  }
  const { cameraNames, tracks, fish } = rigWorkload()
  const open = (path) => new TrackingWriter(path, cameraNames, { maxFish: fish, overwrite: true })
  return { open, frames: tracks.map((records) => [records]) }
}

/** Writes some frames and adds the time of each call to `microseconds`. */
async function timeSome(path, count, { open, frames, microseconds }) {
  const writer = open(path)
  for (let i = 0; i < count; i++) {
    const [records, perFrame] = frames[i % frames.length]
    const start = performance.now()
    const more = writer.writeFrame(i, records, perFrame)
    microseconds.push((performance.now() - start) * 1000)
    if (!more) await writer.drain()
  }
  await writer.close()
}

// The kinds take turns in one process, because the machine's speed changes more from process to process than they differ.
async function timeCalls(path, count, kinds) {
  const turns = 5
  const all = kinds.map((kind) => ({ kind, microseconds: [], ...openers(kind) }))
  for (let turn = 0; turn < turns; turn++) for (const each of all) await timeSome(path, count / turns, each)
  const result = ({ kind, microseconds }) => [kind, { median: median(microseconds), p99: quantile(microseconds, 0.99) }]
  return { calls: Object.fromEntries(all.map(result)) }
}

const { path, frames, way, kind, kinds, keep } = parameters()
const action = {
  records: () => writeRecords(path, frames, frameWorkload(kind)),
  columns: () => writeColumns(path, frames, columnWorkload(kind)),
  calls: () => timeCalls(path, frames, kinds),
}[way]
await settle()
const result = await action()
const bytes = statSync(path).size
if (!keep) rmSync(path)
report({ ...result, bytes })
